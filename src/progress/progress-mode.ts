import { fstatSync, statSync } from 'node:fs';

/*
 * Decides how to show the progress of a run.
 */

/** How progress is shown on standard error: as one line that is redrawn, as plain lines, or not. */
export type ProgressMode = 'line' | 'plain-lines' | 'nothing';

/**
 * Returns how to show progress. The line is redrawn only if no rows can appear on the same
 * terminal: standard output is a file or /dev/null, or gets no rows. A pipe does not qualify,
 * because its reader may be a pager or `jq`, which writes to the terminal. A terminal that cannot
 * return to the start of a line (TERM=dumb) gets plain lines, and so does a standard error that is
 * not a terminal.
 *
 * @param rowsOnOutput the rows go to standard output
 */
export function chooseProgressMode(rowsOnOutput: boolean, env: NodeJS.ProcessEnv): ProgressMode {
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
    // Nothing can appear on the terminal through a closed descriptor.
    return true;
  }
}
