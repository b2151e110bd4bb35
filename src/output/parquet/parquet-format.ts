import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { Failure } from '../../failure.js';
import type { Column } from '../../protocol/column.js';
import { leaveRows } from '../../protocol/packets.js';
import { namesOf } from '../column-kinds.js';
import { severalResults } from '../csv.js';
import type { RunFormat } from '../format.js';
import type { OutputBuffer } from '../output-buffer.js';
import { type ParquetColumn, parquetColumn } from './parquet-column.js';
import { sharingRepeated } from './repeated-values.js';
import { RowGroup } from './row-group.js';

/**
 * Apache Parquet, compressed with Snappy: one result set, typed by its columns, all of which may
 * be NULL. A file that an error cut off has no footer, without which nothing reads it. What cannot
 * be written is found at the end of a row group, or at the file's.
 */
export class ParquetFormat implements RunFormat {
  readonly takeRows = leaveRows;
  readonly #out: OutputBuffer;
  readonly #group = new RowGroup();
  #writer: ParquetWriter | undefined;
  #columns: ParquetColumn[] = [];
  readonly #binaryAsText: boolean;

  /** `binaryAsText`: binary columns hold UTF-8, and are strings. */
  constructor(
    out: OutputBuffer,
    { binaryAsText }: { binaryAsText: boolean } = { binaryAsText: false },
  ) {
    this.#out = out;
    this.#binaryAsText = binaryAsText;
  }

  begin(columns: Column[]): void {
    if (this.#writer !== undefined) throw severalResults('parquet');
    const names = namesOf(columns, 'parquet');
    this.#columns = columns.map((column, index) =>
      parquetColumn(column, names[index] ?? '', this.#binaryAsText),
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
      throw new Failure('no-result', 'no result to write: a Parquet file needs one');
    }
    this.#writeGroup();
    // Synchronous, as `write` is: what it writes to has no flush().
    void this.#writer.finish();
  }

  #writeGroup(): void {
    const group = this.#group;
    const writer = this.#writer;
    if (group.rows === 0 || writer === undefined) return;
    const reader = new ColumnReader(group);
    const columnData = this.#columns.map((column, index) => ({
      name: column.element.name,
      // Asked for when it is this column's turn, so that there is one of them at a time.
      get data() {
        return reader.column(column, index);
      },
    }));
    void writer.write({ columnData, rowGroupSize: group.rows });
    keepStatistics(writer);
    group.clear();
  }
}

/** The columns of a group in their order, each of which may be asked for again until the next is. */
class ColumnReader {
  readonly #group: RowGroup;
  #index = -1;
  #values: unknown[] = [];

  constructor(group: RowGroup) {
    this.#group = group;
  }

  column({ element, read }: ParquetColumn, index: number): unknown[] {
    if (index === this.#index) return this.#values;
    this.#values = [];
    this.#values = this.#group.column(element.type === 'BYTE_ARRAY' ? sharingRepeated(read) : read);
    this.#index = index;
    return this.#values;
  }
}

/** The smallest and largest values of the last group are needed at the end; their bytes go before. */
function keepStatistics({ row_groups: groups }: ParquetWriter): void {
  for (const { meta_data: data } of groups.at(-1)?.columns ?? []) {
    const statistics = data?.statistics;
    if (statistics === undefined) continue;
    const { min_value: least, max_value: most } = statistics;
    if (least instanceof Uint8Array) statistics.min_value = Uint8Array.from(least);
    if (most instanceof Uint8Array) statistics.max_value = Uint8Array.from(most);
  }
}

/** Bytes that are handed on at once. */
const pieceSize = 256 * 1024;

/** Hands what the library has written to the output, after each row group and at the end. */
class BufferWriter extends ByteWriter {
  readonly #out: OutputBuffer;

  constructor(out: OutputBuffer) {
    super();
    this.#out = out;
  }

  flush(): void {
    const bytes = this.getBytes();
    for (let at = 0; at < bytes.length; at += pieceSize) {
      this.#out.append(bytes.subarray(at, at + pieceSize));
    }
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}
