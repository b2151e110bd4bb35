import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Task } from './measure.js';

const ready = 'the connection is open';
const done = 'that was all';

/**
 * What one section takes for itself: the client asks `sql` of each of the wikis in turn, on one
 * connection. The clock runs from the first of these statements to the last answer, so that neither
 * the client's start nor logging in counts. `login` leads to the server; credentials are in `env`.
 */
export function sectionAlone(
  login: string[],
  wikis: readonly string[],
  sql: string,
  env: Record<string, string>,
): Task {
  const script = wikis.map((wiki) => `use ${wiki};\n${sql};\n`).join('');
  return async () => {
    // Unbuffered, it writes at each statement's end: else nobody would see when it is ready.
    const client = spawn('mariadb', [...login, '-BN', '--quick', '--unbuffered'], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exit = once(client, 'exit');
    const says = waiterFor(client.stdout);
    client.stdin.write(`select '${ready}';\n`);
    await says(ready);
    const started = performance.now();
    client.stdin.write(`${script}select '${done}';\n`);
    await says(done);
    const wall = performance.now() - started;
    client.stdin.end();
    const [code] = await exit;
    if (code !== 0) throw new Error(`mariadb ended with ${code}`);
    return wall;
  };
}

/** Reads and drops what is said; gives what waits until a line has been said. */
function waiterFor(stream: NodeJS.ReadableStream): (line: string) => Promise<void> {
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
      stream.once('end', () => reject(new Error(`the client ended before it said: ${line}`)));
      onData();
    });
}
