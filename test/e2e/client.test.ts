import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { runOurs, startOurs } from '../farm/run.js';
import { credentialsFile, emptyDirectory, homeWithCredentials } from './home.js';

let HOME: string;
beforeAll(() => {
  HOME = homeWithCredentials();
});

/** The client would reject the farm's certificate authority: it checks certificates since 11.4. */
const withClient = ['itwiki', '--client', 'mariadb', '--disable-ssl-verify-server-cert'];

describe('--client runs the real client', () => {
  it('with the target and the credentials', async () => {
    const sql = 'select database(), current_user(), @@port';
    const args = [...withClient, '-Ne', sql];
    const { stdout, stderr, code } = await runOurs(args, { env: { HOME } });
    expect({ stdout: stdout.toString(), stderr, code }).toEqual({
      stdout: 'itwiki\tresearch@%\t3312\n',
      stderr: '',
      code: 0,
    });
  });

  it('with the options of the client', async () => {
    const args = [...withClient, '--html', '-e', 'select 1'];
    const { stdout } = await runOurs(args, { env: { HOME } });
    expect(stdout.toString()).toBe(
      '<TABLE BORDER=1><TR><TH>1</TH></TR><TR><TD>1</TD></TR></TABLE>',
    );
  });

  it('with standard input', async () => {
    const args = withClient;
    const { stdout } = await runOurs(args, { env: { HOME }, input: 'select 1+1' });
    expect(stdout.toString()).toBe('1+1\n2\n');
  });

  it('and exits with the same status', async () => {
    const script = join(emptyDirectory(), 'client');
    writeFileSync(script, '#!/bin/sh\nexit 42\n');
    chmodSync(script, 0o755);
    expect((await runOurs(['itwiki', '--client', script], { env: { HOME } })).code).toBe(42);
  });

  it('and ends by the same signal', async () => {
    const script = join(emptyDirectory(), 'client');
    writeFileSync(script, '#!/bin/sh\nkill -TERM $$\n');
    chmodSync(script, 0o755);
    expect((await runOurs(['itwiki', '--client', script], { env: { HOME } })).signal).toBe(
      'SIGTERM',
    );
  });

  it('without the password in its arguments', async () => {
    const directory = emptyDirectory();
    const script = join(directory, 'client');
    writeFileSync(
      script,
      `#!/bin/sh\necho "$@" > ${directory}/seen\ncat /dev/fd/3 > ${directory}/options\n`,
    );
    chmodSync(script, 0o755);
    const { name, password } = inject('farm').users.admin;
    const args = ['itwiki', '--client', script, `-u${name}`, `-p${password}`];
    await runOurs(args, { env: { HOME } });
    expect(readFileSync(join(directory, 'seen'), 'utf8')).not.toContain(password);
    expect(readFileSync(join(directory, 'options'), 'utf8')).toContain(password);
  });
});

it('a password on the command line does not show in the process list', async () => {
  const { name, password } = inject('farm').users.admin;
  const child = startOurs(['itwiki', `-u${name}`, `-p${password}`, '-e', 'select sleep(20)']);
  child.stdin?.end();
  const commandLine = () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
  await expect.poll(commandLine, { timeout: 10_000 }).toContain('analytics-mysql itwiki');
  expect(commandLine()).not.toContain(password);
  child.kill('SIGTERM');
});

it('a password in a file does not show in the process list', async () => {
  const file = join(emptyDirectory(), 'credentials.cnf');
  credentialsFile(file, 'admin');
  const args = ['itwiki', `--defaults-file=${file}`, '-e', 'select sleep(20)'];
  const child = startOurs(args);
  child.stdin?.end();
  const commandLine = () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
  await expect.poll(commandLine, { timeout: 10_000 }).toContain('itwiki');
  expect(commandLine()).not.toContain(inject('farm').users.admin.password);
  child.kill('SIGTERM');
});
