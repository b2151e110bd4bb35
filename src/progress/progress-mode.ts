import { fstatSync, statSync } from 'node:fs';

/**
 * How progress is told on standard error: as a line that is drawn over and over, as plain lines, or
 * not at all.
 */
export type ProgressMode = 'line' | 'plain-lines' | 'nothing';

/**
 * How to show progress. A line is drawn only where no rows can appear on the same terminal: standard
 * output is a file or /dev/null, or gets no rows. The reader of a pipe may be a pager or `jq`, which
 * write to the terminal. A terminal that cannot return to the start of a line (TERM=dumb) gets plain
 * lines, as does a standard error that is not a terminal.
 *
 * @param rowsOnOutput the rows go to standard output
 */
export function progressMode(rowsOnOutput: boolean, env: NodeJS.ProcessEnv): ProgressMode {
  const { isatty } = process.getBuiltinModule('node:tty');
  if (!isatty(2)) return 'plain-lines';
  if (rowsOnOutput && !isFileOrNull(1)) return 'nothing';
  const { TERM = '' } = env;
  return TERM === '' || TERM === 'dumb' ? 'plain-lines' : 'line';
}

function isFileOrNull(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFile() || (stat.isCharacterDevice() && stat.rdev === statSync('/dev/null').rdev);
  } catch {
    // A closed descriptor shows nothing.
    return true;
  }
}
