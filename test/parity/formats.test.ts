import { describe, it } from 'vitest';
import { expectSame } from './compare.js';

/** The axes: every option with every piece of data. */
const options: string[][] = [
  [],
  ['-B'],
  ['-s'],
  ['-ss'],
  ['-N'],
  ['-r'],
  ['-rN'],
  ['-t'],
  ['-tN'],
  ['-ts'],
  ['-tss'],
  ['-E'],
  ['-EN'],
  ['-Et'],
  ['-q'],
  ['-qt'],
  ['-qE'],
  ['-qtN'],
  ['-n'],
  ['-v'],
  ['-vN'],
  ['--column-names'],
  ['--skip-column-names', '--column-names'],
  ['-C'],
  ['--skip-ssl'],
];

const data: [string, string][] = [
  [
    'page titles with odd bytes',
    'select page_id, page_title, page_lang from page order by page_id',
  ],
  ['all types', 'select * from all_types'],
  ['a NULL alone', 'select null'],
  ['an empty string alone', "select ''"],
  ['an empty result set', 'select 1 as a from page where 0'],
  ['several statements', "select 1; select 'b' as b; set @x = 1; select @x as x"],
  ['a vertical one between others', "select 1 as a; select 2 as b, 'x' as cc\\G select 3"],
  ['names with tabs and multi-byte characters', 'select 1 as `a\tb`, 2 as `日本`, 3 as ``'],
  ['special characters', "select 'a\\tb\\nc\\\\d\\0e' as x, unhex('00090a5c0d1b7fff') as y"],
  [
    'wide, combining and broken characters',
    "select 'あ가Ａ', 'e\u0301', '😀', unhex('ffc3') union select 'a','b','c','d'",
  ],
  ['long cells', "select repeat('x', 250), repeat('y', 251), repeat('z', 70000)"],
  ['a cell wider than the client pads', "select repeat('x', 1030) as a union select 'y'"],
  [
    'numbers',
    "select 1, -2.50, 3e10, 0x41, true, cast(7 as decimal(20,5)) union select 10, 3, 4, 'b', null, 1",
  ],
  ['many columns', `select ${Array.from({ length: 300 }, (_, i) => `${i} as c${i}`).join(',')}`],
  ['an error first', 'select 1; select nothing; select 2'],
  ['an error in a later result', 'delimiter //\nselect 1; select nothing; select 2//'],
];

describe.each(data)('%s', (_name, sql) => {
  it.each(options.map((args) => [args.join(' ') || 'no option', args] as const))(
    'is written as the client writes it: %s',
    async (_option, args) => {
      await expectSame([...args, 'itwiki', '-e', sql]);
    },
  );
});

/*
 * Without --quick the client stores a result first, and shows nothing of one that ends in an error;
 * we have written its rows by then. With --quick both write them.
 */
it.each(['-q', '-qt', '-qE', '-qN'])('an error among rows is told as with %s', async (option) => {
  const sql =
    'select 1; select (select page_id union select 2) from page where page_id < 9; select 2';
  await expectSame([option, 'itwiki', '-e', sql]);
});
