import { beforeAll, describe, expect, it } from 'vitest';
import { expectSame, runBoth, type Shown } from './compare.js';

/*
 * Results that are large enough to be taken by the chunk, and to come in many pieces: all options
 * that change what a row looks like or the way on which it comes.
 */

const types = 'select * from itwiki.all_types, itwiki.seq_1_to_5';
const odd = String.raw`select seq, if(seq % 7, null, 'x'), repeat('a\tb\\\nc\0é', seq % 90) from itwiki.seq_1_to_2000`;
const wide = 'select repeat("x\n", 100000), "", null from itwiki.seq_1_to_9';
const two = `${odd}; select seq from itwiki.seq_1_to_40000; select 1`;
const fails = `select seq, if(seq = 40000, (select 1 union select 2), 'a') from itwiki.seq_1_to_50000; select 2`;
const warns = "select concat(seq, 'x') + 0 from itwiki.seq_1_to_30000";

const options: string[][] = [
  [],
  ['-r'],
  ['-N'],
  ['-s'],
  ['-ss'],
  ['-q'],
  ['-vv'],
  ['-vvq', '-r'],
  ['-f', '-v'],
  ['--binary-as-hex'],
  ['--skip-ssl'],
  ['--compress'],
  ['--skip-ssl', '--compress'],
  ['--default-character-set=latin1'],
  ['--default-character-set=gbk'],
  ['--default-character-set=utf8mb4', '-r', '-N'],
  ['--show-warnings'],
];

const cases = [
  { name: 'all types', sql: types },
  { name: 'odd cells', sql: odd },
  { name: 'cells of 200 kB', sql: wide },
  { name: 'several results', sql: two },
  { name: 'warnings', sql: warns },
];

const marker = (name: string) => `END OF ${name}`;

/** What a run wrote for a case: behind the last mention of the end of the one before. */
function section({ stdout }: Shown, name: string, before: string | undefined): string {
  const start = before === undefined ? 0 : stdout.lastIndexOf(marker(before));
  return stdout.slice(start, stdout.lastIndexOf(marker(name)));
}

describe.each(options.map((args, index) => ({ args, index })))('$args', ({ args, index }) => {
  /*
   * One run for all cases. What a program loads once a result is large, it loads in the first one:
   * each case is the first of a run with some of the options.
   */
  const first = index % cases.length;
  const inTurn = [...cases.slice(first), ...cases.slice(0, first)];
  const script = inTurn.map(({ name, sql }) => `${sql}; select '${marker(name)}'`).join('; ');
  let both: { client: Shown; ours: Shown };
  beforeAll(async () => {
    both = await runBoth([...args, '-B', '-e', script]);
  });

  it.each(inTurn.map(({ name }, place) => ({ name, before: inTurn[place - 1]?.name })))(
    '$name',
    ({ name, before }) => {
      const { client, ours } = both;
      const expected = section(client, name, before);
      expect(section(ours, name, before)).toBe(expected);
      // A case that is not found, or has no large result, compares nothing.
      expect(client.stdout).toContain(marker(name));
      expect(expected.length).toBeGreaterThan(100_000);
      expect({ ...ours, stdout: '' }).toEqual({ ...client, stdout: '' });
      expect(client.signal).toBeNull();
    },
  );

  // Without --quick the client writes none of the rows before an error.
  it('an error among the rows', () => expectSame([...args, '-B', '-q', '-e', fails]));
});
