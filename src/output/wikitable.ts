import type { Column } from '../protocol/column.js';
import { TextTable } from './text-table.js';

/** `&#33;` for `!`. */
const entityOf = (byte: number) => Buffer.from(`&#${byte};`);

/** Bytes that may begin or end markup wherever they stand, and what stands for them. */
const substitutes: (Buffer | undefined)[] = [];
for (const character of "|!{}[]'~") {
  substitutes[character.charCodeAt(0)] = entityOf(character.charCodeAt(0));
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
/** What begins a list, a heading, a rule or a row where it stands first in a line. */
const lineMarks = Buffer.from('*#:;=-+');
/** The words that, with a number behind a blank, are links. */
const linkWords = ['RFC', 'PMID', 'ISBN'];

/**
 * A table of MediaWiki for each result set (https://www.mediawiki.org/wiki/Help:Tables), with an
 * empty line between two. What could be markup is written as entities, so that a page shows the value:
 * marks of tables, templates, links, tags, lists, headings and signatures, `__WORDS__`, addresses
 * (`https:…`) and links such as `RFC 1`. A newline is `<br>`; blanks around a value are kept. NULL is
 * `''NULL''`, which no value can be. BIT columns are numbers; other bytes stay as they are.
 */
export class WikitableFormat extends TextTable {
  end(): void {
    this.out.appendText('|}\n');
  }

  protected head(columns: Column[]): void {
    this.out.appendText('{| class="wikitable"\n');
    for (const { name } of columns) this.#line('! ', name, 0, name.length);
  }

  protected beginRow(): void {
    this.out.appendText('|-\n');
  }

  protected endRow(): void {}

  protected nullCell(): void {
    this.out.appendText("| ''NULL''\n");
  }

  protected cell(bytes: Uint8Array, start: number, end: number): void {
    this.#line('| ', bytes, start, end);
  }

  #line(mark: '! ' | '| ', bytes: Uint8Array, start: number, end: number): void {
    this.out.appendText(mark);
    this.value(bytes, start, end, longestSubstitute, (at) => substituteAt(bytes, start, at, end));
    this.out.appendText('\n');
  }
}

/** What stands for the byte at `at` of the cell `bytes[start … end)`; undefined: the byte itself. */
function substituteAt(
  bytes: Uint8Array,
  start: number,
  at: number,
  end: number,
): Buffer | undefined {
  const byte = bytes[at] as number;
  const before = at > start ? (bytes[at - 1] as number) : undefined;
  const next = at + 1 < end ? (bytes[at + 1] as number) : undefined;
  switch (byte) {
    case 0x0d:
      // A carriage return alone ends a line too.
      return next === 0x0a ? substitutes[byte] : lineBreak;
    case underscore:
      return before === underscore || next === underscore ? entityOf(byte) : undefined;
    case space: {
      const isAround = before === undefined || next === undefined || isLineEnd(before);
      return isAround || isBehindLinkWord(bytes, start, at) ? entityOf(byte) : undefined;
    }
    case colon:
      if (isLetter(before)) return entityOf(byte);
  }
  const isFirst = before === undefined || isLineEnd(before);
  if (isFirst && lineMarks.includes(byte)) return entityOf(byte);
  return substitutes[byte];
}

function isLineEnd(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}

/** A scheme, such as that of `mailto:x`, ends in a letter. */
function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z]/.test(String.fromCharCode(byte));
}

function isBehindLinkWord(bytes: Uint8Array, start: number, at: number): boolean {
  const word = Buffer.from(bytes.subarray(Math.max(start, at - 4), at)).toString('latin1');
  return linkWords.some((linkWord) => word.endsWith(linkWord));
}
