import type { WikiOutcome } from './row.js';

/**
 * Some of many wikis have failed, after the rows of the others were given; or none has a result, since
 * all of them lack the table.
 */
export class WikisFailed extends Error {
  /**
   * The wikis that have failed, in the order in which they did; where none has a result, those that were
   * skipped too.
   */
  readonly failures: readonly WikiOutcome[];

  /** `missingTable`: the message where no wiki has the table. */
  constructor(failures: readonly WikiOutcome[], of: number, missingTable?: string) {
    const [first] = failures;
    const { length } = failures;
    const why = `${first?.wiki}: ${first?.error?.message}`;
    super(
      missingTable ??
        `${length} of ${of} wikis failed${length === 1 ? ': ' : ', the first of them '}${why}`,
    );
    this.name = 'WikisFailed';
    this.failures = failures;
  }
}
