import { beforeAll, describe, expect, it } from 'vitest';
import { type ComparableRun, expectSame, runBoth } from './compare.js';

/** Each of these options runs with all of `data`; option-pairs.test.ts covers the plain pairs. */
const options: string[][] = [
  [],
  ['-s'],
  ['-ss'],
  ['-N'],
  ['-r'],
  ['-n'],
  ['-q'],
  ['-v'],
  ['-vv'],
  ['-vvv'],
  ['-t'],
  ['-tN'],
  ['-qt'],
  ['-qtN'],
  ['-qtvv'],
  ['-E'],
  ['-EN'],
  ['-Evvv'],
  ['-H'],
  ['-Hq'],
  ['-Hvv'],
  ['-X'],
  ['-Xq'],
  ['-Xvv'],
  ['--binary-as-hex'],
  ['--binary-as-hex', '-t'],
  ['--binary-as-hex', '-qt'],
  ['--binary-as-hex', '-E'],
  ['--binary-as-hex', '-H'],
  ['--binary-as-hex', '-X'],
  ['--column-type-info'],
  ['--column-type-info', '-t'],
  ['--column-type-info', '-t', '--binary-as-hex'],
  ['--column-type-info', '-H'],
  ['--auto-vertical-output'],
  ['--auto-vertical-output', '-q'],
  ['--auto-vertical-output', '-qt'],
  ['--auto-vertical-output', '-t', '--binary-as-hex'],
  ['--auto-vertical-output', '-t', '--column-type-info'],
  ['--quick-max-column-width=7', '-qt'],
  ['--quick-max-column-width=7', '-t'],
  ['--quick-max-column-width=0', '-qtN'],
  ['--quick-max-column-width=7', '-qt', '--binary-as-hex'],
  ['--quick-max-column-width=7', '-q', '--auto-vertical-output'],
  ['--show-warnings'],
  ['--show-warnings', '-X'],
  ['--show-warnings', '-vvv'],
  ['--show-warnings', '-n', '-N'],
  ['--skip-print-query-on-error'],
  ['--skip-print-query-on-error', '-q'],
  ['--skip-print-query-on-error', '-vv'],
  ['--print-query-on-error=0', '--line-numbers=0'],
  ['--skip-line-numbers', '-L', '--unbuffered=0', '--print-query-on-error'],
  ['--line-numbers=0'],
  ['--column-names=0', '-t'],
  ['--skip-column-names', '--column-names'],
  ['--disable-column-names=0', '-N'],
  ['-H', '--skip-html'],
  ['-H', '--html=0', '-X'],
  ['-X', '--xml=off', '-t'],
  ['-t', '--table=0'],
  ['-E', '--skip-vertical', '-t'],
  ['-q', '--skip-quick', '-t'],
];

const data: [string, string][] = [
  [
    'page titles with unusual bytes',
    'select page_id, page_title, page_lang from page order by page_id',
  ],
  [
    'all types except the longest',
    `select c_tinyint, c_tinyint_unsigned, c_smallint, c_smallint_unsigned, c_mediumint, c_int, c_bool,
     c_bigint, c_bigint_unsigned, c_zerofill, c_decimal, c_decimal_short, c_float, c_float_fixed,
     c_double, c_double_fixed, c_bit1, c_bit10, c_bit64, c_char, c_varchar, c_varchar_latin1,
     c_varchar_utf16, c_varchar_sjis, c_binary, c_varbinary, c_tinytext, c_tinyblob, c_enum, c_set,
     c_date, c_time, c_time6, c_datetime, c_datetime6, c_timestamp, c_timestamp3, c_year, c_uuid,
     c_inet4, c_inet6 from all_types`,
  ],
  ['a NULL alone', 'select null'],
  ['an empty string alone', "select ''"],
  ['an empty result set', 'select 1 as a from page where 0'],
  ['no result set', 'set @x = 1; do 1'],
  ['several statements', "select 1; select 'b' as b; set @x = 1; select @x as x"],
  ['one vertical statement between others', "select 1 as a; select 2 as b, 'x' as cc\\G select 3"],
  [
    'several result sets of one statement',
    'delimiter //\nselect 1; select 2 from page where 0; do 0//\ndelimiter ;\n',
  ],
  ['names with tabs and multi-byte characters', 'select 1 as `a\tb`, 2 as `日本`, 3 as ``'],
  ['names and values with markup', "select 1 as `<a href=\"x\">&'`, '<b>&amp;\"''</b>' as ``"],
  ['a statement over several lines', "select 1,\n  'a\nb' as `c\nd`\n  \n;\n"],
  ['special characters', "select 'a\\tb\\nc\\\\d\\0e' as x, unhex('00090a5c0d1b7fff') as y"],
  [
    'wide, combining and broken characters',
    "select 'あ가Ａ', 'e\u0301', '😀', unhex('ffc3') union select 'a','b','c','d'",
  ],
  [
    'binary values',
    "select unhex('00ff41') b, cast(null as binary) n, cast('' as binary) e, b'101' bit, 'é' t",
  ],
  ['long cells', "select repeat('x', 250), repeat('y', 251), repeat('z', 70000)"],
  [
    'long binary cells',
    "select unhex(repeat('ab', 200)), unhex(repeat('00', 700)), 1 union select 'x', 'y', null",
  ],
  ['a cell wider than the client pads', "select repeat('x', 1030) as a union select 'y'"],
  ['a row exactly as wide as a terminal', "select repeat('x', 69) as a, null as b"],
  ['a row just wider than a terminal', "select repeat('x', 70) as a, null as b"],
  ['a name wider than a terminal', `select 1 as ${'n'.repeat(64)}, 'aaaaaaaaaa' as b`],
  [
    'numbers',
    "select 1, -2.50, 3e10, 0x41, true, cast(7 as decimal(20,5)) union select 10, 3, 4, 'b', null, 1",
  ],
  ['many columns', `select ${Array.from({ length: 300 }, (_, i) => `${i} as c${i}`).join(',')}`],
  [
    'warnings',
    "select 1/0 as x; select cast('a' as int) y, cast('é' as int); set @a = cast('z' as int)",
  ],
  ['an error', 'select 1; select nothing; select 2'],
  ['an error with warnings', 'do 1/0, (select 1 union select 2)'],
  [
    'an error in a later result set',
    'delimiter //\nselect 1; select nothing; select 2//\ndelimiter ;\n',
  ],
];

