import type { Sink } from '../output/sink.js';
import type { Progress } from '../protocol/progress-report.js';
import type { ResultHandler } from '../protocol/response.js';

/** What the line is written on. */
export interface StatusScreen {
  write(text: string): void;
  /** In cells. */
  readonly columns: number;
  /** It cannot go back to the beginning of a line: nothing is shown. */
  readonly dumb: boolean;
}

/** Milliseconds: most statements end sooner, and a line that flashes up helps nobody. */
const delay = 1000;
const interval = 250;

/**
 * A line about the statement that runs, on the line where the cursor stands: for how long, and how
 * many rows have come, or how far the server says it is. It is gone before anything else is printed,
 * as long as that goes through `sink`, or `stop` was called.
 */
export class LiveStatus {
  readonly #screen: StatusScreen;
  #started = 0;
  #rows = 0;
  #progress: Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shown = '';

  constructor(screen: StatusScreen) {
    this.#screen = screen;
  }

  /** A statement begins, whose results go to `handler`: gives what they are to be given to. */
  watch(handler: ResultHandler): ResultHandler {
    this.stop();
    this.#started = performance.now();
    this.#rows = 0;
    this.#progress = undefined;
    if (!this.#screen.dumb) {
      this.#timer = setTimeout(() => {
        this.#paint();
        this.#timer = setInterval(() => this.#paint(), interval).unref();
      }, delay).unref();
    }
    return {
      ok: (ok) => {
        this.#progress = undefined;
        handler.ok(ok);
      },
      resultSet: (columns) => {
        this.#progress = undefined;
        this.#rows = 0;
        handler.resultSet(columns);
      },
      row: (bytes, start, end) => {
        this.#rows++;
        handler.row(bytes, start, end);
      },
      takeRows: (...chunk) => {
        const taken = handler.takeRows(...chunk);
        this.#rows += taken?.rows ?? 0;
        return taken;
      },
      endOfRows: (warnings) => handler.endOfRows(warnings),
      pressure: () => handler.pressure(),
      progress: (progress) => {
        this.#progress = progress;
        handler.progress?.(progress);
      },
    };
  }

  /** Takes the line away, if there is one; none comes until the next `watch`. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#shown === '') return;
    this.#shown = '';
    this.#screen.write('\r\x1b[K');
  }

  /** The terminal as a sink: what is written to it takes the line away. */
  sink(terminal: Sink): Sink {
    return {
      write: (bytes) => {
        this.stop();
        return terminal.write(bytes);
      },
    };
  }

  #paint(): void {
    const seconds = (performance.now() - this.#started) / 1000;
    const text = statusLine(seconds, this.#rows, this.#progress);
    // The last column stays free, where terminals differ in whether the cursor goes on.
    const line = [...text].slice(0, Math.max(this.#screen.columns - 1, 0)).join('');
    if (line === this.#shown) return;
    this.#shown = line;
    this.#screen.write(`\r${line}\x1b[K`);
  }
}

/**
 * `12.3 s`, `12.3 s · 1,234,000 rows`, or, with a report of the server's that the client shows in
 * like words, `1 min 5 s · stage 1 of 2 'copy to tmp table' 12.3%`.
 */
export function statusLine(seconds: number, rows: number, progress: Progress | undefined): string {
  const parts = [duration(seconds)];
  if (progress !== undefined) {
    const { stage, stages, percent, what } = progress;
    const done = `${percent.toFixed(1)}%`;
    parts.push(
      stages > 1
        ? `stage ${stage} of ${stages} '${shownWords(what)}' ${done}`
        : `'${shownWords(what)}' ${done}`,
    );
  }
  if (rows > 0) parts.push(`${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`);
  return parts.join(' · ');
}

function duration(seconds: number): string {
  if (seconds < 60) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  const whole = Math.floor(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A server's words, of which nothing must act on the terminal. */
function shownWords(words: Uint8Array): string {
  return Buffer.from(words)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '?');
}
