import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Task } from './measure.js';

const ready = 'the connection is open';
const done = 'that was all';

/**
 * Returns a task that times one section alone: the mariadb client runs `sql` on each wiki in turn, on
 * one connection. The time is from the first of these statements to the last answer, without the
 * client's start-up and login. `login` are the client's arguments; credentials are in `env`.
 */
export function timeSection(
  login: string[],
  wikis: readonly string[],
  sql: string,
  env: Record<string, string>,
): Task {
  const script = wikis.map((wiki) => `use ${wiki};\n${sql};\n`).join('');
  return async () => {
    // With --unbuffered, the client writes after each statement, which shows when it is ready.
    const client = spawn('mariadb', [...login, '-BN', '--quick', '--unbuffered'], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exit = once(client, 'exit');
    const waitForLine = createLineWaiter(client.stdout);
    client.stdin.write(`select '${ready}';\n`);
    await waitForLine(ready);
    const started = performance.now();
    client.stdin.write(`${script}select '${done}';\n`);
    await waitForLine(done);
    const wall = performance.now() - started;
    client.stdin.end();
    const [code] = await exit;
    if (code !== 0) throw new Error(`mariadb ended with ${code}`);
    return wall;
  };
}

/** Discards the output; returns a function that waits until the output ends with a line. */
function createLineWaiter(stream: NodeJS.ReadableStream): (line: string) => Promise<void> {
  let end = '';
  let onData = () => {};
  stream.on('data', (chunk: Buffer) => {
    end = (end + chunk.toString('latin1', Math.max(0, chunk.length - 80))).slice(-80);
    onData();
  });
  return (line) =>
    new Promise((resolve, reject) => {
      onData = () => {
        if (end.endsWith(`${line}\n`)) resolve();
      };
      stream.once('end', () => reject(new Error(`the client ended before it printed: ${line}`)));
      onData();
    });
}
