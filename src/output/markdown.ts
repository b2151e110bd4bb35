import { type Column, isNumeric } from '../protocol/column.js';
import { leaveRows } from '../protocol/packets.js';
import { eachCell } from '../protocol/row.js';
import { bitDigits } from './bit-digits.js';
import { kindOf } from './column-kinds.js';
import type { Format } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

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

/** Bytes that are written before room is made for more. */
const pieceSize = 64 * 1024;

/**
 * A table in GitHub's Markdown for each result set, with an empty line between two. What would be
 * markup is escaped, a newline is `<br>`, NULL is `*NULL*`, which no value can be. Numbers are
 * aligned to the right.
 */
export class MarkdownFormat implements Format {
  readonly takeRows = leaveRows;
  readonly #out: OutputBuffer;
  readonly #hex: boolean;
  #bits: boolean[] = [];
  #tables = 0;

  /** `hex`: BIT columns come in hexadecimal already. */
  constructor(out: OutputBuffer, options: { hex: boolean }) {
    this.#out = out;
    this.#hex = options.hex;
  }

  begin(columns: Column[]): void {
    const out = this.#out;
    if (this.#tables++ > 0) out.appendText('\n');
    this.#bits = columns.map((column) => !this.#hex && kindOf(column) === 'bit');
    for (const { name } of columns) this.#cell(name, 0, name.length);
    out.appendText('|\n');
    for (const column of columns) {
      out.appendText(isNumeric(column) || kindOf(column) === 'bit' ? '| ---: ' : '| --- ');
    }
    out.appendText('|\n');
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const out = this.#out;
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (cellStart < 0) out.appendText('| *NULL* ');
      else if (this.#bits[index]) out.appendText(`| ${bitDigits(bytes, cellStart, cellEnd)} `);
      else this.#cell(bytes, cellStart, cellEnd);
    });
    out.appendText('|\n');
  }

  end(): void {}

  #cell(bytes: Uint8Array, start: number, end: number): void {
    const out = this.#out;
    out.appendText('| ');
    for (let at = start; at < end; ) {
      const stop = Math.min(end, at + pieceSize);
      out.reserve((stop - at) * longestSubstitute);
      for (; at < stop; at++) {
        const byte = bytes[at] as number;
        const substitute =
          byte === underscore && !isWithinWord(bytes, start, at, end)
            ? escapedUnderscore
            : lineEndOr(bytes, at, end);
        if (substitute === undefined) {
          out.bytes[out.length++] = byte;
          continue;
        }
        out.bytes.set(substitute, out.length);
        out.length += substitute.length;
      }
    }
    out.appendText(' ');
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
