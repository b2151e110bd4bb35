import { type Column, isNumeric } from '../protocol/column.js';
import { kindOf } from './column-kinds.js';
import { TextTable } from './text-table.js';

/** The substitutes of the bytes that are markup in Markdown. */
const substitutes: (Buffer | undefined)[] = [];
for (const character of '\\`*[]|~') {
  substitutes[character.charCodeAt(0)] = Buffer.from(`\\${character}`);
}
substitutes[0x00] = Buffer.from(' ');
substitutes[0x0a] = Buffer.from('<br>');
substitutes[0x0d] = Buffer.from('');
substitutes[0x26] = Buffer.from('&amp;');
substitutes[0x3c] = Buffer.from('&lt;');
const escapedUnderscore = Buffer.from('\\_');
const underscore = 0x5f;
const longestSubstitute = 5;

/**
 * Writes each result set as a table in GitHub-flavored Markdown, with an empty line between two
 * tables. Markup in values is escaped, a newline becomes `<br>`, and NULL is `*NULL*`, which no
 * escaped value equals. Numbers are right-aligned.
 */
export class MarkdownFormat extends TextTable {
  end(): void {}

  protected writeHead(columns: Column[]): void {
    for (const { name } of columns) this.writeCell(name, 0, name.length);
    this.endRow();
    for (const column of columns) {
      const isRightAligned = isNumeric(column) || kindOf(column) === 'bit';
      this.out.appendText(isRightAligned ? '| ---: ' : '| --- ');
    }
    this.endRow();
  }

  protected beginRow(): void {}

  protected endRow(): void {
    this.out.appendText('|\n');
  }

  protected writeNull(): void {
    this.out.appendText('| *NULL* ');
  }

  protected writeCell(bytes: Uint8Array, start: number, end: number): void {
    this.out.appendText('| ');
    this.writeValue(bytes, start, end, longestSubstitute, (position) =>
      bytes[position] === underscore && !isWithinWord(bytes, start, position, end)
        ? escapedUnderscore
        : substituteFor(bytes, position, end),
    );
    this.out.appendText(' ');
  }
}

/** Returns the substitute of a byte, if any. A carriage return alone is a line break, too. */
function substituteFor(bytes: Uint8Array, position: number, end: number): Buffer | undefined {
  const byte = bytes[position] as number;
  if (byte === 0x0d && !(position + 1 < end && bytes[position + 1] === 0x0a))
    return substitutes[0x0a];
  return substitutes[byte];
}

/** An underscore between letters or digits is not markup. */
function isWithinWord(bytes: Uint8Array, start: number, position: number, end: number): boolean {
  return (
    position > start &&
    position + 1 < end &&
    isWordCharacter(bytes[position - 1]) &&
    isWordCharacter(bytes[position + 1])
  );
}

function isWordCharacter(byte: number | undefined): boolean {
  return byte !== undefined && /[0-9A-Za-z]/.test(String.fromCharCode(byte));
}