const endMarker = (index: number) => `CASE${index}ENDS`;
/** All cases in one script; a case that ends with a newline needs no delimiter. */
const script = data
  .map(([, sql], i) => `${sql}${sql.endsWith('\n') ? '' : ';\n'}select '${endMarker(i)}';\n`)
  .join('');

/** Returns the output of one case: from the end marker of the previous case to its own. */
function outputOf({ stdout }: ComparableRun, index: number): string {
  const start = index === 0 ? 0 : stdout.indexOf(endMarker(index - 1));
  return stdout.slice(start, stdout.indexOf(endMarker(index)));
}

describe.concurrent.each(options.map((args) => [args.join(' ') || 'no option', args] as const))(
  'with %s',
  (_name, args) => {
    let both: { client: ComparableRun; ours: ComparableRun };
    beforeAll(async () => {
      both = await runBoth([...args, '--force', 'itwiki'], { input: script });
    });

    it.each(data.map(([name], index) => [name, index] as const))(
      'writes what the client writes: %s',
      (_case, index) => {
        const expected = outputOf(both.client, index);
        expect(outputOf(both.ours, index)).toBe(expected);
        // Without the marker, the outputs compared above would be meaningless.
        expect(both.client.stdout).toContain(endMarker(index));
      },
    );

    it('reports the errors and exit status of the client', () => {
      const { client, ours } = both;
      expect({ ...ours, stdout: '' }).toEqual({ ...client, stdout: '' });
      expect(client.signal).toBeNull();
    });
  },
);

describe('the longest types', () => {
  it.each([
    ['-B'],
    ['-r'],
    ['-q'],
    ['-t'],
    ['-E'],
    ['-H'],
    ['-X'],
    ['--binary-as-hex'],
    ['--binary-as-hex', '-t'],
    ['--binary-as-hex', '-E'],
    ['--binary-as-hex', '-H'],
    ['--binary-as-hex', '-X'],
    ['--column-type-info', '-t'],
    ['--quick-max-column-width=20', '-qt'],
    ['-t', '--default-character-set=utf8mb4'],
    ['-t', '--default-character-set=latin1'],
  ])('are written as the client writes them: %s %s', async (...args) => {
    const given = args.filter((arg) => arg !== undefined);
    await expectSame([...given, 'itwiki', '-e', 'select * from all_types']);
  });
});

describe('a large result set', () => {
  it.each([
    [
      '-t',
      "select seq, repeat('x', seq % 300) as x, if(seq % 7, seq * 1.5, null) from seq_1_to_9000",
    ],
    ['-t', "select repeat('x', 9000000) as a, 1 as b union select 'y', null"],
    ['-X', "select repeat('<', 2000000) as a"],
    ['-H', "select repeat('&', 2000000) as a"],
    ['-t --binary-as-hex', "select repeat(unhex('a0'), 2000000) as a"],
  ])('is written as the client writes it: %s %s', async (args, sql) => {
    await expectSame([...args.split(' '), 'itwiki', '-e', sql]);
  });
});

/** With -e, unlike on standard input, the last statement needs no delimiter. */
describe('a statement passed with -e', () => {
  const statements = [
    'select 1',
    'select 1;',
    'select 1 ',
    'select 1\\G',
    'select 1; ; select 2  \n',
  ];
  it.each(
    statements.flatMap((sql) => ['-X', '-Xv', '-H', '-vv', '-tvvv'].map((arg) => [arg, sql])),
  )('is printed as the client prints it: %s %j', async (arg, sql) => {
    await expectSame([arg as string, 'itwiki', '-e', sql as string]);
  });
});

it('XML contains the same statement text as the client’s, with and without comments', async () => {
  const input =
    'select 1;  select 2;\t -- c\nselect 3; /* x */\nselect 4;  # d\nselect 5 ;   \n' +
    '/* y */ select 6; /* y\n*/ select 7\n\n;\nselect 8  -- z\n ; use itwiki; select 9';
  for (const option of ['--comments', '--skip-comments']) {
    await expectSame(['-X', option, 'itwiki'], { input });
  }
});

/*
 * Without --quick, the client stores a result set first and prints nothing of it if it ends in an
 * error, whereas this program has already written its rows. With --quick both write the rows.
 */
it.each(['-q', '-qt', '-qE', '-qN', '-qH', '-qX', '-qvv'])(
  'reports an error among rows as the client does with %s',
  async (option) => {
    const sql =
      'select 1; select (select page_id union select 2) from page where page_id < 9; select 2';
    await expectSame([option, 'itwiki', '-e', sql]);
  },
);
