import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { endingSignals } from '../../src/signals.js';
import { clientArguments, type RunResult, runInBash } from '../farm/run.js';
import { running } from '../shell/server.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

let HOME: string;
beforeAll(() => {
  HOME = homeWithCredentials();
});

/** Waits until the statement containing `mark` is running on itwiki's server. */
async function waitForStatement(mark: string): Promise<void> {
  await expect.poll(() => running(mark), { timeout: 10_000, interval: 50 }).toBe(1);
}

/**
 * Runs `line` with `signals` ignored, sends each of them while the statement containing `mark` runs,
 * and returns the result of the run.
 */
async function sendIgnored(
  signals: readonly NodeJS.Signals[],
  line: string,
  mark: string,
): Promise<RunResult> {
  const names = signals.map((signal) => signal.slice(3)).join(' ');
  const { child, ended } = runInBash(`trap '' ${names}; exec ${line}`, { env: { HOME } });
  await waitForStatement(mark);
  for (const signal of signals) child.kill(signal);
  return ended;
}

const finished = { code: 0, signal: null, stderr: '' };

describe('signals that are ignored when the program starts stay ignored', () => {
  it.each(endingSignals)('%s in batch', async (signal) => {
    const mark = `ignored_${signal}`;
    const line = `analytics-mysql itwiki -Ne 'select sleep(1) as ${mark}, 7'`;
    const { stdout, ...end } = await sendIgnored([signal], line, mark);
    expect({ ...end, stdout: stdout.toString() }).toEqual({ ...finished, stdout: '0\t7\n' });
  });

  it('all of them with --output', async () => {
    const file = join(emptyDirectory(), 'x.tsv');
    const line = `analytics-mysql itwiki --output '${file}' -e 'select sleep(1) as ignored_output'`;
    expect(await sendIgnored(endingSignals, line, 'ignored_output')).toMatchObject(finished);
    expect(readFileSync(file, 'latin1')).toBe('ignored_output\n0\n');
  });

  it('all of them with --wikis', async () => {
    const line = "analytics-mysql --wikis itwiki -s -e 'select sleep(1) as ignored_wikis'";
    const { stdout, ...end } = await sendIgnored(endingSignals, line, 'ignored_wikis');
    expect({ ...end, stdout: stdout.toString() }).toEqual({
      ...finished,
      stdout: 'itwiki\t0\n',
    });
  });

  it('SIGHUP and SIGTERM with --client mariadb', async () => {
    const line = "analytics-mysql itwiki --client mariadb -Ne 'select sleep(1) as ignored_client'";
    const { stdout, ...end } = await sendIgnored(['SIGHUP', 'SIGTERM'], line, 'ignored_client');
    expect({ ...end, stdout: stdout.toString() }).toEqual({ ...finished, stdout: '0\n' });
  });

  it('SIGHUP and SIGTERM with the mariadb client itself', async () => {
    const line = `mariadb ${clientArguments('s2').join(' ')} -Ne 'select sleep(1) as ignored_theirs'`;
    const { stdout, ...end } = await sendIgnored(['SIGHUP', 'SIGTERM'], line, 'ignored_theirs');
    expect({ ...end, stdout: stdout.toString() }).toEqual({ ...finished, stdout: '0\n' });
  });
});

describe('a child process', () => {
  /** Prints the mask of the signals that the process ignores, see proc(5). */
  const printIgnored = 'grep SigIgn /proc/self/status';
  const parseMask = (text: string) => Number.parseInt(text.split(/\s+/)[1]?.slice(-4) ?? '', 16);

  it('of the command system ignores them too, and does not inherit the IGNORED_SIGNALS variable', async () => {
    const commands = `\\! ${printIgnored}\n\\! env | grep -c IGNORED_SIGNALS || true\n`;
    const line = `trap '' HUP QUIT; printf '%s' '${commands}' | analytics-mysql itwiki`;
    const { stdout, stderr, code } = await runInBash(line, { env: { HOME } }).ended;
    expect(stderr).toBe('');
    const [signals = '', variables = ''] = stdout.toString().split('\n');
    expect({
      ignored: parseMask(signals) & 0b110,
      hangUp: parseMask(signals) & 1,
      variables,
      code,
    }).toEqual({
      ignored: 0b100,
      hangUp: 1,
      variables: '0',
      code: 0,
    });
  });

  it('of --client that does not exist still causes a clear error', async () => {
    const line = "trap '' HUP; exec analytics-mysql itwiki --client no-such-client -e 'select 1'";
    expect(await runInBash(line, { env: { HOME } }).ended).toMatchObject({
      code: 13,
      stderr: "analytics-mysql: cannot start 'no-such-client': there is no such program\n",
    });
  });
});

it('SIGQUIT and SIGTERM are passed on to --client, and end the program too', async () => {
  for (const signal of ['SIGQUIT', 'SIGTERM'] as const) {
    const mark = `passed_on_${signal}`;
    const line = `exec analytics-mysql itwiki --client mariadb -e 'select sleep(60) as ${mark}'`;
    const { child, ended } = runInBash(line, { env: { HOME } });
    await waitForStatement(mark);
    child.kill(signal);
    const { code, signal: endedBy } = await ended;
    // The client catches SIGQUIT and exits with status 1.
    expect([signal, endedBy ?? code]).toEqual([signal, signal === 'SIGTERM' ? signal : 1]);
  }
});

it('a loop of bash stops when Ctrl-C ends the run', async () => {
  const after = join(emptyDirectory(), 'after');
  const script = join(emptyDirectory(), 'loop');
  const statement = "analytics-mysql itwiki -e 'select sleep(60) as mark_loop'";
  writeFileSync(script, `#!/bin/bash\nfor i in 1 2; do ${statement}; touch '${after}'; done\n`);
  chmodSync(script, 0o755);
  const { child, ended } = runInBash(`exec setsid '${script}'`, { env: { HOME } });
  await waitForStatement('mark_loop');
  // setsid makes the shell the leader of a process group; Ctrl-C sends SIGINT to the whole group.
  process.kill(-Number(child.pid), 'SIGINT');
  await ended;
  expect(existsSync(after)).toBe(false);
});
