import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/cli/read-settings.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { catchFailure } from '../wikis/checkout.js';

/** A system with a terminal, and without option files of the system. */
const system = { interactive: () => true, optionFiles: [] };
const read = (argv: string[]) => readSettings(['--credentials=/dev/null', ...argv], {}, system);

function optionFile(text: string): string {
  const path = join(temporaryDirectory(), 'my.cnf');
  writeFileSync(path, text);
  return path;
}

describe('the settings of the shell', () => {
  const defaults = {
    prompt: undefined,
    pager: undefined,
    rehash: true,
    reconnect: true,
    beep: true,
    progressReports: true,
    destructiveWarning: true,
    longQueryBell: 10,
    vi: false,
  };
  const cases: [argv: string[], changes: Partial<typeof defaults> | Record<string, unknown>][] = [
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
    [['--vi'], { vi: true }],
  ];
  for (const [argv, changes] of cases) {
    it(argv.join(' ') || '(no options)', () => {
      expect(read(argv).shell).toEqual({ ...defaults, ...changes });
    });
  }

  it('can come from an option file, in a group that other programs ignore', () => {
    const file = optionFile(
      '[analytics-mysql]\nskip-destructive-warning\nlong-query-bell=5\nvi\nprompt="x> "\n',
    );
    expect(read([`--defaults-file=${file}`]).shell).toEqual({
      ...defaults,
      destructiveWarning: false,
      longQueryBell: 5,
      vi: true,
      prompt: 'x> ',
    });
    expect(read([`--defaults-file=${file}`, '--long-query-bell=7']).shell.longQueryBell).toBe(7);
  });

  it('refuses seconds that are not a number', () => {
    expect(catchFailure(() => read(['--long-query-bell=soon']))).toMatch(/^bad-number: .*soon/);
  });
});

describe('automatic vertical output', () => {
  const cases: [argv: string[], on: boolean][] = [
    [[], true],
    [['--skip-auto-vertical-output'], false],
    [['--auto-vertical-output'], true],
    [['-B'], false],
    [['-e', 'select 1'], false],
    [['-e', 'select 1', '--auto-vertical-output'], true],
  ];
  for (const [argv, on] of cases) {
    it(`${argv.join(' ') || '(no options)'}: ${on ? 'on' : 'off'} on a terminal`, () => {
      expect(read(argv).output.format).toMatchObject({ autoVertical: on });
    });
  }
});
