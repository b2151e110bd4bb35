import type { Column } from '../protocol/column.js';
import { TextTable } from './text-table.js';

/** Returns the HTML entity of a byte, such as `&#33;` for `!`. */
const toEntity = (byte: number) => Buffer.from(`&#${byte};`);

/** The substitutes of the bytes that can begin or end markup at any position. */
const substitutes: (Buffer | undefined)[] = [];
for (const character of "|!{}[]'~") {
  substitutes[character.charCodeAt(0)] = toEntity(character.charCodeAt(0));
}
substitutes[0x00] = Buffer.from(' ');
substitutes[0x0a] = Buffer.from('<br>');
substitutes[0x0d] = Buffer.from('');
substitutes[0x26] = Buffer.from('&amp;');
substitutes[0x3c] = Buffer.from('&lt;');
substitutes[0x3e] = Buffer.from('&gt;');

const lineBreak = substitutes[0x0a];
const longestSubstitute = 6;
const space = 0x20;
const colon = 0x3a;
const underscore = 0x5f;
/** The characters that begin a list, a heading, a rule or a row at the start of a line. */
const lineMarks = Buffer.from('*#:;=-+');
/** MediaWiki turns these words into links if a space and a number follow. */
const linkWords = ['RFC', 'PMID', 'ISBN'];

/**
 * Writes each result set as a MediaWiki table (https://www.mediawiki.org/wiki/Help:Tables), with an
 * empty line between two tables. Possible markup is written as entities, so that a page displays
 * the value unchanged: tables, templates, links, tags, lists, headings, signatures, `__WORDS__`,
 * URLs (`https:…`) and links such as `RFC 1`. A newline becomes `<br>`; leading and trailing spaces
 * are kept. NULL is `''NULL''`, which no escaped value equals. BIT values are written as numbers;
 * other bytes stay unchanged.
 */
export class WikitableFormat extends TextTable {
  end(): void {
    this.out.appendText('|}\n');
  }

  protected writeHead(columns: Column[]): void {
    this.out.appendText('{| class="wikitable"\n');
    for (const { name } of columns) this.#writeLine('! ', name, 0, name.length);
  }

  protected beginRow(): void {
    this.out.appendText('|-\n');
  }

  protected endRow(): void {}

  protected writeNull(): void {
    this.out.appendText("| ''NULL''\n");
  }

  protected writeCell(bytes: Uint8Array, start: number, end: number): void {
    this.#writeLine('| ', bytes, start, end);
  }

  #writeLine(mark: '! ' | '| ', bytes: Uint8Array, start: number, end: number): void {
    this.out.appendText(mark);
    this.writeValue(bytes, start, end, longestSubstitute, (position) =>
      substituteAt(bytes, start, position, end),
    );
    this.out.appendText('\n');
  }
}

/**
 * Returns the substitute of the byte at `position` of the cell `bytes[start … end)`; undefined if
 * the byte stays unchanged.
 */
function substituteAt(
  bytes: Uint8Array,
  start: number,
  position: number,
  end: number,
): Buffer | undefined {
  const byte = bytes[position] as number;
  const previous = position > start ? (bytes[position - 1] as number) : undefined;
  const next = position + 1 < end ? (bytes[position + 1] as number) : undefined;
  switch (byte) {
    case 0x0d:
      // A carriage return alone is a line break, too.
      return next === 0x0a ? substitutes[byte] : lineBreak;
    case underscore:
      return previous === underscore || next === underscore ? toEntity(byte) : undefined;
    case space: {
      const isAtEdge = previous === undefined || next === undefined || isLineEnd(previous);
      return isAtEdge || followsLinkWord(bytes, start, position) ? toEntity(byte) : undefined;
    }
    case colon:
      if (isLetter(previous)) return toEntity(byte);
  }
  const isFirst = previous === undefined || isLineEnd(previous);
  if (isFirst && lineMarks.includes(byte)) return toEntity(byte);
  return substitutes[byte];
}

function isLineEnd(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}

/** URL schemes, such as `mailto` in `mailto:x`, end with a letter. */
function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z]/.test(String.fromCharCode(byte));
}

function followsLinkWord(bytes: Uint8Array, start: number, position: number): boolean {
  const word = Buffer.from(bytes.subarray(Math.max(start, position - 4), position)).toString(
    'latin1',
  );
  return linkWords.some((linkWord) => word.endsWith(linkWord));
}
