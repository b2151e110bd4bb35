import { afterAll, beforeAll, describe, vi } from 'vitest';
import { type Farm, startFarm } from '../farm/farm.js';
import { test } from '../farm/on-terminal.js';
import { killServer } from '../farm/restart.js';
import { runMariadb } from '../farm/run.js';
import { isAlive } from '../farm/tmux.js';

let farm: Farm;
let restarted: { stop(): Promise<void> } | undefined;

beforeAll(async () => {
  farm = await startFarm({ sections: ['s2'] });
});

afterAll(async () => {
  await restarted?.stop();
  await farm.stop();
});

/** Runs SQL as the administrator of this file's farm; returns the output without column names. */
async function asAdmin(sql: string): Promise<string> {
  const { name, password } = farm.users.admin;
  const address = ['-h', farm.address('s2'), '-P', String(farm.port('s2'))];
  const login = [`-u${name}`, `-p${password}`];
  const { stdout, stderr } = await runMariadb(['--no-defaults', ...address, ...login, '-Ne', sql]);
  if (stderr !== '') throw new Error(stderr);
  return stdout.toString();
}

/** Returns the number of running statements that contain `text`. */
function countRunning(text: string): Promise<string> {
  return asAdmin(
    `select count(*) from information_schema.processlist where info like '%${text}%' and id <> connection_id()`,
  );
}

describe('a server that only this test uses', () => {
  test('provides the replication lag for the prompt from its heartbeat table', async ({
    ours,
    expect,
  }) => {
    await asAdmin(`create database heartbeat;
      create table heartbeat.heartbeat (ts varbinary(26) not null, shard varbinary(10));
      insert into heartbeat.heartbeat values (utc_timestamp(6) - interval 7 second, 's2');
      insert into heartbeat.heartbeat values (utc_timestamp(6), 's9');
      grant select on heartbeat.* to research@'%'`);
    const env = { ANALYTICS_MYSQL_NAMESERVER: farm.nameserver };
    const terminal = await ours(['-A', '--prompt=\\{section} \\{lag}>\\_', 'itwiki'], { env });
    expect(await terminal.waitForPrompt(/\d>$|s>$/)).toMatch(/\ns2 ([7-9]|\d\d)(\.\d)? ?s?>$/);
    // Each prompt reads the lag again.
    await asAdmin(
      "update heartbeat.heartbeat set ts = utc_timestamp(6) - interval 2 hour where shard = 's2'",
    );
    expect(await terminal.run('do 0;', /s2 .*>$/)).toMatch(/\ns2 7\d{3}(\.\d)? ?s?>$/);
  });

  test('gets no KILL for a statement that has ended and left only buffered rows', async ({
    shell,
    expect,
  }) => {
    const env = { ANALYTICS_MYSQL_NAMESERVER: farm.nameserver };
    const terminal = await shell(['-A', '-q', 'itwiki'], { env });
    const kills = () => asAdmin("show global status like 'Com_kill'");
    const before = await kills();
    const sql = "select seq as mark_only_kept, repeat('x', 500) from seq_1_to_60000";
    await terminal.enter(`${sql} $| sleep 60 && cat;`);
    await expect.poll(() => countRunning('mark_only_kept'), { timeout: 10_000 }).toBe('1\n');
    await expect.poll(() => countRunning('mark_only_kept'), { timeout: 10_000 }).toBe('0\n');
    await terminal.press('C-c');
    expect(await terminal.waitForPrompt()).not.toContain('query killed');
    expect(await kills()).toBe(before);
    expect(await terminal.run('select 7;')).toMatch(/\| 7 \|/);
    // A running statement is killed.
    await terminal.enter('select sleep(64.2);');
    await expect.poll(() => countRunning('sleep(64.2)'), { timeout: 10_000 }).toBe('1\n');
    await terminal.press('C-c');
    expect(await terminal.waitForPrompt()).toContain('Ctrl-C -- query killed');
    expect(await kills()).not.toBe(before);
  });

  test('may be slow to end a statement: Ctrl-\\ leaves no empty row', async ({ ours, expect }) => {
    const env = { ANALYTICS_MYSQL_NAMESERVER: farm.nameserver };
    const terminal = await ours(['-A', 'itwiki'], { env, ownProcess: true });
    await terminal.waitForPrompt();
    await terminal.enter('select sleep(64.3);');
    await expect.poll(() => countRunning('sleep(64.3)'), { timeout: 10_000 }).toBe('1\n');
    const [pid = 0] = farm.pids;
    process.kill(pid, 'SIGSTOP');
    try {
      await terminal.press('C-\\');
      await terminal.waitForEnd();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    // The message is in the row below the statement.
    expect(await terminal.screen()).toMatch(
      /> select sleep\(64\.3\);\n\S[^>]*\(no answer to KILL within 3 seconds\)/,
    );
  });

  test('is reconnected to after it was killed and restarted', async ({ shell, expect }) => {
    const env = { ANALYTICS_MYSQL_NAMESERVER: farm.nameserver };
    const terminal = await shell(['-A', 'itwiki'], { env });
    await terminal.enter('select sleep(64.1);');
    const [pid = 0] = farm.pids;
    const restart = await killServer(pid);
    await vi.waitUntil(() => !isAlive(pid));
    // The running statement fails, and so does each one after it.
    expect(await terminal.waitForPrompt()).toMatch(/ERROR 20\d\d \(HY000\)/);
    const tried = await terminal.run("select 'not there';");
    expect(tried).toMatch(/ERROR 2\d\d\d \(HY000\)[^\n]*\n[\s\S]*MariaDB \[itwiki\]>$|\[\w+\]>$/);
    expect(tried).not.toContain('| not there |');
    restarted = await restart();
    await terminal.run('do 0;');
    const screen = await terminal.run('select database(), 5;');
    expect(screen).toMatch(/\| itwiki +\| 5 \|/);
    expect(screen).toMatch(/Current database: itwiki/);
  });
});
