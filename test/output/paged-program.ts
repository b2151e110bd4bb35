import { PagedOutput } from '../../src/output/paged-output.js';
import { openStandardOutput } from '../../src/output/standard-output.js';

/**
 * Arguments: the pager, the number of lines, the bytes per line, the screen's lines and columns.
 */
const [command, count, size, rows, columns] = process.argv.slice(2);

/** Prints numbered lines through a pager, and the calls of the callbacks to standard error. */
async function run(): Promise<void> {
  const printEvent = (text: string) => process.stderr.write(`${text}\n`);
  const paged = new PagedOutput({
    command: command === '' ? undefined : command,
    rows: Number(rows ?? 24),
    columns: Number(columns ?? 80),
    directSink: openStandardOutput(),
    onStart: () => printEvent('start'),
    onExit: () => printEvent('exit'),
    onQuit: () => printEvent('quit'),
    onMissing: (missing) => printEvent(`missing ${missing}`),
  });
  const lines = Number(count);
  let piece = '';
  for (let line = 1; line <= lines; line++) {
    piece += `${line} ${'x'.repeat(Number(size))}\n`;
    if (piece.length < 64 * 1024 && line < lines) continue;
    await paged.write(Buffer.from(piece));
    piece = '';
  }
  printEvent(`end ${await paged.end()}`);
}

void run();
