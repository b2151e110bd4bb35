import { describe, expect, inject, it } from 'vitest';
import { runClient } from '../farm/run.js';
import { expectSame } from './compare.js';

const { address, port, socket } = inject('farm').places.s2;
const sql = ['-e', 'select user(), database()'];

/** `ADDRESS`, `PORT` and `SOCKET` in a line of options are those of itwiki's server. */
function words(line: string): string[] {
  const places = { ADDRESS: address, PORT: String(port), SOCKET: socket };
  const filled = line.replaceAll(/ADDRESS|PORT|SOCKET/g, (name) => places[name as 'PORT']);
  return filled.split(' ').filter((word) => word !== '');
}

/** Compares from scratch: expectSame's own host and port choose nothing, as they are taken back. */
function same(
  line: string,
  env: Record<string, string> = {},
  mask = (text: string) => text,
): Promise<void> {
  const args = ['--host=', '--port=0', '--protocol=', ...words(line), ...sql];
  return expectSame(args, { env, mask });
}

describe('host, port, socket and protocol: which of them counts', () => {
  it.each([
    '-h ADDRESS -P PORT',
    '-h ADDRESS -P PORT --protocol=socket',
    '-h ADDRESS -P PORT --protocol=TCP',
    '-h ADDRESS -P PORT --protocol=t',
    '-h ADDRESS -P PORT --protocol=',
    '-h ADDRESS -P PORT -S /no/such.sock',
    '-h ADDRESS -S SOCKET',
    '-h ADDRESS --protocol=pipe -P PORT',
    '-h ADDRESS -P PORT --protocol=pipe',
    '-S SOCKET',
    '-S SOCKET -h localhost',
    '-S SOCKET --host=',
    '-S SOCKET --protocol=tcp',
    '-S SOCKET -P PORT',
    '-S SOCKET --protocol=',
    '-S SOCKET --protocol=pipe',
    '-S SOCKET --protocol=p -P 1',
    '--protocol=tcp -S SOCKET',
    '--protocol=pipe -S SOCKET',
    '--protocol=pipe -P 1 -S SOCKET',
    '--protocol=MEMORY -S SOCKET',
    '-h localhost',
    '-h localhost -P PORT',
    '-h localhost -P PORT --protocol=',
    '-h localhost -P PORT -S SOCKET',
    '-h localhost -S SOCKET -P PORT',
    '-h localhost -P 1 --protocol=socket',
    '-h localhost --protocol=tcp',
    '-h localhost -S SOCKET --protocol=tcp',
    '-h LOCALHOST -S SOCKET',
    '-h 127.0.0.1 -S SOCKET',
    '--skip-socket -h localhost',
    '--skip-port -h ADDRESS',
    '--protocol=socket',
    '--protocol=bogus',
    '--protocol=1',
    '--skip-protocol',
  ])('%s', (line) => same(line));
});

describe('ports and sockets of the environment', () => {
  it.each([
    '-h ADDRESS',
    '-h ADDRESS -P PORT',
    '-h localhost',
    '-h localhost --protocol=tcp',
    '-S SOCKET',
    '-S /no/such.sock',
  ])('%s', async (line) => {
    await same(line, { MYSQL_TCP_PORT: String(port), MYSQL_UNIX_PORT: socket });
  });
});

describe('nobody there', () => {
  it.each([
    '-S /no/such.sock',
    '-S /etc/passwd',
    '-S /',
    '-S /dev/null/x',
    `-S /tmp/${'x'.repeat(100)}`,
    `-h ${'x'.repeat(150)}`,
    '-h 127.0.0.1 -P 1',
    '-h ::1 -P 1',
    '-h no.such.invalid',
    '-h 256.1.1.1',
    '-h . -P 1',
    '-h no_such_host',
    '-h ADDRESS -P 1 --connect-timeout=2',
  ])('%s', (line) => same(line));

  it('a socket whose path is too long', () => {
    // The client's number is that of whatever failed before: no call of the system fails here.
    const mask = (text: string) => text.replace(/(create UNIX socket) \(\d+\)/, '$1 (N)');
    return same(`-S /tmp/${'x'.repeat(103)}`, {}, mask);
  });
});

it('the cases are about something', async () => {
  const { stdout } = await runClient('s2', sql);
  expect(stdout.toString()).toContain('research@');
});
