import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/cli/read-settings.js';
import { temporaryDirectory } from '../temporary.js';
import { failureOf } from '../wikis/checkout.js';

/** A terminal, no option files but those that are named. */
const system = { interactive: () => true, optionFiles: [] };
const read = (argv: string[]) => readSettings(['--credentials=/dev/null', ...argv], {}, system);

function optionFile(text: string): string {
  const path = join(temporaryDirectory(), 'my.cnf');
  writeFileSync(path, text);
  return path;
}

describe('what the options say of a conversation', () => {
  const usual = {
    prompt: undefined,
    pager: undefined,
    rehash: true,
    reconnect: true,
    beep: true,
    progressReports: true,
    destructiveWarning: true,
    longQueryBell: 10,
  };
  const cases: [argv: string[], said: Partial<typeof usual> | Record<string, unknown>][] = [
    [[], {}],
    [['-A'], { rehash: false }],
    [['--no-auto-rehash'], { rehash: false }],
    [['--skip-auto-rehash'], { rehash: false }],
    [['-A', '--auto-rehash'], { rehash: true }],
    [['--skip-reconnect'], { reconnect: false }],
    [['-b'], { beep: false }],
    [['--no-beep'], { beep: false }],
    [['--skip-progress-reports'], { progressReports: false }],
    [['--prompt=\\d> '], { prompt: '\\d> ' }],
    [['--pager=cat'], { pager: 'cat' }],
    [['--pager=cat', '--skip-pager'], { pager: '' }],
    [['--skip-destructive-warning'], { destructiveWarning: false }],
    [['--long-query-bell=0'], { longQueryBell: 0 }],
    [['--long-query-bell', '90'], { longQueryBell: 90 }],
  ];
  for (const [argv, said] of cases) {
    it(argv.join(' ') || '(nothing)', () => {
      expect(read(argv).shell).toEqual({ ...usual, ...said });
    });
  }

  it('an option file may say the same, in a group that other programs pass over', () => {
    const file = optionFile(
      '[analytics-mysql]\nskip-destructive-warning\nlong-query-bell=5\nprompt="x> "\n',
    );
    expect(read([`--defaults-file=${file}`]).shell).toEqual({
      ...usual,
      destructiveWarning: false,
      longQueryBell: 5,
      prompt: 'x> ',
    });
    expect(read([`--defaults-file=${file}`, '--long-query-bell=7']).shell.longQueryBell).toBe(7);
  });

  it('seconds that are none are refused', () => {
    expect(failureOf(() => read(['--long-query-bell=soon']))).toMatch(/^bad-number: .*soon/);
  });
});

describe('vertical output by itself', () => {
  const cases: [argv: string[], on: boolean][] = [
    [[], true],
    [['--skip-auto-vertical-output'], false],
    [['--auto-vertical-output'], true],
    [['-B'], false],
    [['-e', 'select 1'], false],
    [['-e', 'select 1', '--auto-vertical-output'], true],
  ];
  for (const [argv, on] of cases) {
    it(`${argv.join(' ') || '(nothing)'}: ${on ? 'on' : 'off'} on a terminal`, () => {
      expect(read(argv).output.format).toMatchObject({ autoVertical: on });
    });
  }
});
