import type { WikiOutcome } from './row.js';

/** Some of many wikis have failed; the rows of the others have been given before. */
export class WikisFailed extends Error {
  /** Of the wikis that have failed, in the order in which they did. */
  readonly failures: readonly WikiOutcome[];

  constructor(failures: readonly WikiOutcome[], of: number) {
    const [first] = failures;
    const { length } = failures;
    const why = `${first?.wiki}: ${first?.error?.message}`;
    super(`${length} of ${of} wikis failed${length === 1 ? ': ' : ', the first of them '}${why}`);
    this.name = 'WikisFailed';
    this.failures = failures;
  }
}
