/** What a server exceeded: the time for a wiki, or the time without an answer. */
export type ExceededLimit = 'wiki' | 'silence';

/** The limits of a ServerTimer in milliseconds; Infinity: no limit. */
export interface ServerTimeLimits {
  wikiMs: number;
  silenceMs: number;
}

/** How long a server may be silent when it should answer at once, in milliseconds. */
export const answerLimitMs = 30_000;

/**
 * Returns how long a server may be silent during a statement, in milliseconds: it ends the statement
 * itself after `maxStatementTime` seconds (0: never).
 */
export function getSilenceLimitMs(maxStatementTime: number): number {
  return maxStatementTime > 0 ? maxStatementTime * 1000 + answerLimitMs : Number.POSITIVE_INFINITY;
}

/** The source of the bytes of a server. */
interface ByteSource {
  /** The number of bytes that the server has sent. */
  readonly bytesReceived: number;
}

/**
 * Measures the time that a server takes for its wikis, and for which it is silent, while it is not
 * held back by this program.
 */
export class ServerTimer {
  readonly #source: ByteSource;
  readonly #limits: ServerTimeLimits;
  readonly #onExceeded: (limit: ExceededLimit) => void;
  readonly #interval: NodeJS.Timeout | undefined;
  #isHeld = false;
  #bytes: number;
  #silentMs = 0;
  #wikiMs: number;
  /** Milliseconds of `process.uptime`. */
  #measuredAt = now();
  /** The limit that was exceeded, if any; the timer has stopped then. */
  exceeded: ExceededLimit | undefined;

  /**
   * Starts to measure. `usedMs`: the time that earlier attempts at the first wiki took. Calls
   * `onExceeded` at most once.
   */
  constructor(
    source: ByteSource,
    limits: ServerTimeLimits,
    onExceeded: (limit: ExceededLimit) => void,
    usedMs = 0,
  ) {
    this.#source = source;
    this.#limits = limits;
    this.#onExceeded = onExceeded;
    this.#wikiMs = usedMs;
    this.#bytes = source.bytesReceived;
    const shortest = Math.min(limits.wikiMs, limits.silenceMs);
    if (shortest < Number.POSITIVE_INFINITY) {
      this.#interval = setInterval(() => this.#check(), Math.min(Math.max(shortest / 10, 10), 500));
    }
  }

  /** The time that the current wiki has taken, in milliseconds. */
  get wikiMs(): number {
    this.#measure();
    return this.#wikiMs;
  }

  /** Begins the next wiki of the same query. */
  beginWiki(): void {
    this.#measure();
    this.#wikiMs = 0;
  }

  /** The server is held back until the promise is settled; that time does not count. */
  hold(wait: Promise<void>): void {
    this.#measure();
    this.#isHeld = true;
    const release = () => {
      this.#measure();
      this.#isHeld = false;
    };
    wait.then(release, release);
  }

  stop(): void {
    this.#measure();
    clearInterval(this.#interval);
  }

  #measure(): void {
    const measuredAt = now();
    const elapsed = this.#isHeld ? 0 : measuredAt - this.#measuredAt;
    this.#measuredAt = measuredAt;
    this.#wikiMs += elapsed;
    const { bytesReceived } = this.#source;
    this.#silentMs = bytesReceived === this.#bytes ? this.#silentMs + elapsed : 0;
    this.#bytes = bytesReceived;
  }

  #check(): void {
    this.#measure();
    const { wikiMs, silenceMs } = this.#limits;
    if (this.#wikiMs >= wikiMs) this.exceeded = 'wiki';
    else if (this.#silentMs >= silenceMs) this.exceeded = 'silence';
    if (this.exceeded === undefined) return;
    this.stop();
    this.#onExceeded(this.exceeded);
  }
}

function now(): number {
  return process.uptime() * 1000;
}
