const usual = 80;

/**
 * How many cells wide the terminal is on which the user types (observed: standard input's counts,
 * standard output's and COLUMNS do not); 80 if there is none, or none that tells.
 */
export function terminalWidth(): number {
  // Loaded late: tables alone ask for the width.
  const { isatty, WriteStream } = process.getBuiltinModule('node:tty');
  if (!isatty(0)) return usual;
  // Only a stream for writing knows its width. It is not closed: the descriptor is not ours.
  const stream = new WriteStream(0);
  stream.unref();
  return stream.columns || usual;
}
