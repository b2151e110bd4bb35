import { describe, expect, inject, it } from 'vitest';
import { runClient } from '../farm/run.js';
import { expectSame } from './compare.js';

const { address, port, socket } = inject('farm').endpoints.s2;
const sql = ['-e', 'select user(), database()'];

/** Splits a line of options, with ADDRESS, PORT and SOCKET replaced by those of itwiki's server. */
function splitOptions(line: string): string[] {
  const replacements = { ADDRESS: address, PORT: String(port), SOCKET: socket };
  const expanded = line.replaceAll(/ADDRESS|PORT|SOCKET/g, (name) => replacements[name as 'PORT']);
  return expanded.split(' ').filter((word) => word !== '');
}

/** Compares the options of `line`; the first options cancel expectSame's own host and port. */
function expectSameConnection(
  line: string,
  env: Record<string, string> = {},
  mask = (text: string) => text,
): Promise<void> {
  const args = ['--host=', '--port=0', '--protocol=', ...splitOptions(line), ...sql];
  return expectSame(args, { env, mask });
}

describe('chooses between host, port, socket and protocol as the client does', () => {
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
  ])('%s', (line) => expectSameConnection(line));
});

describe('uses port and socket of the environment as the client does', () => {
  it.each([
    '-h ADDRESS',
    '-h ADDRESS -P PORT',
    '-h localhost',
    '-h localhost --protocol=tcp',
    '-S SOCKET',
    '-S /no/such.sock',
  ])('%s', async (line) => {
    await expectSameConnection(line, { MYSQL_TCP_PORT: String(port), MYSQL_UNIX_PORT: socket });
  });
});

describe('the command connect chooses between host, port, socket and protocol as the client does', () => {
  it.each([
    ['-h ADDRESS -P PORT', 'localhost'],
    ['-h ADDRESS -P PORT', 'LOCALHOST'],
    ['-h ADDRESS -P PORT -S SOCKET', 'localhost'],
    ['-h ADDRESS -S SOCKET -P PORT', 'localhost'],
    ['-h ADDRESS -P PORT -S SOCKET --protocol=tcp', 'localhost'],
    ['-h ADDRESS -P PORT --protocol=socket', 'localhost'],
    ['-S SOCKET', 'localhost'],
    ['-S SOCKET', 'ADDRESS'],
    ['-P PORT -S SOCKET', 'ADDRESS'],
    ['-P PORT -S SOCKET', "''"],
    ['-S SOCKET', 'no.such.invalid'],
  ])('%s, connect itwiki %s', async (line, host) => {
    const input = `connect itwiki ${splitOptions(host)[0]}
select database();
connect itwiki localhost
select database();
connect
select database();`;
    const args = ['--host=', '--port=0', '--protocol=', ...splitOptions(line), '-f'];
    for (const env of [{}, { MYSQL_UNIX_PORT: socket, MYSQL_TCP_PORT: String(port) }]) {
      await expectSame(args, { env, input });
    }
  });
});

describe('reports a failed connection as the client does', () => {
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
  ])('%s', (line) => expectSameConnection(line));

  it('a socket whose path is too long', () => {
    // The client prints the errno of an earlier failure, since no system call fails here.
    const mask = (text: string) => text.replace(/(create UNIX socket) \(\d+\)/, '$1 (N)');
    return expectSameConnection(`-S /tmp/${'x'.repeat(103)}`, {}, mask);
  });
});

it('the client connects with the default options', async () => {
  const { stdout } = await runClient('s2', sql);
  expect(stdout.toString()).toContain('research@');
});
