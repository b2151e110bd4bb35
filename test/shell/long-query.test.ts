import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { program } from '../farm/run.js';
import { running } from './server.js';

/** Returns a command that runs a shell line, in which OURS stands for the built program. */
const shellLine = (line: string) => ['bash', '-c', line.replaceAll('OURS', `'${program}'`)];

/** Rows of 2 kB, which the server sends one by one during about three seconds. */
const slowRows = "select sleep(0.01), repeat('x', 2000) from seq_1_to_300";

/** Matches a drawn status line in the raw output. */
const drawn = /\r(running|[\d,]+ rows? {2}[\d.]+ k?B) {2}\d:\d\d\x1b\[K/;

describe.concurrent('a long statement with rows', () => {
  for (const [where, line] of [
    ['to a file', `OURS itwiki -e "${slowRows}" > out`],
    ['to the file of --output', `OURS itwiki --format tsv --output out -e "${slowRows}"`],
    ['to a file, from a script', `echo "${slowRows}" | OURS itwiki > out`],
  ] as const) {
    test(`${where} shows a status line with their number, and removes it`, async ({
      onTerminal,
      expect,
    }) => {
      const terminal = await onTerminal(shellLine(`${line}; echo over`));
      await terminal.waitFor(/^[\d,]+ rows {2}\d+ kB {2}0:0\d$/);
      await terminal.waitForEnd();
      expect(await terminal.screen()).toBe('over');
      const out = readFileSync(join(terminal.home, 'out'), 'utf8');
      expect(/^sleep.*\n(0\tx{2000}\n){300}$/.test(out)).toBe(true);
    });
  }

  for (const [where, line] of [
    ['to the terminal', 'OURS itwiki -e "select sleep(1.6)"'],
    ['to a pipe', 'OURS itwiki -e "select sleep(1.6)" | cat'],
    ['to a file, with -s,', 'OURS itwiki -s -e "select sleep(1.6)" > out'],
    ['to a file, with TERM=dumb,', 'TERM=dumb OURS itwiki -e "select sleep(1.6)" > out'],
  ] as const) {
    test(`${where} shows no status line`, async ({ onTerminal, expect }) => {
      const terminal = await onTerminal(shellLine(line));
      await terminal.waitForEnd();
      expect(terminal.rawOutput).not.toContain('\x1b');
    });
  }

  test('to a file shows no status line while the user types statements', async ({
    onTerminal,
    expect,
  }) => {
    const terminal = await onTerminal(shellLine('OURS itwiki > out'));
    await terminal.enter('select sleep(3.61);');
    await terminal.waitUntil('the statement', async () => (await running('sleep(3.61)')) === 1);
    await terminal.waitUntil('its end', async () => (await running('sleep(3.61)')) === 0);
    await terminal.press('C-d');
    await terminal.waitForEnd();
    expect(terminal.rawOutput).not.toContain('\x1b');
  });

  test('keeps errors and warnings apart from the status line', async ({ onTerminal, expect }) => {
    const sql = 'select sleep(1.6); select nothing';
    const terminal = await onTerminal(shellLine(`OURS itwiki -e '${sql}' > out`));
    await terminal.waitForEnd();
    expect(terminal.rawOutput).toMatch(drawn);
    expect(await terminal.screen()).toBe(
      `--------------\nselect nothing\n--------------\n\nERROR 1054 (42S22) at line 1: Unknown column 'nothing' in 'SELECT'`,
    );
  });

  test('continues while Ctrl-S stops the terminal', async ({ onTerminal, expect }) => {
    const terminal = await onTerminal(shellLine(`OURS itwiki -e "${slowRows}" > out; touch over`));
    await terminal.waitFor(/^[\d,]+ rows/);
    await terminal.press('C-s');
    const over = () => existsSync(join(terminal.home, 'over'));
    await terminal.waitUntil('the end', over);
    expect(readFileSync(join(terminal.home, 'out'), 'latin1').split('\n')).toHaveLength(302);
    await terminal.press('C-q');
    await terminal.waitForEnd();
  });

  test('removes the status line after Ctrl-C', async ({ onTerminal, expect }) => {
    const terminal = await onTerminal(shellLine('OURS itwiki -e "select sleep(64.2)" > out'));
    await terminal.waitFor(/^running {2}0:0\d$/);
    await terminal.press('C-c');
    await terminal.waitForEnd();
    expect((await terminal.screen()).replace('^C', '')).toBe('');
  });
});
