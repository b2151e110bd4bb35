import type { Sink } from '../output/sink.js';
import type { Progress } from '../protocol/progress-report.js';
import type { ResultHandler } from '../protocol/response.js';

/** The terminal that shows the status line. */
export interface StatusScreen {
  write(text: string): void;
  /** The width in cells. */
  readonly columns: number;
  /** The terminal cannot move the cursor to the beginning of a line, so that nothing is shown. */
  readonly isDumb: boolean;
}

/** The line appears only after this time, because most statements end sooner. */
const delayMs = 1000;
/** The time between two updates of the line. */
const intervalMs = 250;

/**
 * Shows the status of the running statement on the cursor's line: the time, and the number of rows
 * or the server's progress report. The line is removed before anything else is printed, provided
 * that the output goes through `sink` or that `stop` is called first.
 */
export class LiveStatus {
  readonly #screen: StatusScreen;
  #startedAt = 0;
  #rows = 0;
  #progress: Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shownLine = '';

  constructor(screen: StatusScreen) {
    this.#screen = screen;
  }

  /** Starts to observe a statement. Returns a handler that counts the results and forwards them. */
  observe(handler: ResultHandler): ResultHandler {
    this.stop();
    this.#startedAt = performance.now();
    this.#rows = 0;
    this.#progress = undefined;
    if (!this.#screen.isDumb) {
      this.#timer = setTimeout(() => {
        this.#paint();
        this.#timer = setInterval(() => this.#paint(), intervalMs).unref();
      }, delayMs).unref();
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
      backPressure: () => handler.backPressure(),
      progress: (progress) => {
        this.#progress = progress;
        handler.progress?.(progress);
      },
    };
  }

  /** Removes the line, if any, and shows none until the next observe(). */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#shownLine === '') return;
    this.#shownLine = '';
    this.#screen.write('\r\x1b[K');
  }

  /** Returns a sink that removes the line before it writes to the terminal. */
  sink(terminal: Sink): Sink {
    return {
      write: (bytes) => {
        this.stop();
        return terminal.write(bytes);
      },
    };
  }

  #paint(): void {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const text = formatStatusLine(seconds, this.#rows, this.#progress);
    // The last column stays empty, because terminals differ in whether the cursor wraps there.
    const line = [...text].slice(0, Math.max(this.#screen.columns - 1, 0)).join('');
    if (line === this.#shownLine) return;
    this.#shownLine = line;
    this.#screen.write(`\r${line}\x1b[K`);
  }
}

/**
 * Returns the text of the line: `12.3 s`, `12.3 s · 1,234,000 rows`, or, with a progress report of
 * the server, `1 min 5 s · stage 1 of 2 'copy to tmp table' 12.3%`. (The client uses similar
 * words.)
 */
export function formatStatusLine(
  seconds: number,
  rows: number,
  progress: Progress | undefined,
): string {
  const parts = [formatDuration(seconds)];
  if (progress !== undefined) {
    const { stage, stages, percent, what } = progress;
    const percentText = `${percent.toFixed(1)}%`;
    parts.push(
      stages > 1
        ? `stage ${stage} of ${stages} '${toPrintableAscii(what)}' ${percentText}`
        : `'${toPrintableAscii(what)}' ${percentText}`,
    );
  }
  if (rows > 0) parts.push(`${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`);
  return parts.join(' · ');
}

function formatDuration(seconds: number): string {
  if (seconds < 60) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  const wholeSeconds = Math.floor(seconds);
  const minutes = Math.floor(wholeSeconds / 60);
  if (minutes < 60) return `${minutes} min ${wholeSeconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * Replaces all but printable ASCII by `?`, so that the server's text cannot control the terminal.
 */
function toPrintableAscii(words: Uint8Array): string {
  return Buffer.from(words)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '?');
}
