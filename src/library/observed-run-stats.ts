import { Failure } from '../failure.js';
import type { FailureReason, WikiOutcome as InnerOutcome } from '../fanout/outcome.js';
import { RunStats } from '../fanout/run-stats.js';
import { ErrorTranslator } from './errors.js';
import type { WikiOutcome } from './row.js';
import type { QuerySettings } from './settings-of.js';

/** Tells a program of each wiki as it ends. */
export class ObservedRunStats extends RunStats {
  readonly #errors: ErrorTranslator;
  readonly #onEnd: (outcome: WikiOutcome) => void;

  constructor(total: number, settings: QuerySettings, tell: (outcome: WikiOutcome) => void) {
    super(total);
    this.#errors = new ErrorTranslator(settings);
    this.#onEnd = tell;
  }

  override end(outcome: InnerOutcome): void {
    super.end(outcome);
    const { wiki, section, reason, rows, bytes, seconds, serverVersion } = outcome;
    this.#onEnd({
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

  #errorOf({ errno, sqlState, text }: FailureReason): WikiOutcome['error'] {
    return errno === 0
      ? new Failure('wiki-failed', text)
      : this.#errors.translate(errno, sqlState, text);
  }
}
