import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs SQL as root through a server's socket. Throws with the message of the mariadb client. */
export async function loadSql(socket: string, sql: string): Promise<void> {
  const args = ['--no-defaults', '-uroot', `--socket=${socket}`, '--default-character-set=utf8mb4'];
  const client = spawn('mariadb', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let errorOutput = '';
  client.stderr.on('data', (data: Buffer) => {
    errorOutput += data.toString();
  });
  // A client that stops at an error closes the pipe; its exit status reports the error.
  client.stdin.on('error', () => {});
  client.stdin.end(sql);
  const [code] = await once(client, 'close');
  if (code !== 0) throw new Error(`loading into ${socket} failed: ${errorOutput.slice(0, 2000)}`);
}
