import type { Column } from '../protocol/column.js';
import { countRowBytes, type RowsTaken, type TakeRows } from '../protocol/packets.js';
import type { PlannedWiki } from './plan/plan.js';
import type { WikiResult, WikiRows } from './results/result-collector.js';
import type { RunStats } from './run-stats.js';

/** One attempt at a wiki: passes its results to the collector and counts rows and bytes. */
export class WikiAttempt {
  readonly wiki: PlannedWiki;
  readonly #output: WikiRows;
  readonly #stats: RunStats;
  rows = 0;
  /** Bytes of the rows as the server sent them. */
  bytes = 0;

  constructor(wiki: PlannedWiki, output: WikiRows, stats: RunStats) {
    this.wiki = wiki;
    this.#output = output;
    this.#stats = stats;
  }

  resultSet(columns: Column[]): void {
    this.#output.begin(columns.map((column) => renameTablesColumn(column, this.wiki.database)));
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#count(1, end - start);
    this.#output.row(bytes, start, end);
  }

  takeRows(...batch: Parameters<TakeRows>): RowsTaken | undefined {
    const taken = this.#output.takeRows(...batch);
    if (taken !== undefined) this.#count(taken.rows, countRowBytes(batch[1], taken));
    return taken;
  }

  backPressure(): Promise<void> | undefined {
    return this.#output.backPressure();
  }

  /** Ends the attempt successfully; rejects as WikiRows.done does. */
  done(): Promise<WikiResult> {
    return this.#output.complete();
  }

  /** Discards a failed attempt and subtracts its rows from the statistics. */
  drop(): void {
    this.#stats.addRows(-this.rows, -this.bytes);
    this.#output.drop();
  }

  #count(rows: number, bytes: number): void {
    this.rows += rows;
    this.bytes += bytes;
    this.#stats.addRows(rows, bytes);
  }
}

/**
 * Returns the column of SHOW TABLES, whose name contains that of the database
 * (`Tables_in_itwiki (page%)`), as `Tables`: the columns of all wikis must have equal names.
 */
function renameTablesColumn(column: Column, database: string): Column {
  const name = Buffer.from(column.name).toString();
  const prefix = `Tables_in_${database}`;
  if (name !== prefix && !name.startsWith(`${prefix} (`)) return column;
  return { ...column, name: Buffer.from('Tables') };
}
