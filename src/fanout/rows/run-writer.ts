import type { RunFormat } from '../../output/format.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { PacketReader } from '../../protocol/packet-reader.js';
import type { RowsTaken } from '../../protocol/packets.js';
import type { RunRequest } from '../plan/plan.js';
import { openRunFormat } from './run-format.js';
import { UnionRows } from './union-rows.js';
import { WikiColumnFormat } from './wiki-column.js';

/**
 * Returns a factory for the writer of a run's rows, in the format of the run and with a column for
 * the wiki unless the settings disable it.
 */
export async function openRunWriter(
  request: RunRequest,
): Promise<(out: OutputBuffer) => RunWriter> {
  const { settings, fanout, plan, characterSet } = request;
  const statement = plan.statements.at(-1)?.sql;
  const createFormat = await openRunFormat(settings.output, characterSet, statement);
  const { wikiColumn } = fanout;
  if (wikiColumn === undefined) return (out) => new RunWriter(createFormat(out), undefined);
  const longest = Math.max(0, ...plan.wikis.map(({ wiki }) => Buffer.byteLength(wiki)));
  return (out) => {
    const format = new WikiColumnFormat(createFormat(out), wikiColumn, longest);
    return new RunWriter(format, format);
  };
}

/** Writes the rows of all wikis, one wiki after another, from packets to one format. */
export class RunWriter {
  readonly #format: RunFormat;
  readonly #wikiColumn: WikiColumnFormat | undefined;
  readonly #reader: PacketReader;
  readonly #unionRows: UnionRows;
  #reordersColumns = false;
  #skipsPacket = false;
  #hasBegun = false;
  /** The number of columns of the run, without that of the wikis. */
  #columnCount = 0;

  /** `wikiColumn` is `format` itself if it adds a column with the wiki's name. */
  constructor(format: RunFormat, wikiColumn: WikiColumnFormat | undefined) {
    this.#format = format;
    this.#wikiColumn = wikiColumn;
    this.#unionRows = new UnionRows((bytes, start, end) => format.row(bytes, start, end));
    this.#reader = new PacketReader(
      (bytes, start, end) => this.#row(bytes, start, end),
      (bytes, start, end) => this.#takeRows(bytes, start, end),
      Number.POSITIVE_INFINITY,
      () => {},
    );
  }

  /** Whether `begin` was called. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /**
   * Begins the output with the columns of the run. Throws Failure if the format cannot represent
   * them.
   */
  begin(columns: Column[]): void {
    this.#hasBegun = true;
    this.#columnCount = columns.length;
    this.#format.begin(columns);
  }

  /**
   * Begins the rows of a wiki. `hasColumnsPacket`: a packet with encoded columns precedes the rows
   * and is skipped. `columnIndexes`: see `ColumnUnion`; if undefined, the wiki has the columns of
   * the run.
   */
  beginWiki(name: string, hasColumnsPacket = false, columnIndexes?: readonly number[]): void {
    if (this.#wikiColumn !== undefined) this.#wikiColumn.wiki = name;
    this.#skipsPacket = hasColumnsPacket;
    this.#reordersColumns =
      columnIndexes?.some((columnIndex, index) => columnIndex !== index) ?? false;
    if (columnIndexes !== undefined) this.#unionRows.begin(columnIndexes);
  }

  /**
   * Writes the next bytes of the wiki's packets, which may end in a packet's middle. Throws
   * Failure.
   */
  push(packets: Uint8Array): void {
    this.#reader.push(packets);
  }

  /** Ends the output. Throws Failure. */
  end(): void {
    if (this.#hasBegun) this.#format.end(true);
    this.#format.finish?.();
  }

  #row(bytes: Uint8Array, start: number, end: number): void {
    if (this.#skipsPacket) this.#skipsPacket = false;
    else if (this.#reordersColumns) this.#unionRows.row(bytes, start, end);
    else this.#format.row(bytes, start, end);
  }

  #takeRows(bytes: Uint8Array, start: number, end: number): RowsTaken | undefined {
    if (this.#skipsPacket || this.#reordersColumns) return undefined;
    return this.#format.takeRows(bytes, start, end, Number.POSITIVE_INFINITY, this.#columnCount);
  }
}
