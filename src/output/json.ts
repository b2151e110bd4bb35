import type { Column } from '../protocol/column.js';
import { takeNoRows } from '../protocol/packets.js';
import { forEachCell } from '../protocol/row.js';
import { type ColumnKind, kindOf, requireUniqueNames } from './column-kinds.js';
import { secondResultFailure } from './csv.js';
import type { RunFormat } from './format.js';
import { formatBit } from './format-bit.js';
import { isJsonNumber, writeBase64, writeTextOrBase64 } from './json-values.js';
import type { OutputBuffer } from './output-buffer.js';

/** An upper bound in bytes for values that are not text. */
const maxScalarSize = 64;

/**
 * Writes JSON with one object per row: as one array (`lines` false), or one object per line, which
 * can hold several result sets. Numbers are written with all digits that the server sends; dates,
 * and numbers with leading zeros, are strings. Bytes that are valid UTF-8 become a string, others
 * and all geometries become `{"base64":"…"}`. BIT values are numbers.
 *
 * If an error ends the result set, the array is not closed, so that no reader takes it as complete.
 */
export class JsonFormat implements RunFormat {
  readonly takeRows = takeNoRows;
  readonly #out: OutputBuffer;
  readonly #lines: boolean;
  #kinds: ColumnKind[] = [];
  /** The text before each value: a comma or brace, the key and a colon. */
  #keys: Buffer[] = [];
  #hasBegun = false;
  #rows = 0;

  constructor(out: OutputBuffer, options: { lines: boolean }) {
    this.#out = out;
    this.#lines = options.lines;
  }

  begin(columns: Column[]): void {
    if (!this.#lines && this.#hasBegun) throw secondResultFailure('json');
    const names = requireUniqueNames(columns, this.#lines ? 'jsonl' : 'json');
    this.#hasBegun = true;
    this.#rows = 0;
    this.#kinds = columns.map(kindOf);
    this.#keys = names.map((name, index) =>
      Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`),
    );
    if (!this.#lines) this.#out.appendText('[');
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const out = this.#out;
    this.#rows++;
    if (!this.#lines) out.appendText(this.#rows === 1 ? '\n' : ',\n');
    forEachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      const key = this.#keys[index] as Buffer;
      out.append(key);
      out.reserve(maxScalarSize);
      if (cellStart < 0) out.appendText('null');
      else this.#writeValue(this.#kinds[index] as ColumnKind, bytes, cellStart, cellEnd);
    });
    out.appendText(this.#lines ? '}\n' : '}');
  }

  end(isComplete: boolean): void {
    if (isComplete && !this.#lines) this.#out.appendText(this.#rows === 0 ? ']\n' : '\n]\n');
  }

  /** Writes an empty array if the statements returned no result set. */
  finish(): void {
    if (!this.#lines && !this.#hasBegun) this.#out.appendText('[]\n');
  }

  #writeValue(kind: ColumnKind, bytes: Uint8Array, start: number, end: number): void {
    const out = this.#out;
    if (kind === 'geometry') writeBase64(out, bytes, start, end);
    else if (kind === 'bit') out.appendText(formatBit(bytes, start, end));
    else if (kind === 'year') out.appendText(String(Number(decodeLatin1(bytes, start, end))));
    else if (kind === 'number' && isJsonNumber(bytes, start, end)) {
      out.append(bytes.subarray(start, end));
    } else writeTextOrBase64(out, bytes, start, end);
  }
}

function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
