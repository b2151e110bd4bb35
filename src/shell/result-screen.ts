import { type Format, overrideBegin } from '../output/format.js';
import { OutputBuffer } from '../output/output-buffer.js';
import type { Sink } from '../output/sink.js';
import type { SummaryOutput } from '../session/results.js';

/**
 * Separates the output of one statement: tables go to the pager, and the last summary (`3 rows in
 * set`) is printed after the pager has ended, so that it stays visible. Summaries of earlier
 * results stay between the tables.
 */
export class ResultScreen implements SummaryOutput {
  /** Receives the tables. */
  readonly out: OutputBuffer;
  readonly #prepareSummary: (summary: Uint8Array) => Uint8Array;
  #summaries: Uint8Array[] = [];

  /**
   * `paged` receives the output for the pager. `prepareSummary` returns a summary between two tables
   * as `paged` must receive it: it can contain text of the server.
   */
  constructor(paged: Sink, prepareSummary: (summary: Uint8Array) => Uint8Array) {
    this.out = new OutputBuffer(paged);
    this.#prepareSummary = prepareSummary;
  }

  append(bytes: Uint8Array): void {
    this.#summaries.push(Uint8Array.from(bytes));
  }

  appendText(text: string): void {
    this.#summaries.push(Buffer.from(text));
  }

  /** Returns a format that writes the pending summaries before each result set. */
  withSummariesBefore(format: Format): Format {
    return overrideBegin(format, (columns) => {
      for (const summary of this.takeSummaries()) this.out.append(this.#prepareSummary(summary));
      format.begin(columns);
    });
  }

  /** Returns and clears the pending summaries, for printing after the pager. */
  takeSummaries(): Uint8Array[] {
    const summaries = this.#summaries;
    this.#summaries = [];
    return summaries;
  }
}
