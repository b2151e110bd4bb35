import type { Column } from '../protocol/column.js';
import { maxLenencSize, writeLongLenenc } from '../protocol/lenenc.js';
import { takeNoRows } from '../protocol/packets.js';
import { forEachCell } from '../protocol/row.js';
import type { KeptControls } from '../text/text-sanitizer.js';
import type { Format } from './format.js';
import type { SanitizedCells } from './sanitized-cells.js';

/**
 * Sanitizes the values of rows before another format writes them. If the rows were measured first,
 * only the columns that contain unsafe values are processed.
 */
export class SanitizingFormat implements Format {
  readonly takeRows = takeNoRows;
  readonly #format: Format;
  readonly #cells: SanitizedCells;
  readonly #keptControls: KeptControls;
  #isMeasured = false;

  /** The caller must call `cells.begin` before `begin`. `keptControls` are not escaped. */
  constructor(format: Format, cells: SanitizedCells, keptControls: KeptControls) {
    this.#format = format;
    this.#cells = cells;
    this.#keptControls = keptControls;
  }

  begin(columns: Column[], maxLengths?: ArrayLike<number>): void {
    this.#isMeasured = maxLengths !== undefined;
    this.#format.begin(columns, maxLengths);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const cells = this.#cells;
    if (this.#isMeasured && !cells.needsAnyRewrite) {
      this.#format.row(bytes, start, end);
      return;
    }
    cells.length = 0;
    // The row's bytes before this offset are already copied.
    let copiedUpTo = start;
    forEachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (cellStart < 0) {
        this.#copy(bytes, copiedUpTo, copiedUpTo + 1);
        copiedUpTo++;
        return;
      }
      if (this.#isMeasured && !cells.needsRewrite(index)) this.#copy(bytes, copiedUpTo, cellEnd);
      else this.#rewrite(bytes, cellStart, cellEnd, index);
      copiedUpTo = cellEnd;
    });
    this.#format.row(cells.bytes, 0, cells.length);
  }

  end(isComplete: boolean): void {
    this.#format.end(isComplete);
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    const cells = this.#cells;
    cells.reserve(end - start);
    cells.bytes.set(bytes.subarray(start, end), cells.length);
    cells.length += end - start;
  }

  #rewrite(bytes: Uint8Array, start: number, end: number, index: number): void {
    const cells = this.#cells;
    cells.reserve(maxLenencSize);
    const lengthPosition = cells.length;
    cells.length += maxLenencSize;
    cells.write(bytes, start, end, index, this.#keptControls);
    writeLongLenenc(cells.bytes, lengthPosition, cells.length - lengthPosition - maxLenencSize);
  }
}
