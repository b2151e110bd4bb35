import type { RunFormat } from '../../output/format.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { PacketReader } from '../../protocol/packet-reader.js';
import type { RowsTaken } from '../../protocol/packets.js';
import type { RunRequest } from '../plan/plan.js';
import { openRunFormat } from './run-format.js';
import { UnionRows } from './union-rows.js';
import { chooseWikiColumn, createWikiCells, type WikiCells } from './wiki-cells.js';
import { WikiColumnsFormat } from './wiki-columns.js';

/**
 * Returns a factory for the writer of a run's rows, in the format of the run and with the columns
 * for the wiki that the settings choose.
 */
export async function openRunWriter(
  request: RunRequest,
): Promise<(out: OutputBuffer) => RunWriter> {
  const { settings, fanout, plan, characterSet } = request;
  const statement = plan.statements.at(-1)?.sql;
  const createFormat = await openRunFormat(settings.output, characterSet, statement);
  const wikiCells = createWikiCells(plan, fanout, chooseWikiColumn(fanout, undefined));
  return (out) => new RunWriter(createFormat(out), wikiCells);
}

/** Writes the rows of all wikis, one wiki after another, from packets to one format. */
export class RunWriter {
  readonly #format: RunFormat;
  /** `#format` itself if it adds columns for the wiki. */
  readonly #wikiColumns: WikiColumnsFormat | undefined;
  readonly #wikiCells: WikiCells | undefined;
  readonly #reader: PacketReader;
  readonly #unionRows: UnionRows;
  #reordersColumns = false;
  #skipsPacket = false;
  #hasBegun = false;
  /** The number of columns of the run, without those for the wiki. */
  #columnCount = 0;

  /** `wikiCells`: the columns that describe the wiki of a row, if there are any. */
  constructor(format: RunFormat, wikiCells: WikiCells | undefined) {
    const columns = wikiCells?.columns ?? [];
    this.#wikiCells = wikiCells;
    this.#wikiColumns = columns.length > 0 ? new WikiColumnsFormat(format, columns) : undefined;
    this.#format = this.#wikiColumns ?? format;
    this.#unionRows = new UnionRows((bytes, start, end) => this.#format.row(bytes, start, end));
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
    if (this.#wikiColumns !== undefined && this.#wikiCells !== undefined) {
      this.#wikiColumns.cells = this.#wikiCells.encode(name);
    }
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
