import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { program } from '../farm/run.js';

/**
 * Returns a command that runs a shell line, in which OURS stands for a slow query of three wikis.
 */
const shellLine = (line: string) => {
  const ours = `'${program}' --wikis enwiki,itwiki,ptwiki -e 'select sleep(1.2) n'`;
  return ['bash', '-c', line.replaceAll('OURS', ours)];
};

const summary = /^analytics-mysql: 3 wikis ok; 3 rows, \d+ B in \d\.\d s$/;

describe.concurrent('a run over many wikis', () => {
  for (const line of ['OURS > out', 'OURS --format tsv --output out']) {
    test(`${line}: shows a progress bar, then a summary`, async ({ onTerminal, expect }) => {
      const terminal = await onTerminal(shellLine(line));
      await terminal.waitFor(
        /^\[#*-+\] {2}[012]\/3 {2}.*[12] running .* {2}0:0\d .* {2}slowest [a-z]+wiki 0:0\d$/,
      );
      await terminal.waitForEnd();
      expect(await terminal.screen()).toMatch(summary);
      const out = readFileSync(join(terminal.home, 'out'), 'utf8');
      expect(out).toBe('wiki\tn\nenwiki\t0\nitwiki\t0\nptwiki\t0\n');
    });
  }

  for (const line of ['OURS', 'OURS | cat']) {
    test(`${line}: shows rows on the terminal without a progress bar`, async ({
      onTerminal,
      expect,
    }) => {
      const terminal = await onTerminal(shellLine(line));
      await terminal.waitForEnd();
      expect(terminal.rawOutput).not.toContain('\x1b');
      // The program after the pipe may write its last rows after the summary.
      const lines = (await terminal.screen()).split('\n');
      expect(lines.filter((each) => summary.test(each))).toHaveLength(1);
    });
  }

  test('prints nothing with -s', async ({ onTerminal, expect }) => {
    const terminal = await onTerminal(shellLine('OURS -s > out'));
    await terminal.waitForEnd();
    expect(terminal.rawOutput).toBe('');
  });
});

describe.concurrent('a table on a terminal', () => {
  const ours = `'${program}' --wikis enwiki,itwiki`;

  test('shows the targets of --print-target; a pipe gets lines', async ({ onTerminal, expect }) => {
    const terminal = await onTerminal([
      'bash',
      '-c',
      `${ours} --print-target; ${ours} --print-target | cat`,
    ]);
    await terminal.waitForEnd();
    const rule = /^\+-{8}\+-{9}\+-+\+-{6}\+$/;
    const expected = [
      rule,
      /^\| wiki {3}\| section \| host +\| port \|$/,
      rule,
      /^\| enwiki \| s1 {6}\| [\w.-]+ +\| \d+ \|$/,
      /^\| itwiki \| s2 {6}\| [\w.-]+ +\| \d+ \|$/,
      rule,
      /^enwiki\s+s1\s+[\w.-]+\s+\d+$/,
      /^itwiki\s+s2\s+[\w.-]+\s+\d+$/,
    ];
    const lines = (await terminal.screen()).trimEnd().split('\n');
    expect(lines).toEqual(expected.map((line) => expect.stringMatching(line)));
  });

  test('shows control characters in escaped form', async ({ onTerminal, expect }) => {
    const odd = `${ours} --host $'db\\e[2Jx'`;
    const terminal = await onTerminal([
      'bash',
      '-c',
      `${odd} --print-target; ${odd} --dry-run -e 'select 1'`,
    ]);
    await terminal.waitForEnd();
    const screen = await terminal.screen();
    expect(screen).toContain('| enwiki |         | db\\x1b[2Jx | 3306 |');
    expect(screen).toMatch(/^\| db\\x1b\[2Jx \| db\\x1b\[2Jx:3306 \| +2 \| enwiki, itwiki +\|$/m);
  });

  test('shows the sections of --dry-run', async ({ onTerminal, expect }) => {
    const terminal = await onTerminal(['bash', '-c', `${ours} --dry-run -e 'select 1'`]);
    await terminal.waitForEnd();
    expect(await terminal.screen()).toMatch(
      /\n\+-+\+\n?.*\n?\| section \| server +\| wikis \| first wikis +\|\n\+[-+]+\+\n\| s1 /,
    );
  });

  test('shows the reasons of failures, even if the rows go to a file', async ({
    onTerminal,
    expect,
  }) => {
    const terminal = await onTerminal(['bash', '-c', `${ours} -e 'select nothing' > out; echo $?`]);
    await terminal.waitForEnd();
    const screen = await terminal.screen();
    expect(screen).toMatch(/^analytics-mysql: 0 wikis ok, 2 failed; .*$/m);
    expect(screen).toMatch(
      /^\+[-+]+\+\n\| wikis \| outcome \| reason +\| which +\|\n\+[-+]+\+\n\| +2 \| failed +\| ERROR 1054 /m,
    );
    expect(screen).toMatch(/^4$/m);
  });
});
