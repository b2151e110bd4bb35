import { PagedOutput } from '../../src/output/paged-output.js';
import { openStandardOutput } from '../../src/output/standard-output.js';

/** Arguments: the pager, how many lines, how many bytes each, lines and columns of the screen. */
const [command, count, size, rows, columns] = process.argv.slice(2);

/** Prints numbered lines through a pager; tells on standard error what happened. */
async function run(): Promise<void> {
  const tell = (text: string) => process.stderr.write(`${text}\n`);
  const paged = new PagedOutput({
    command: command === '' ? undefined : command,
    rows: Number(rows ?? 24),
    columns: Number(columns ?? 80),
    direct: openStandardOutput(),
    before: () => tell('before'),
    after: () => tell('after'),
    onQuit: () => tell('quit'),
    onMissing: (missing) => tell(`missing ${missing}`),
  });
  const lines = Number(count);
  let piece = '';
  for (let line = 1; line <= lines; line++) {
    piece += `${line} ${'x'.repeat(Number(size))}\n`;
    if (piece.length < 64 * 1024 && line < lines) continue;
    await paged.write(Buffer.from(piece));
    piece = '';
  }
  tell(`end ${await paged.end()}`);
}

void run();
