import type { WikiOutcome } from './row.js';

/**
 * The error of `queryWikis` after the last row, if some wikis have failed, or if there is no result
 * because no wiki has the table.
 */
export class WikisFailed extends Error {
  /**
   * The failed wikis, in the order in which they failed. If no wiki has the table, this includes the
   * skipped wikis.
   */
  readonly failures: readonly WikiOutcome[];

  /** `missingTable`: the message to use if no wiki has the table. */
  constructor(failures: readonly WikiOutcome[], total: number, missingTable?: string) {
    const [first] = failures;
    const { length } = failures;
    const why = `${first?.wiki}: ${first?.error?.message}`;
    super(
      missingTable ??
        `${length} of ${total} wikis failed${length === 1 ? ': ' : '; the first was '}${why}`,
    );
    this.name = 'WikisFailed';
    this.failures = failures;
  }
}
