import { type Column, isNumeric } from '../protocol/column.js';
import { kindOf } from './column-kinds.js';
import { TextTable } from './text-table.js';

/** What Markdown would take for a command, as text. */
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
 * A table in GitHub's Markdown for each result set, with an empty line between two. What would be
 * markup is escaped, a newline is `<br>`, NULL is `*NULL*`, which no value can be. Numbers are
 * aligned to the right.
 */
export class MarkdownFormat extends TextTable {
  end(): void {}

  protected head(columns: Column[]): void {
    for (const { name } of columns) this.cell(name, 0, name.length);
    this.endRow();
    for (const column of columns) {
      const isRight = isNumeric(column) || kindOf(column) === 'bit';
      this.out.appendText(isRight ? '| ---: ' : '| --- ');
    }
    this.endRow();
  }

  protected beginRow(): void {}

  protected endRow(): void {
    this.out.appendText('|\n');
  }

  protected nullCell(): void {
    this.out.appendText('| *NULL* ');
  }

  protected cell(bytes: Uint8Array, start: number, end: number): void {
    this.out.appendText('| ');
    this.value(bytes, start, end, longestSubstitute, (at) =>
      bytes[at] === underscore && !isWithinWord(bytes, start, at, end)
        ? escapedUnderscore
        : lineEndOr(bytes, at, end),
    );
    this.out.appendText(' ');
  }
}

/** A carriage return alone ends a line too. */
function lineEndOr(bytes: Uint8Array, at: number, end: number): Buffer | undefined {
  const byte = bytes[at] as number;
  if (byte === 0x0d && !(at + 1 < end && bytes[at + 1] === 0x0a)) return substitutes[0x0a];
  return substitutes[byte];
}

/** An underscore between letters or digits is nothing but one. */
function isWithinWord(bytes: Uint8Array, start: number, at: number, end: number): boolean {
  return at > start && at + 1 < end && isWord(bytes[at - 1]) && isWord(bytes[at + 1]);
}

function isWord(byte: number | undefined): boolean {
  return byte !== undefined && /[0-9A-Za-z]/.test(String.fromCharCode(byte));
}
