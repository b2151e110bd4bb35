import { beginningWith, type Format } from '../output/format.js';
import { OutputBuffer } from '../output/output-buffer.js';
import type { Sink } from '../output/sink.js';
import type { SummaryOutput } from '../session/results.js';

/**
 * Where the results of one statement go: tables through the pager, and the last summary (`3 rows in
 * set`) behind it, so that it is still seen when the pager has ended. Summaries of earlier results
 * stay among the tables.
 */
export class ResultScreen implements SummaryOutput {
  /** Takes the tables. */
  readonly out: OutputBuffer;
  #summaries: Uint8Array[] = [];

  /** `paged` takes what a pager may show. */
  constructor(paged: Sink) {
    this.out = new OutputBuffer(paged);
  }

  append(bytes: Uint8Array): void {
    this.#summaries.push(Uint8Array.from(bytes));
  }

  appendText(text: string): void {
    this.#summaries.push(Buffer.from(text));
  }

  /** `format`, whose result sets come behind the summaries so far. */
  behindSummaries(format: Format): Format {
    return beginningWith(format, (columns) => {
      for (const summary of this.takeSummaries()) this.out.append(summary);
      format.begin(columns);
    });
  }

  /** What is to be told behind the pager. */
  takeSummaries(): Uint8Array[] {
    const summaries = this.#summaries;
    this.#summaries = [];
    return summaries;
  }
}
