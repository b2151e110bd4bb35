import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { Failure } from '../../failure.js';
import type { Column } from '../../replica/column.js';
import { eachCell } from '../cells.js';
import { namesOf } from '../column-kinds.js';
import { severalResults } from '../csv.js';
import type { RunFormat } from '../format.js';
import type { OutputBuffer } from '../output-buffer.js';
import { type ParquetColumn, type ParquetValue, parquetColumn } from './parquet-column.js';

/** A row group ends when it has as many cells, or as many bytes: so much is kept in memory. */
const groupCells = 200_000;
const groupBytes = 8 * 1024 * 1024;

/**
 * Apache Parquet, compressed with Snappy: one result set, typed by its columns, all of which may
 * be NULL. A file that an error cut off has no footer, without which nothing reads it.
 */
export class ParquetFormat implements RunFormat {
  readonly #out: OutputBuffer;
  #writer: ParquetWriter | undefined;
  #columns: ParquetColumn[] = [];
  #values: (ParquetValue | null)[][] = [];
  #rows = 0;
  #bytes = 0;

  constructor(out: OutputBuffer) {
    this.#out = out;
  }

  begin(columns: Column[]): void {
    if (this.#writer !== undefined) throw severalResults('parquet');
    const names = namesOf(columns, 'parquet');
    this.#columns = columns.map((column, index) => parquetColumn(column, names[index] ?? ''));
    const root = { name: 'schema', num_children: columns.length };
    this.#writer = new ParquetWriter({
      writer: new BufferWriter(this.#out),
      schema: [root, ...this.#columns.map(({ element }) => element)],
      createdBy: 'analytics-mysql',
    });
    this.#beginGroup();
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      const { read } = this.#columns[index] as ParquetColumn;
      this.#values[index]?.push(cellStart < 0 ? null : read(bytes, cellStart, cellEnd));
    });
    this.#rows++;
    this.#bytes += end - start;
    const full = this.#rows * this.#columns.length >= groupCells || this.#bytes >= groupBytes;
    if (full) this.#writeGroup();
  }

  end(): void {}

  finish(): void {
    if (this.#writer === undefined) {
      throw new Failure('no-result', 'no result to write: a Parquet file needs one');
    }
    this.#writeGroup();
    this.#writer.finish();
  }

  #beginGroup(): void {
    this.#values = this.#columns.map(() => []);
    this.#rows = 0;
    this.#bytes = 0;
  }

  #writeGroup(): void {
    if (this.#rows === 0) return;
    const columnData = this.#columns.map(({ element: { name } }, index) => ({
      name,
      data: this.#values[index] ?? [],
    }));
    const rowGroupSize = this.#rows;
    this.#beginGroup();
    this.#writer?.write({ columnData, rowGroupSize });
  }
}

/** Hands what the library has written to the output, after each row group and at the end. */
class BufferWriter extends ByteWriter {
  readonly #out: OutputBuffer;

  constructor(out: OutputBuffer) {
    super();
    this.#out = out;
  }

  flush(): void {
    this.#out.append(this.getBytes());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}
