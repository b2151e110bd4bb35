import { describe, expect, it } from 'vitest';
import { formatForTerminal, type TerminalFormatOptions } from '../../src/output/terminal-format.js';
import { Results } from '../../src/session/results.js';
import { runClient } from '../farm/run.js';
import { memoryOutput } from '../output/memory-sink.js';
import { loginAs, makeSectionTarget, openConnection } from '../replica/open-connection.js';

const colors = { colors: true };

/** Returns what formatForTerminal() writes for the results of a statement on s2. */
async function formatted(
  sql: string,
  changes: Partial<TerminalFormatOptions> = {},
): Promise<string> {
  const { out, written } = memoryOutput();
  const format = formatForTerminal(out, {
    vertical: false,
    autoVertical: false,
    columnNames: true,
    terminalWidth: 80,
    colors: false,
    characterSet: 'utf8mb4',
    binaryAsHex: false,
    ...changes,
  });
  const summaryOptions = { summaries: false, timing: false, emptySets: false, quick: false };
  const connection = await openConnection(makeSectionTarget('s2', 'itwiki'), loginAs('research'));
  await connection.query(Buffer.from(sql), new Results(out, format, summaryOptions));
  connection.close();
  return (await written()).toString();
}

/** Returns what the client writes for the results of a statement on s2. */
async function clientOutput(sql: string, ...args: string[]): Promise<string> {
  const all = ['--default-character-set=utf8mb4', ...args, 'itwiki', '-e', sql];
  return (await runClient('s2', all)).stdout.toString();
}

const removeDim = (text: string) => text.replaceAll(/\x1b\[22?m/g, '');

/** Without colors, NULL is `<NULL>`; with colors it is dim and as wide as the client's NULL. */
describe('formats printable ASCII for a terminal as the client does', () => {
  it.each([
    [
      'numbers',
      "select 1, -2.50, 3e10, 0x41, true, cast(7 as decimal(20,5)) union select 10, 3, 4, 'b', null, 1",
    ],
    ['NULL alone', 'select null'],
    ['an empty string', "select '' as a, 'b' as ``"],
    ['an empty result set', 'select 1 from page where 0'],
    ['dates and times', 'select c_date, c_time6, c_datetime6, c_timestamp3, c_year from all_types'],
    [
      'integers',
      'select c_tinyint, c_bigint_unsigned, c_zerofill, c_decimal, c_double from all_types',
    ],
    ['other types', 'select c_uuid, c_inet4, c_inet6, c_json from all_types'],
    ['backslashes and markup', "select 'a\\\\nb' as `<b>`, '<a>&amp;' as `a\\nb`"],
    ['a binary column', "select cast('abc' as binary) as a, cast('x' as char) as b"],
    ['a cell wider than the client pads', "select repeat('x', 1030) as a union select 'y'"],
    ['long cells', "select repeat('x', 250), repeat('y', 251), repeat('z', 70000)"],
    ['several result sets', 'select 1; select 2, 3'],
    ['many columns', `select ${Array.from({ length: 300 }, (_, i) => `${i} as c${i}`).join(',')}`],
    ['status variables', "show variables like 'version_%'"],
    ['the schema', 'describe page'],
  ])('%s', async (_name, sql) => {
    expect(removeDim(await formatted(sql, colors))).toBe(await clientOutput(sql, '-t'));
    const vertical = { ...colors, vertical: true };
    expect(removeDim(await formatted(sql, vertical))).toBe(await clientOutput(sql, '-E'));
    const automatic = { ...colors, autoVertical: true };
    expect(removeDim(await formatted(sql, automatic))).toBe(
      await clientOutput(sql, '-t', '--auto-vertical-output'),
    );
    const withoutNames = { ...colors, columnNames: false };
    expect(removeDim(await formatted(sql, withoutNames))).toBe(await clientOutput(sql, '-tN'));
  });

  it('newlines in vertical output', async () => {
    const sql = 'show create table page';
    const options = { autoVertical: true };
    expect(await formatted(sql, options)).toBe(
      await clientOutput(sql, '-t', '--auto-vertical-output'),
    );
  });
});

describe('formats every type of MariaDB', () => {
  const columns =
    'c_bit1, c_bit10, c_bit64, c_char, c_varchar, c_varchar_latin1, c_varchar_utf16, ' +
    'c_varchar_sjis, c_binary, c_varbinary, c_tinytext, c_tinyblob, c_blob, c_enum, c_set, ' +
    'c_json, c_uuid, c_inet6, c_point';
  const row = (id: number) =>
    formatted(`select ${columns} from all_types where id = ${id}`, { vertical: true });

  it('with unusual values', async () => {
    expect((await row(4)).split('\n').slice(1)).toMatchInlineSnapshot(`
      [
        "          c_bit1: 0x00",
        "         c_bit10: 0x0009",
        "         c_bit64: 0x000000000000005C",
        "          c_char: é漢🦉",
        "       c_varchar: tab\\tquote' \\ é 漢 🦉",
        "c_varchar_latin1: caf€é",
        " c_varchar_utf16: tab\\tquote' \\ é 漢 🦉",
        "  c_varchar_sjis: 表示",
        "        c_binary: a\\0b\\0\\0\\0\\0\\0",
        "     c_varbinary: 0x00095C0A0D22278AFF",
        "      c_tinytext: tab\\tquote' \\ é 漢 🦉",
        "      c_tinyblob: 0x00095C0A0D22278AFF",
        "          c_blob: 0x00095C0A0D22278AFF",
        "          c_enum: b,c",
        "           c_set: a,é",
        "          c_json: null",
        "          c_uuid: 123e4567-e89b-12d3-a456-426655440000",
        "         c_inet6: ::ffff:192.0.2.1",
        "         c_point: 0x00000000010100000000000000000057400000000000002240",
        "",
      ]
    `);
  });

  it('with the largest values, in printable characters and newlines only', async () => {
    const all = await formatted('select * from all_types', { vertical: true });
    expect(all.replaceAll(/[\n\x20-\x7e\p{L}€🦉]/gu, '')).toBe('');
  });

  it('in a table with aligned borders', async () => {
    const cellWidth = (text: string) =>
      [...text].reduce((sum, it) => sum + (/[漢🦉表示ソ]/u.test(it) ? 2 : 1), 0);
    const table = await formatted(`select id, ${columns} from all_types where id <> 3`, {
      cellWidth,
    });
    const lines = table.trimEnd().split('\n');
    expect([...new Set(lines.map(cellWidth))]).toEqual([cellWidth(lines[0] ?? '')]);
    expect(lines).toHaveLength(7);
  });

  it('with NULL', async () => {
    const values = (await row(1)).trimEnd().split('\n').slice(1);
    expect(new Set(values.map((line) => line.replace(/.*: /, '')))).toEqual(new Set(['<NULL>']));
  });
});
