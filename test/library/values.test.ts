import { describe, expect, it } from 'vitest';
import { query, type Value } from '../../src/library/index.js';
import { errorOf, farmOptions } from './farm-options.js';

type Kind = 'number' | 'bigint' | 'string' | 'bytes';

/** All columns of `all_types`, by the type of their JavaScript values. */
const columnsByKind: Record<Kind, string> = {
  number:
    'id c_tinyint c_tinyint_unsigned c_smallint c_smallint_unsigned c_mediumint c_mediumint_unsigned c_int c_int_unsigned c_bool c_year c_float c_float_fixed c_double c_double_fixed',
  bigint: 'c_bigint c_bigint_unsigned c_bit1 c_bit10 c_bit64',
  string:
    'c_zerofill c_decimal c_decimal_short c_char c_varchar c_varchar_latin1 c_varchar_utf16 c_varchar_sjis c_tinytext c_text c_mediumtext c_longtext c_enum c_set c_json c_date c_time c_time6 c_datetime c_datetime6 c_timestamp c_timestamp3 c_uuid c_inet4 c_inet6',
  bytes:
    'c_binary c_varbinary c_tinyblob c_blob c_mediumblob c_longblob c_geometry c_point c_linestring c_polygon c_collection',
};
const cases = Object.entries(columnsByKind).flatMap(([kind, names]) =>
  names.split(' ').map((name): [string, Kind] => [name, kind as Kind]),
);

/** Returns an SQL expression for the value in a form that does not depend on the library. */
function asText(column: string, kind: Kind): string {
  if (kind === 'bytes') return `hex(${column})`;
  if (column.startsWith('c_bit')) return `cast(${column} + 0 as char)`;
  return `cast(${column} as char character set utf8mb4)`;
}

function kindOf(value: Value): Kind | 'null' {
  if (value === null) return 'null';
  return value instanceof Uint8Array ? 'bytes' : (typeof value as Kind);
}

function sameAs(value: Value, kind: Kind, text: string | null): Value | string {
  if (value === null || text === null) return text;
  if (kind === 'bytes') return Buffer.from(text, 'hex').toString('hex');
  return kind === 'number' ? Number(text) : kind === 'bigint' ? BigInt(text) : text;
}

describe('the type of a column determines the type of its values', () => {
  it.each(cases)('%s: %s, or null', async (column, kind) => {
    const sql = `select ${column}, ${asText(column, kind)} from all_types order by id`;
    const rows = await query<[Value, string | null]>('itwiki', sql, {
      ...farmOptions(),
      rows: 'array',
      binary: ({ name }) => (name === column ? 'bytes' : 'utf8'),
    }).toArray();
    const values = rows.map(([value]) => value);
    const first = column === 'id' ? kind : 'null';
    expect(values.map(kindOf)).toEqual([first, kind, kind, kind]);
    const comparable = values.map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    );
    expect(comparable).toEqual(rows.map(([value, text]) => sameAs(value, kind, text)));
  });

  it('and these tests cover every column of the table', async () => {
    const all = query('itwiki', 'select * from all_types limit 0', farmOptions());
    const names = (await all.columns()).map(({ name }) => name);
    expect(names.toSorted()).toEqual(cases.map(([name]) => name).toSorted());
    await all.close();
  });
});

const queryOne = (sql: string, options = {}) =>
  query('itwiki', sql, { ...farmOptions(), ...options }).toArray();

describe('values', () => {
  it('of count(*) are bigint, unless an option says otherwise', async () => {
    const sql = 'select count(*) as pages from page';
    expect(await queryOne(sql)).toEqual([{ pages: 200n }]);
    expect(await queryOne(sql, { bigint: 'number' })).toEqual([{ pages: 200 }]);
    expect(await queryOne(sql, { bigint: 'string' })).toEqual([{ pages: '200' }]);
  });

  it('that are not safe integers are an error, not a rounded number', async () => {
    const sql = 'select c_bigint as big from all_types';
    expect(await errorOf(queryOne(sql, { bigint: 'number' }))).toBe(
      "unsafe-number: column 'big' contains an integer beyond Number.MAX_SAFE_INTEGER: use { bigint: 'bigint' } or { bigint: 'string' }",
    );
  });

  it('of binary columns are strings, and an error if they are not valid UTF-8', async () => {
    expect(await queryOne("select cast('Zoë' as binary) as name")).toEqual([{ name: 'Zoë' }]);
    expect(await errorOf(queryOne("select x'ff' as odd"))).toBe(
      "not-utf8: column 'odd' contains bytes that are not valid UTF-8: use { binary: 'bytes' }, or a function that returns 'bytes' for this column",
    );
    const [row] = await queryOne("select x'ff00' as odd", { binary: 'bytes' });
    expect(row).toEqual({ odd: Uint8Array.of(255, 0) });
  });

  it('do not change when more rows arrive', async () => {
    const sql = 'select repeat(char(65 + seq % 26), 1000) as x, seq from seq_1_to_5000 as s';
    const rows = await query<{ x: Uint8Array; seq: bigint }>('itwiki', sql, {
      ...farmOptions(),
      binary: 'bytes',
    }).toArray();
    const wrong = rows.filter(
      ({ x, seq }) =>
        Buffer.from(x).toString() !== String.fromCharCode(65 + Number(seq % 26n)).repeat(1000),
    );
    expect([rows.length, wrong]).toEqual([5000, []]);
  });
});

describe('rows', () => {
  it('cannot have two columns with the same name as objects, but can as arrays', async () => {
    const sql = 'select 1 as a, 2 as a';
    expect(await errorOf(queryOne(sql))).toBe(
      "same-names: two columns have the name 'a', and rows are objects: rename one with AS, or use { rows: 'array' }",
    );
    expect(await queryOne(sql, { rows: 'array' })).toEqual([[1, 2]]);
  });

  it('may have columns with any name', async () => {
    const [row] = await queryOne('select 1 as `__proto__`, 2 as `constructor`, 3 as `1`');
    expect(Object.entries(row ?? {})).toEqual([
      ['1', 3],
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  it('are refused in another character set', async () => {
    expect(await errorOf(queryOne("set names latin1; select 'é' as e"))).toMatch(
      /^not-utf8: column 'e' is in latin1/,
    );
  });
});

it('columns() resolves before the rows are read', async () => {
  const rows = query(
    'itwiki',
    "select page_id, page_title, 'x' as x from page as p where page_id < 3",
    farmOptions(),
  );
  expect(await rows.columns()).toEqual([
    { name: 'page_id', type: 'int', unsigned: true, nullable: false, table: 'p' },
    { name: 'page_title', type: 'varbinary', unsigned: false, nullable: false, table: 'p' },
    { name: 'x', type: 'varchar', unsigned: false, nullable: false, table: '' },
  ]);
  expect(await rows.toArray()).toHaveLength(2);
  expect(await query('itwiki', 'do 1', farmOptions()).columns()).toEqual([]);
});
