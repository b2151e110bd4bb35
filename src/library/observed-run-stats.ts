import { Failure } from '../failure.js';
import type { FailureReason, WikiOutcome as RunOutcome } from '../fanout/outcome.js';
import { RunStats } from '../fanout/run-stats.js';
import { ErrorTranslator } from './error-translator.js';
import type { QuerySettings } from './query-settings.js';
import type { WikiOutcome } from './row.js';

/** Counts the wikis of a run, and reports each one to a listener as it ends. */
export class ObservedRunStats extends RunStats {
  readonly #errors: ErrorTranslator;
  readonly #onEnd: (outcome: WikiOutcome) => void;

  constructor(total: number, settings: QuerySettings, onEnd: (outcome: WikiOutcome) => void) {
    super(total);
    this.#errors = new ErrorTranslator(settings);
    this.#onEnd = onEnd;
  }

  override endWiki(outcome: RunOutcome): void {
    super.endWiki(outcome);
    const { wiki, section, reason, rows, bytes, seconds, serverVersion } = outcome;
    this.#onEnd({
      wiki,
      section,
      // 'finished-before' does not occur, because the library cannot resume a run.
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
