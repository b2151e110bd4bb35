import type { DisplayWidth } from '../text/client-width.js';

const newline = 0x0a;
const tab = 0x09;
const tabStop = 8;

/** Counts the screen lines that a text takes, with long lines wrapped. */
export class ScreenLines {
  readonly #columns: number;
  readonly #displayWidth: DisplayWidth;

  /** `columns`: cells per screen line; `displayWidth` counts the cells of text without newlines. */
  constructor(columns: number, displayWidth: DisplayWidth) {
    this.#columns = Math.max(columns, 1);
    this.#displayWidth = displayWidth;
  }

  /** Whether `bytes` need more than `lines` lines; stops reading as soon as they do. */
  exceeds(bytes: Uint8Array, lines: number): boolean {
    let used = 0;
    for (let start = 0; start < bytes.length; ) {
      // A longer line does not fit, whatever it contains: a character has at most four bytes, and
      // rarely as many as a dozen zero-width characters after it.
      const searchEnd = start + (lines + 1) * this.#columns * 48;
      const newlineOffset = bytes.subarray(start, searchEnd).indexOf(newline);
      if (newlineOffset < 0 && bytes.length > searchEnd) return true;
      const end = newlineOffset < 0 ? bytes.length : start + newlineOffset;
      used += Math.max(1, Math.ceil(this.#lineWidth(bytes, start, end) / this.#columns));
      if (used > lines) return true;
      start = end + 1;
    }
    return false;
  }

  #lineWidth(bytes: Uint8Array, start: number, end: number): number {
    let tabs = 0;
    for (let position = start; position < end; position++) if (bytes[position] === tab) tabs++;
    return this.#displayWidth(bytes, start, end) + tabs * (tabStop - 1);
  }
}
