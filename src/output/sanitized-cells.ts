import { type Column, columnTypes } from '../protocol/column.js';
import type { DisplayWidth } from '../text/client-width.js';
import {
  Content,
  type KeptControls,
  type SanitizeTextOptions,
  TextSanitizer,
} from '../text/text-sanitizer.js';
import { hexWidth, isBinaryColumn, writeHex } from './binary-hex.js';

/**
 * How to display a column's values: as text, as text if they are valid UTF-8, in hexadecimal,
 * unchanged.
 */
type ColumnTreatment = 'text' | 'perhaps-text' | 'hex' | 'unchanged';

export interface SanitizeOptions extends SanitizeTextOptions {
  /** Never display binary columns as text. `later`: leave them to a format that does so. */
  binaryAsHex: boolean | 'later';
  /** Counts the cells of sanitized text. */
  displayWidth: DisplayWidth;
}

/**
 * Sanitizes values for a terminal as TextSanitizer does. BIT and GEOMETRY values, and values of
 * binary columns that are not valid UTF-8, become `0x…`.
 */
export class SanitizedCells extends TextSanitizer {
  readonly #options: SanitizeOptions;
  #treatments: ColumnTreatment[] = [];
  #rewritten: boolean[] = [];

  constructor(options: SanitizeOptions) {
    super(options);
    this.#options = options;
  }

  /** Starts a result set. */
  begin(columns: Column[]): void {
    this.#treatments = columns.map((column) => this.#treatmentOf(column));
    this.#rewritten = this.#treatments.map((treatment) => treatment === 'hex');
  }

  /** Whether any measured value of a column needs an escape or hexadecimal. */
  needsRewrite(index: number): boolean {
    return this.#rewritten[index] === true;
  }

  get needsAnyRewrite(): boolean {
    return this.#rewritten.includes(true);
  }

  /** Returns the width of a sanitized value in cells, with newlines escaped. */
  measure(bytes: Uint8Array, start: number, end: number, index: number): number {
    if (this.#treatments[index] === 'hex') return hexWidth(end - start);
    const content = this.classify(bytes, start, end);
    if (content === Content.Ascii) return end - start;
    if (content === Content.SafeText) return this.#options.displayWidth(bytes, start, end);
    this.#rewritten[index] = true;
    if (content === Content.InvalidBytes && this.#treatments[index] === 'perhaps-text') {
      return hexWidth(end - start);
    }
    this.length = 0;
    this.escape(bytes, start, end, 'none');
    return this.#options.displayWidth(this.bytes, 0, this.length);
  }

  /** Appends a sanitized value to `bytes`. */
  write(
    bytes: Uint8Array,
    start: number,
    end: number,
    index: number,
    keptControls: KeptControls,
  ): void {
    const treatment = this.#treatments[index];
    if (treatment === 'unchanged') {
      this.reserve(end - start);
      this.bytes.set(bytes.subarray(start, end), this.length);
      this.length += end - start;
      return;
    }
    const asHex =
      treatment === 'hex' ||
      (treatment === 'perhaps-text' && this.classify(bytes, start, end) === Content.InvalidBytes);
    if (!asHex) {
      this.escape(bytes, start, end, keptControls);
      return;
    }
    this.reserve(hexWidth(end - start));
    this.length = writeHex(this.bytes, this.length, bytes, start, end);
  }

  #treatmentOf(column: Column): ColumnTreatment {
    const { binaryAsHex } = this.#options;
    if (binaryAsHex === 'later' && isBinaryColumn(column)) return 'unchanged';
    if (column.type === columnTypes.bit || column.type === columnTypes.geometry) return 'hex';
    if (!isBinaryColumn(column)) return 'text';
    return binaryAsHex ? 'hex' : 'perhaps-text';
  }
}
