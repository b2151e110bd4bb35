import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs SQL as root through a server's socket; throws with the mariadb client's message. */
export async function loadSql(socket: string, sql: string): Promise<void> {
  const args = ['--no-defaults', '-uroot', `--socket=${socket}`, '--default-character-set=utf8mb4'];
  const client = spawn('mariadb', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  client.stderr.on('data', (data: Buffer) => {
    complaint += data.toString();
  });
  // A client that stops at an error closes its end; its exit code tells.
  client.stdin.on('error', () => {});
  client.stdin.end(sql);
  const [code] = await once(client, 'close');
  if (code !== 0) throw new Error(`loading into ${socket} failed: ${complaint.slice(0, 2000)}`);
}
