import type { Column } from '../protocol/column.js';
import { bytesOfRows, type RowsTaken } from '../protocol/packets.js';
import type { PlannedWiki } from './plan/plan.js';
import type { WikiResult, WikiRows } from './results/result-collector.js';
import type { RunStats } from './run-stats.js';

/** Takes what a server answers to one attempt at a wiki, and counts it. */
export class WikiAttempt {
  readonly wiki: PlannedWiki;
  readonly #output: WikiRows;
  readonly #stats: RunStats;
  rows = 0;
  /** Of the rows, as the server sent them. */
  bytes = 0;

  constructor(wiki: PlannedWiki, output: WikiRows, stats: RunStats) {
    this.wiki = wiki;
    this.#output = output;
    this.#stats = stats;
  }

  resultSet(columns: Column[]): void {
    this.#output.begin(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#count(1, end - start);
    this.#output.row(bytes, start, end);
  }

  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): RowsTaken | undefined {
    const taken = this.#output.takeRows(bytes, start, end, longest);
    if (taken !== undefined) this.#count(taken.rows, bytesOfRows(start, taken));
    return taken;
  }

  pressure(): Promise<void> | undefined {
    return this.#output.pressure();
  }

  /** All has come; as WikiRows.done. */
  done(): Promise<WikiResult> {
    return this.#output.done();
  }

  /** The attempt failed: what it gave does not count. */
  drop(): void {
    this.#stats.count(-this.rows, -this.bytes);
    this.#output.drop();
  }

  #count(rows: number, bytes: number): void {
    this.rows += rows;
    this.bytes += bytes;
    this.#stats.count(rows, bytes);
  }
}
