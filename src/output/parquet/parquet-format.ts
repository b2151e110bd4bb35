import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { Failure } from '../../failure.js';
import type { Column } from '../../protocol/column.js';
import { takeNoRows } from '../../protocol/packets.js';
import { requireUniqueNames } from '../column-kinds.js';
import { secondResultFailure } from '../csv.js';
import type { RunFormat } from '../format.js';
import type { OutputBuffer } from '../output-buffer.js';
import { type ParquetColumn, toParquetColumn } from './parquet-column.js';
import { shareRepeatedValues } from './repeated-values.js';
import { RowGroup } from './row-group.js';

/**
 * Writes one result set as Apache Parquet with Snappy compression. The types follow those of the
 * columns; all columns are nullable. If an error ends the output, the file has no footer, so no
 * reader accepts it. Values that cannot be written are detected at the end of a row group or of the
 * file.
 */
export class ParquetFormat implements RunFormat {
  readonly takeRows = takeNoRows;
  readonly #out: OutputBuffer;
  readonly #group = new RowGroup();
  #writer: ParquetWriter | undefined;
  #columns: ParquetColumn[] = [];
  readonly #binaryAsText: boolean;

  /** `binaryAsText`: binary columns contain UTF-8 and become strings. */
  constructor(
    out: OutputBuffer,
    { binaryAsText }: { binaryAsText: boolean } = { binaryAsText: false },
  ) {
    this.#out = out;
    this.#binaryAsText = binaryAsText;
  }

  begin(columns: Column[]): void {
    if (this.#writer !== undefined) throw secondResultFailure('parquet');
    const names = requireUniqueNames(columns, 'parquet');
    this.#columns = columns.map((column, index) =>
      toParquetColumn(column, names[index] ?? '', this.#binaryAsText),
    );
    const root = { name: 'schema', num_children: columns.length };
    this.#writer = new ParquetWriter({
      writer: new BufferWriter(this.#out),
      schema: [root, ...this.#columns.map(({ element }) => element)],
      createdBy: 'analytics-mysql',
    });
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (this.#group.isFullFor(end - start)) this.#writeGroup();
    this.#group.add(bytes, start, end);
  }

  end(): void {}

  finish(): void {
    if (this.#writer === undefined) {
      throw new Failure('no-result', 'no result set to write: a Parquet file needs one');
    }
    this.#writeGroup();
    // Synchronous, like `write`: BufferWriter does not return promises.
    void this.#writer.finish();
  }

  #writeGroup(): void {
    const group = this.#group;
    const writer = this.#writer;
    if (group.rows === 0 || writer === undefined) return;
    const reader = new ColumnReader(group);
    const columnData = this.#columns.map((column, index) => ({
      name: column.element.name,
      // Read on demand, so that the values of only one column are in memory at a time.
      get data() {
        return reader.readColumn(column, index);
      },
    }));
    void writer.write({ columnData, rowGroupSize: group.rows });
    copyStatistics(writer);
    group.clear();
  }
}

/** Reads the columns of a row group in order, and caches the last one. */
class ColumnReader {
  readonly #group: RowGroup;
  #index = -1;
  #values: unknown[] = [];

  constructor(group: RowGroup) {
    this.#group = group;
  }

  readColumn({ element, read }: ParquetColumn, index: number): unknown[] {
    if (index === this.#index) return this.#values;
    this.#values = [];
    this.#values = this.#group.readColumn(
      element.type === 'BYTE_ARRAY' ? shareRepeatedValues(read) : read,
    );
    this.#index = index;
    return this.#values;
  }
}

/** Copies the last group's minimum and maximum: the footer needs them, but the group is cleared. */
function copyStatistics({ row_groups: groups }: ParquetWriter): void {
  for (const { meta_data: data } of groups.at(-1)?.columns ?? []) {
    const statistics = data?.statistics;
    if (statistics === undefined) continue;
    const { min_value: minimum, max_value: maximum } = statistics;
    if (minimum instanceof Uint8Array) statistics.min_value = Uint8Array.from(minimum);
    if (maximum instanceof Uint8Array) statistics.max_value = Uint8Array.from(maximum);
  }
}

/** Bytes that are appended to the output at once. */
const pieceSize = 256 * 1024;

/** Passes the library's bytes to the output, after each row group and at the end of the file. */
class BufferWriter extends ByteWriter {
  readonly #out: OutputBuffer;

  constructor(out: OutputBuffer) {
    super();
    this.#out = out;
  }

  flush(): void {
    const bytes = this.getBytes();
    for (let position = 0; position < bytes.length; position += pieceSize) {
      this.#out.append(bytes.subarray(position, position + pieceSize));
    }
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}
