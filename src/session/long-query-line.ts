import { chooseProgressMode } from '../progress/progress-mode.js';
import { StatusLine } from '../progress/status-line.js';
import { formatBytes, formatClock, pluralize } from '../progress/units.js';
import type { StatementCounts } from './statement-observer.js';

/** Where a script's rows go and where its statements come from. */
export interface LongQueryOptions {
  /** The rows go to standard output instead of the file of --output. */
  rowsOnOutput: boolean;
  /** The statements come from standard input. */
  statementsOnInput: boolean;
}

/** The status line for a long-running statement. */
export class LongQueryLine {
  readonly #line = new StatusLine();

  show(counts: StatementCounts, seconds: number): void {
    this.#line.show(formatLongQuery(counts, seconds));
  }

  clear(): void {
    this.#line.clear();
  }

  close(): void {
    this.#line.close();
  }
}

/**
 * Returns the status line, or undefined if it cannot be drawn: standard error is not a terminal
 * with cursor control, the same terminal shows the rows, or the user types the statements there.
 */
export function openLongQueryLine(
  { rowsOnOutput, statementsOnInput }: LongQueryOptions,
  env: NodeJS.ProcessEnv,
): LongQueryLine | undefined {
  if (statementsOnInput && process.getBuiltinModule('node:tty').isatty(0)) return undefined;
  return chooseProgressMode(rowsOnOutput, env) === 'line' ? new LongQueryLine() : undefined;
}

/**
 * Returns the text of the line: `1,234,567 rows  45 MB  0:41`; before the first row
 * `running  0:41`.
 */
export function formatLongQuery({ allRows, bytes }: StatementCounts, seconds: number): string {
  const counted = allRows === 0 ? ['running'] : [pluralize(allRows, 'row'), formatBytes(bytes)];
  return [...counted, formatClock(seconds)].join('  ');
}
