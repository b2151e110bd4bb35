import { fstatSync } from 'node:fs';
import { readerIsOnTerminal } from './foreground.js';

/**
 * How progress is told on standard error: as a line that is drawn over and over, as plain lines, or
 * not at all.
 */
export type Means = 'line' | 'plain-lines' | 'nothing';

/**
 * Which means fit. A terminal that shows the rows too, be it through a reader of standard output
 * (`| less`), is left to them; one that cannot go back to the beginning of a line (TERM=dumb) gets
 * plain lines, as what is no terminal does.
 *
 * @param rowsOnOutput the rows go to standard output
 */
export function meansOfProgress(rowsOnOutput: boolean, env: NodeJS.ProcessEnv): Means {
  const { isatty } = process.getBuiltinModule('node:tty');
  if (!isatty(2)) return 'plain-lines';
  if (rowsOnOutput && (isatty(1) || (isPipe(1) && readerIsOnTerminal()))) return 'nothing';
  const { TERM = '' } = env;
  return TERM === '' || TERM === 'dumb' ? 'plain-lines' : 'line';
}

function isPipe(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    // Closed.
    return false;
  }
}
