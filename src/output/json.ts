import type { Column } from '../protocol/column.js';
import { leaveRows } from '../protocol/packets.js';
import { eachCell } from '../protocol/row.js';
import { bitDigits } from './bit-digits.js';
import { type ColumnKind, kindOf, namesOf } from './column-kinds.js';
import { severalResults } from './csv.js';
import type { RunFormat } from './format.js';
import { isJsonNumber, writeBase64, writeTextOrBase64 } from './json-values.js';
import type { OutputBuffer } from './output-buffer.js';

/** More than any value needs that is not text. */
const shortValue = 64;

/**
 * JSON, an object for each row: one array (`lines` false), or an object a line, which holds several
 * result sets too. Numbers are written as the server wrote them, in full; dates, and numbers with
 * leading zeros, are strings. Bytes that are UTF-8 are a string, others `{"base64":"…"}`, as
 * geometries always are. BIT is a number.
 *
 * An array that an error cut off is not closed, so that nobody takes it for the whole.
 */
export class JsonFormat implements RunFormat {
  readonly takeRows = leaveRows;
  readonly #out: OutputBuffer;
  readonly #lines: boolean;
  #kinds: ColumnKind[] = [];
  /** What stands in front of each value: its key and the comma or bracket before it. */
  #keys: Buffer[] = [];
  #begun = false;
  #rows = 0;

  constructor(out: OutputBuffer, options: { lines: boolean }) {
    this.#out = out;
    this.#lines = options.lines;
  }

  begin(columns: Column[]): void {
    if (!this.#lines && this.#begun) throw severalResults('json');
    const names = namesOf(columns, this.#lines ? 'jsonl' : 'json');
    this.#begun = true;
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
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      const key = this.#keys[index] as Buffer;
      out.append(key);
      out.reserve(shortValue);
      if (cellStart < 0) out.appendText('null');
      else this.#value(this.#kinds[index] as ColumnKind, bytes, cellStart, cellEnd);
    });
    out.appendText(this.#lines ? '}\n' : '}');
  }

  end(whole: boolean): void {
    if (whole && !this.#lines) this.#out.appendText(this.#rows === 0 ? ']\n' : '\n]\n');
  }

  /** Statements without a result set have an empty array for their result. */
  finish(): void {
    if (!this.#lines && !this.#begun) this.#out.appendText('[]\n');
  }

  #value(kind: ColumnKind, bytes: Uint8Array, start: number, end: number): void {
    const out = this.#out;
    if (kind === 'geometry') writeBase64(out, bytes, start, end);
    else if (kind === 'bit') out.appendText(bitDigits(bytes, start, end));
    else if (kind === 'year') out.appendText(String(Number(textOf(bytes, start, end))));
    else if (kind === 'number' && isJsonNumber(bytes, start, end)) {
      out.append(bytes.subarray(start, end));
    } else writeTextOrBase64(out, bytes, start, end);
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
