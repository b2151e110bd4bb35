import type { DisplayWidth } from '../text/client-width.js';

const newline = 0x0a;
const tab = 0x09;
const tabStop = 8;

/** Counts how many lines of a screen a text takes, long ones wrapped. */
export class ScreenLines {
  readonly #columns: number;
  readonly #cells: DisplayWidth;

  /** `columns`: cells in a line of the screen; `cells` counts those of a text without newlines. */
  constructor(columns: number, cells: DisplayWidth) {
    this.#columns = Math.max(columns, 1);
    this.#cells = cells;
  }

  /** Whether `bytes` need more than `lines` lines; what follows them is not looked at further. */
  exceed(bytes: Uint8Array, lines: number): boolean {
    let used = 0;
    for (let start = 0; start < bytes.length; ) {
      // Beyond that a line is too long, whatever is in it: a character has four bytes at most, and
      // seldom a dozen others that take no cells.
      const farthest = start + (lines + 1) * this.#columns * 48;
      const found = bytes.subarray(start, farthest).indexOf(newline);
      if (found < 0 && bytes.length > farthest) return true;
      const end = found < 0 ? bytes.length : start + found;
      used += Math.max(1, Math.ceil(this.#width(bytes, start, end) / this.#columns));
      if (used > lines) return true;
      start = end + 1;
    }
    return false;
  }

  #width(bytes: Uint8Array, start: number, end: number): number {
    let tabs = 0;
    for (let at = start; at < end; at++) if (bytes[at] === tab) tabs++;
    return this.#cells(bytes, start, end) + tabs * (tabStop - 1);
  }
}
