import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { program } from '../farm/run.js';

/** A line of a shell in which OURS stands for a query of three wikis, which takes a second each. */
const shellLine = (line: string) => {
  const ours = `'${program}' --wikis enwiki,itwiki,ptwiki -e 'select sleep(1.2) n'`;
  return ['bash', '-c', line.replaceAll('OURS', ours)];
};

const summary = /^analytics-mysql: 3 wikis ok; 3 rows, \d+ B in \d\.\d s$/;

describe.concurrent('a run over many wikis', () => {
  for (const line of ['OURS > out', 'OURS --format tsv --output out']) {
    test(`${line}: a bar, then what came of it`, async ({ onTerminal, expect }) => {
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
    test(`${line}: rows on the terminal, no bar among them`, async ({ onTerminal, expect }) => {
      const terminal = await onTerminal(shellLine(line));
      await terminal.waitForEnd();
      expect(terminal.rawOutput).not.toContain('\x1b');
      // A reader may write its last rows behind it.
      const lines = (await terminal.screen()).split('\n');
      expect(lines.filter((each) => summary.test(each))).toHaveLength(1);
    });
  }

  test('with -s: nothing', async ({ onTerminal, expect }) => {
    const terminal = await onTerminal(shellLine('OURS -s > out'));
    await terminal.waitForEnd();
    expect(terminal.rawOutput).toBe('');
  });
});
