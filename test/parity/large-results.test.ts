import { beforeAll, describe, expect, it } from 'vitest';
import { type ComparableRun, expectSame, runBoth } from './compare.js';

/*
 * Result sets that are large enough to arrive in many packets and to be processed in chunks, with
 * all options that change the format of a row or its transport.
 */

const typesSql = 'select * from itwiki.all_types, itwiki.seq_1_to_5';
const unusualSql = String.raw`select seq, if(seq % 7, null, 'x'), repeat('a\tb\\\nc\0é', seq % 90) from itwiki.seq_1_to_2000`;
const wideSql = 'select repeat("x\n", 100000), "", null from itwiki.seq_1_to_9';
const severalSql = `${unusualSql}; select seq from itwiki.seq_1_to_40000; select 1`;
const failingSql = `select seq, if(seq = 40000, (select 1 union select 2), 'a') from itwiki.seq_1_to_50000; select 2`;
const warningsSql = "select concat(seq, 'x') + 0 from itwiki.seq_1_to_30000";

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
  { name: 'all types', sql: typesSql },
  { name: 'unusual cells', sql: unusualSql },
  { name: 'cells of 200 kB', sql: wideSql },
  { name: 'several result sets', sql: severalSql },
  { name: 'warnings', sql: warningsSql },
];

const endMarker = (name: string) => `END OF ${name}`;

/** Returns the output of one case: from the previous case's last end marker to its own. */
function outputOf({ stdout }: ComparableRun, name: string, previous: string | undefined): string {
  const start = previous === undefined ? 0 : stdout.lastIndexOf(endMarker(previous));
  return stdout.slice(start, stdout.lastIndexOf(endMarker(name)));
}

describe.each(options.map((args, index) => ({ args, index })))('$args', ({ args, index }) => {
  /*
   * One run for all cases. The program loads some code only at the first large result set, so each
   * case comes first with some of the options.
   */
  const first = index % cases.length;
  const orderedCases = [...cases.slice(first), ...cases.slice(0, first)];
  const script = orderedCases
    .map(({ name, sql }) => `${sql}; select '${endMarker(name)}'`)
    .join('; ');
  let both: { client: ComparableRun; ours: ComparableRun };
  beforeAll(async () => {
    // The output goes into a pipe, which holds the program back.
    both = await runBoth([...args, '-B', '-e', script], { ownProcess: true });
  });

  it.each(orderedCases.map(({ name }, i) => ({ name, previous: orderedCases[i - 1]?.name })))(
    '$name',
    ({ name, previous }) => {
      const { client, ours } = both;
      const expected = outputOf(client, name, previous);
      expect(outputOf(ours, name, previous)).toBe(expected);
      // Without the marker or a large result set, the comparison above would prove nothing.
      expect(client.stdout).toContain(endMarker(name));
      expect(expected.length).toBeGreaterThan(100_000);
      expect({ ...ours, stdout: '' }).toEqual({ ...client, stdout: '' });
      expect(client.signal).toBeNull();
    },
  );

  // Without --quick the client writes none of the rows before an error.
  it('reports an error among the rows as the client does', () =>
    expectSame([...args, '-B', '-q', '-e', failingSql]));
});

// A table has at most 4,096 columns; the result of a query without a table can have more.
it.each([
  [5_000, []],
  [5_000, ['-t']],
  [5_000, ['-E']],
  [5_000, ['-X']],
  [68_001, []],
  [68_001, ['-N', '-q']],
])('a result of %i columns, with %j', async (count, args) => {
  const input = `select ${"'a',".repeat(count - 1)}'b';\nselect 1;`;
  await expectSame(args, { input });
});
