import { Failure } from '../failure.js';
import type { WikiOutcome as InnerOutcome, Reason } from '../fanout/outcome.js';
import { Tally } from '../fanout/tally.js';
import { ErrorTeller } from './errors.js';
import type { WikiOutcome } from './row.js';
import type { QuerySettings } from './settings-of.js';

/** Tells a program of each wiki as it ends. */
export class TellingTally extends Tally {
  readonly #teller: ErrorTeller;
  readonly #tell: (outcome: WikiOutcome) => void;

  constructor(total: number, settings: QuerySettings, tell: (outcome: WikiOutcome) => void) {
    super(total);
    this.#teller = new ErrorTeller(settings);
    this.#tell = tell;
  }

  override end(outcome: InnerOutcome): void {
    super.end(outcome);
    const { wiki, section, reason, rows, bytes, seconds, serverVersion } = outcome;
    this.#tell({
      wiki,
      section,
      // No run that was ended before is gone on with here.
      outcome: outcome.outcome === 'finished-before' ? 'ok' : outcome.outcome,
      error: reason === undefined ? undefined : this.#errorOf(reason),
      rows,
      bytes,
      seconds,
      serverVersion,
    });
  }

  #errorOf({ errno, sqlState, text }: Reason): WikiOutcome['error'] {
    return errno === 0
      ? new Failure('wiki-failed', text)
      : this.#teller.tell(errno, sqlState, text);
  }
}
