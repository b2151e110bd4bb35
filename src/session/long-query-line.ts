import { progressMode } from '../progress/progress-mode.js';
import { StatusLine } from '../progress/status-line.js';
import { bytesText, clockText, counted } from '../progress/units.js';
import type { StatementCounts } from './statement-watch.js';

export interface LongQueryOptions {
  /** The rows go to standard output, not to a file of their own. */
  rowsOnOutput: boolean;
  /** The statements come from standard input. */
  statementsOnInput: boolean;
}

/** The line about a statement that takes long. */
export class LongQueryLine {
  readonly #line = new StatusLine();

  show(counts: StatementCounts, seconds: number): void {
    this.#line.show(longQueryText(counts, seconds));
  }

  clear(): void {
    this.#line.clear();
  }

  close(): void {
    this.#line.close();
  }
}

/**
 * The line, or undefined where none can be drawn: standard error is no terminal that can draw, shows
 * the rows too, or is where the next statement is being typed.
 */
export function openLongQueryLine(
  { rowsOnOutput, statementsOnInput }: LongQueryOptions,
  env: NodeJS.ProcessEnv,
): LongQueryLine | undefined {
  if (statementsOnInput && process.getBuiltinModule('node:tty').isatty(0)) return undefined;
  return progressMode(rowsOnOutput, env) === 'line' ? new LongQueryLine() : undefined;
}

/** `1,234,567 rows  45 MB  0:41`; until rows come, `running  0:41`. */
export function longQueryText({ allRows, bytes }: StatementCounts, seconds: number): string {
  const came = allRows === 0 ? ['running'] : [counted(allRows, 'row'), bytesText(bytes)];
  return [...came, clockText(seconds)].join('  ');
}
