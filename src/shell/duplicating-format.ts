import type { Format } from '../output/format.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import type { Column } from '../protocol/column.js';
import { takeNoRows } from '../protocol/packets.js';

/**
 * Writes results with two formats: for the screen, and for the file of `tee`, whose output is
 * written at the end of each result set.
 */
export class DuplicatingFormat implements Format {
  readonly takeRows = takeNoRows;
  readonly #screen: Format;
  readonly #tee: Format;
  readonly #teeOut: OutputBuffer;

  constructor(screen: Format, tee: Format, teeOut: OutputBuffer) {
    this.#screen = screen;
    this.#tee = tee;
    this.#teeOut = teeOut;
  }

  begin(columns: Column[]): void {
    this.#screen.begin(columns);
    this.#tee.begin(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#screen.row(bytes, start, end);
    this.#tee.row(bytes, start, end);
  }

  end(isComplete: boolean): void {
    this.#screen.end(isComplete);
    this.#tee.end(isComplete);
    this.#teeOut.send();
  }
}
