import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { emptyDirectory } from '../e2e/home.js';
import { test } from '../farm/on-terminal.js';
import type { Tmux } from '../farm/tmux.js';
import { running } from './server.js';

const sql = "select seq, repeat('x', 500) from seq_1_to_60000";
const args = ['-A', '--skip-auto-vertical-output', '-q', 'itwiki'];

/** Runs a statement whose reader first sleeps for seven seconds. Returns the screen after it. */
async function runSlowly(terminal: Tmux, statement: string): Promise<string> {
  await terminal.enter(statement);
  return terminal.waitForPrompt(undefined, { timeout: 20_000 });
}

describe.concurrent('a program that pauses for longer than net_write_timeout gets all rows', () => {
  test('after $|', async ({ shell, expect }) => {
    const terminal = await shell(args);
    await terminal.run('set net_write_timeout = 3;');
    const screen = await runSlowly(terminal, `${sql} $| sleep 7 && wc -l;`);
    expect(screen).toMatch(/\n60001\n60000 rows in set/);
    expect(await terminal.run('select 7;')).toMatch(/\| 7 \|/);
  });

  test('as the pager', async ({ shell, expect }) => {
    const terminal = await shell(args);
    await terminal.run('set net_write_timeout = 3;');
    await terminal.run('pager sleep 7 && wc -l');
    const screen = await runSlowly(terminal, `${sql};`);
    expect(screen).toMatch(/\n60004\n60000 rows in set/);
  });

  test('as the reader of a named pipe that $> writes to', async ({ shell, expect }) => {
    const directory = emptyDirectory();
    const [pipe, count] = [join(directory, 'pipe'), join(directory, 'count')];
    execFileSync('mkfifo', [pipe]);
    spawn('sh', ['-c', `(sleep 7; wc -l > ${count}) < ${pipe}`], { stdio: 'ignore' });
    const terminal = await shell(args);
    await terminal.run('set net_write_timeout = 3;');
    expect(await runSlowly(terminal, `${sql} $> ${pipe};`)).toContain('60000 rows in set');
    // The pipe is closed with the result, not with the shell.
    await expect.poll(() => readFileSync(count, 'utf8'), { timeout: 10_000 }).toBe('60001\n');
    expect(await terminal.run('select 7;')).toMatch(/\| 7 \|/);
  });
});

test('Ctrl-C ends a paused program and discards its rows', async ({ shell, expect }) => {
  const terminal = await shell(args);
  const mark = 'mark_resting';
  // The statement sleeps first, so that it is visible in the process list.
  const marked = sql.replace('seq,', `if(seq = 1, sleep(3), seq) as ${mark},`);
  await terminal.enter(`${marked} $| sleep 60 && cat;`);
  await expect.poll(() => running(mark), { timeout: 10_000 }).toBe(1);
  // All rows have been fetched.
  await expect.poll(() => running(mark), { timeout: 10_000 }).toBe(0);
  await terminal.press('C-c');
  await terminal.waitForPrompt();
  expect(await terminal.run('select 7;')).toMatch(/\| 7 \|/);
});
