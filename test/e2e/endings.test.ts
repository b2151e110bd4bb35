import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { endingSignals } from '../../src/signals.js';
import { referenceArguments } from '../farm/reference-client.js';
import { clientArguments, program, runClient, startOurs } from '../farm/run.js';
import { onServer, running } from '../shell/server.js';
import { homeWithCredentials } from './home.js';

let HOME: string;
beforeAll(() => {
  HOME = homeWithCredentials();
});

const soon = { timeout: 10_000, interval: 100 };

describe('a signal', () => {
  it.each(endingSignals)('%s ends the query on the server, then the program', async (signal) => {
    const mark = `mark_${signal}`;
    const child = startOurs(['itwiki', '-e', `select sleep(60) as ${mark}`], { env: { HOME } });
    let stderr = '';
    child.stderr?.on('data', (data) => {
      stderr += data;
    });
    child.stdin?.end();
    const closed = once(child, 'close');
    await expect.poll(() => running(mark), soon).toBe(1);
    child.kill(signal);
    const [code, endedBy] = await closed;
    expect({ code, endedBy, stderr }).toEqual({ code: null, endedBy: signal, stderr: '' });
    await expect.poll(() => running(mark), soon).toBe(0);
  });

  it('ends the program if nobody reads its output', async () => {
    const mark = 'mark_stalled';
    const sql = `select repeat('x', 1000) as ${mark} from seq_1_to_1000000`;
    const child = startOurs(['itwiki', '-e', sql], { env: { HOME } });
    child.stdin?.end();
    child.stdout?.pause();
    await expect.poll(() => running(mark), soon).toBe(1);
    child.kill('SIGINT');
    const [, endedBy] = await once(child, 'exit');
    expect(endedBy).toBe('SIGINT');
    await expect.poll(() => running(mark), soon).toBe(0);
  });

  it('ends the program if it waits for input', async () => {
    // The lock shows that the program has connected and is about to read its input.
    const lock = "--init-command=do get_lock('waits_for_input', 0)";
    const child = startOurs([lock, 'itwiki'], { env: { HOME } });
    const lockHolder = () => onServer("select is_used_lock('waits_for_input')");
    await expect.poll(lockHolder, soon).not.toBe('NULL');
    child.kill('SIGINT');
    const [, endedBy] = await once(child, 'exit');
    expect(endedBy).toBe('SIGINT');
  });
});

describe('a query that cannot be killed, because its user may not open a second connection', () => {
  async function asAdmin(sql: string): Promise<void> {
    const { name, password } = inject('farm').users.admin;
    const { stderr } = await runClient('s2', [`-u${name}`, `-p${password}`, '-e', sql]);
    expect(stderr).toBe('');
  }

  /** Returns the standard error of a run that ends on SIGINT while its query continues. */
  async function runInterrupted(user: string, more: string[]): Promise<string> {
    await asAdmin(
      `create user ${user} identified by 'x' with max_user_connections 1; grant select on itwiki.* to ${user}`,
    );
    const mark = `mark_of_${user}`;
    const args = [`-u${user}`, '-px', ...more, '-e', `select sleep(60) as ${mark}`];
    const child = startOurs(args, { env: { HOME } });
    let stderr = '';
    child.stderr?.on('data', (data) => {
      stderr += data;
    });
    child.stdin?.end();
    const closed = once(child, 'close');
    try {
      await expect.poll(() => running(mark), soon).toBe(1);
      child.kill('SIGINT');
      expect((await closed)[1]).toBe('SIGINT');
      expect(await running(mark)).toBe(1);
    } finally {
      await asAdmin(`kill user ${user}; drop user ${user}`);
    }
    return stderr;
  }

  const expectedWarning = (user: string) =>
    new RegExp(
      `^analytics-mysql: a statement may still be running on dbstore1007\\.eqiad\\.wmnet:3312, connection id (\\d+) \\(User '${user}' has exceeded .*\\); use 'KILL \\1' there to end it$`,
      'm',
    );

  it('is reported in batch mode', async () => {
    const stderr = await runInterrupted('one_in_batch', ['itwiki']);
    expect(stderr).toMatch(expectedWarning('one_in_batch'));
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('is reported with --wikis', async () => {
    const stderr = await runInterrupted('one_of_many', ['--wikis', 'itwiki', '--per-section', '1']);
    expect(stderr).toMatch(expectedWarning('one_of_many'));
  });
});

describe('standard output', () => {
  /** Runs a command line in bash; returns its standard output and error, interleaved. */
  async function runBash(line: string): Promise<string> {
    const { nameserver, mwConfigPath } = inject('farm');
    const child = spawn('bash', ['-c', line], {
      env: {
        PATH: `${join(program, '..')}:${process.env.PATH}`,
        HOME,
        ANALYTICS_MYSQL_NAMESERVER: nameserver,
        ANALYTICS_MYSQL_MW_CONFIG_PATH: mwConfigPath,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    await once(child, 'close');
    return output;
  }

  it('closed early by its reader ends the program without a message, and the query on the server', async () => {
    const mark = 'mark_pipe';
    const sql = `select seq, sleep(0.0001) as ${mark} from seq_1_to_1000000`;
    const line = `analytics-mysql itwiki -e '${sql}' | head -n 2; echo "status \${PIPESTATUS[0]}"`;
    expect(await runBash(line)).toBe(`seq\t${mark}\n1\t0\nstatus 0\n`);
    await expect.poll(() => running(mark), soon).toBe(0);
  });

  it('on a full disk causes an error and a non-zero exit status', async () => {
    const line = `analytics-mysql itwiki -e 'select 1' > /dev/full; echo "status $?"`;
    expect(await runBash(line)).toBe(
      'analytics-mysql: cannot write the output (no space left on the device): it is incomplete\nstatus 1\n',
    );
  });

  it('on a full disk ends the query too', async () => {
    const mark = 'mark_full';
    const sql = `select repeat("x", 1000) as ${mark}, seq from seq_1_to_1000000`;
    const line = `analytics-mysql itwiki -e '${sql}' > /dev/full; echo "status $?"`;
    expect(await runBash(line)).toMatch(/no space left on the device.*\nstatus 1\n$/);
    await expect.poll(() => running(mark), soon).toBe(0);
  });

  it('closed from the start causes no error, as with the client', async () => {
    const ours = await runBash(`analytics-mysql itwiki -e 'select 1' >&-; echo "status $?"`);
    const login = referenceArguments(clientArguments('s2')).join(' ');
    const client = `mariadb ${login} -e 'select 1' >&-; echo "status $?"`;
    expect(ours).toBe(await runBash(client));
  });

  it('shared with another program stays in blocking mode', async () => {
    const sql = "select repeat('x', 100) from seq_1_to_20000";
    // Both programs share the open file description; the kernel shows its flags here.
    const flags = 'sed -n s/flags:.//p /proc/self/fdinfo/1 >&2';
    const line = `(analytics-mysql itwiki -Ne "${sql}"; ${flags}; head -c 3000000 /dev/zero) | wc -c`;
    const [shared, size] = (await runBash(line)).trim().split(/\s+/);
    expect(Number.parseInt(shared ?? '', 8) & constants.O_NONBLOCK).toBe(0);
    expect(size).toBe(String(20_000 * 101 + 3_000_000));
  });
});
