import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runClient, runOurs, runOursWarm, startOurs } from '../farm/run.js';
import { queryDuckDb } from '../output/parquet/query-duckdb.js';
import { running } from '../shell/server.js';
import { bitNumber, type Grid, readCsv, readJson, serverGrid } from './grids.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

const allTypes = 'select * from all_types order by id';

let HOME: string;
let types: Grid;
beforeAll(async () => {
  HOME = homeWithCredentials();
  types = await serverGrid(allTypes);
});

/** Runs a statement on itwiki; returns standard error, if any, followed by standard output. */
async function runStatement(sql: string, ...args: string[]): Promise<Buffer> {
  const result = await runOursWarm(['itwiki', ...args, '-e', sql], { env: { HOME } });
  return Buffer.concat([Buffer.from(result.stderr), result.stdout]);
}

async function runForText(sql: string, ...args: string[]): Promise<string> {
  return (await runStatement(sql, ...args)).toString();
}

describe('CSV', () => {
  it('writes every type as the server sent it, and BIT as a number', async () => {
    const expected = types.rows.map((row) =>
      row.map((cell, i) =>
        cell !== null && types.names[i]?.startsWith('c_bit') ? bitNumber(cell) : cell,
      ),
    );
    expect(readCsv(await runStatement(allTypes, '--format=csv'))).toEqual({
      names: types.names,
      rows: expected,
    });
  });

  it('quotes values where required, and distinguishes NULL from an empty value', async () => {
    const sql = `select null a, '' \`b,"\`, 'x"y' c, 'p,q' d, 'r\\ns' e, 't\\ru' f, ' v' g`;
    expect(await runForText(sql, '--format=csv')).toBe(
      'a,"b,""",c,d,e,f,g\n,"","x""y","p,q","r\ns","t\ru", v\n',
    );
  });

  it('writes a header even without rows, none with -N, and only one result set', async () => {
    expect(await runForText('select 1 a, 2 b from dual where 0', '--format=csv')).toBe('a,b\n');
    expect(await runForText('select 1 a, 2 b', '--format=csv', '-N')).toBe('1,2\n');
    expect(await runForText('select 1; select 2', '--format=csv')).toMatch(
      /second result set cannot be written as 'csv'/,
    );
  });

  it('is read correctly by DuckDB', async () => {
    const file = join(emptyDirectory(), 'pages.csv');
    // The title of page 39 contains a surrogate, which the server accepts as UTF-8.
    const where = `'' e, null n from page where page_id <> 39 order by 1`;
    expect(
      await runForText(`select page_id, cast(page_title as char) t, ${where}`, '--output', file),
    ).toBe('');
    const server = await serverGrid(`select page_id, hex(cast(page_title as char)) t, ${where}`);
    const source = `read_csv('${file}', all_varchar = true, allow_quoted_nulls = false)`;
    expect(await queryDuckDb(`select page_id, hex(t), e, n from ${source}`)).toEqual(server.rows);
  });
});

/** Returns the JSON value expected for a cell of all_types, as readJson() returns it. */
function expectedJson(name: string, cell: string | null): unknown {
  if (cell === null) return null;
  const bytes = Buffer.from(cell, 'latin1');
  const base64 = { base64: bytes.toString('base64') };
  if (/geometry|point|linestring|polygon|collection/.test(name)) return base64;
  if (name.startsWith('c_bit')) return `#${bitNumber(cell)}`;
  if (name === 'c_year') return `#${Number(cell)}`;
  if (name !== 'c_zerofill' && /^(id|c_\w*int\w*|c_bool|c_(decimal|float|double)\w*)$/.test(name)) {
    return `#${cell}`;
  }
  return Buffer.from(bytes.toString()).equals(bytes) ? bytes.toString() : base64;
}

describe('JSON', () => {
  it('writes every type, and numbers with the digits that the server sent', async () => {
    const expected = types.rows.map((row) =>
      Object.fromEntries(types.names.map((name, i) => [name, expectedJson(name, row[i] ?? null)])),
    );
    expect(readJson(await runStatement(allTypes, '--format=json'))).toEqual(expected);
    const lines = (await runForText(allTypes, '--format=jsonl')).trimEnd().split('\n');
    expect(lines.map((line) => readJson(Buffer.from(line)))).toEqual(expected);
  });

  it('escapes the characters that JSON requires', async () => {
    const ascii = Array.from({ length: 128 }, (_, i) => String.fromCharCode(i)).join('');
    const hex = Buffer.from(`${ascii}é漢🦉`).toString('hex');
    expect(
      JSON.parse(await runForText(`select x'${hex}' as \`a"\\\\b\``, '--format=jsonl')),
    ).toEqual({
      'a"\\\\b': `${ascii}é漢🦉`,
    });
  });

  it('writes long values: text, and bytes whose end is not UTF-8', async () => {
    const sql = `select repeat('"\\n', 100000) a, concat(repeat('x', 200000), x'ff') b`;
    expect(JSON.parse(await runForText(sql, '--format=json'))).toEqual([
      {
        a: '"\n'.repeat(100_000),
        b: {
          base64: Buffer.concat([Buffer.alloc(200_000, 'x'), Buffer.of(255)]).toString('base64'),
        },
      },
    ]);
  });

  it('is an empty array without rows or without a result set', async () => {
    expect(await runForText('select 1 from dual where 0', '--format=json')).toBe('[]\n');
    expect(await runForText('set @a = 1', '--format=json')).toBe('[]\n');
    expect(await runForText('set @a = 1', '--format=jsonl')).toBe('');
  });

  it('holds one result set, and as JSON lines several', async () => {
    expect(await runForText('select 1 a; select 2 b', '--format=json')).toMatch(
      /^analytics-mysql: a second result set cannot be written as 'json': use --format jsonl/,
    );
    expect(await runForText('select 1 a; select 2 b', '--format=jsonl')).toBe('{"a":1}\n{"b":2}\n');
  });

  it('refuses duplicate column names and other character sets', async () => {
    expect(await runForText('select 1 a, 2 a', '--format=jsonl')).toMatch(
      /two columns are called 'a'/,
    );
    const sql = "set names latin1; select 'a' as col";
    expect(await runForText(sql, '--format=json')).toMatch(/column 'col' is in latin1/);
  });
});

describe('Markdown', () => {
  it('escapes markup, and distinguishes NULL from any value', async () => {
    const sql = `select 1 n, 'a|b' \`p|q\`, 'x\\ny\\r\\nz' l, null v, '*NULL*' w, '<b>&_c_d_' h;
      select c_bit10 b from all_types where id = 4`;
    expect(await runForText(sql, '--format=markdown')).toBe(
      [
        '| n | p\\|q | l | v | w | h |',
        '| ---: | --- | --- | ---: | --- | --- |',
        '| 1 | a\\|b | x<br>y<br>z | *NULL* | \\*NULL\\* | &lt;b>&amp;\\_c_d\\_ |',
        '',
        '| b |',
        '| ---: |',
        '| 9 |',
        '',
      ].join('\n'),
    );
  });
});

describe('a MediaWiki table', () => {
  const sql = "select 1 n, 'a|b' `p`, null v; select c_bit10 b from all_types where id = 4";
  const expected = [
    "{| class=\"wikitable\"\n! n\n! p\n! v\n|-\n| 1\n| a&#124;b\n| ''NULL''\n|}\n",
    '{| class="wikitable"\n! b\n|-\n| 9\n|}\n',
  ].join('\n');

  it('is written for each of several result sets', async () => {
    expect(await runForText(sql, '--format=wikitable')).toBe(expected);
  });

  it('is the format of a .wiki file', async () => {
    const file = join(emptyDirectory(), 'pages.wiki');
    expect(await runForText(sql, '--output', file)).toBe('');
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });

  it('is one table with --wikis', async () => {
    const args = ['-s', '--wikis', 'itwiki,nlwiki', '--format=wikitable'];
    const { stdout } = await runOursWarm([...args, '-e', "select '!' x"], { env: { HOME } });
    expect(stdout.toString()).toBe(
      '{| class="wikitable"\n! wiki\n! x\n|-\n| itwiki\n| &#33;\n|-\n| nlwiki\n| &#33;\n|}\n',
    );
  });
});

describe('Parquet', () => {
  it('has typed columns and the values of the server', async () => {
    const file = join(emptyDirectory(), 'types.parquet');
    // The fourth row contains invalid dates.
    expect(await runForText(`${allTypes} limit 3`, '--output', file)).toBe('');
    const duckTypes = Object.fromEntries(
      (await queryDuckDb(`describe select * from '${file}'`)).map(([name, type]) => [name, type]),
    );
    expect(duckTypes).toMatchObject({
      c_tinyint: 'INTEGER',
      c_int_unsigned: 'BIGINT',
      c_bigint_unsigned: 'UBIGINT',
      c_decimal_short: 'DECIMAL(10,2)',
      c_float: 'FLOAT',
      c_double: 'DOUBLE',
      c_bit64: 'UBIGINT',
      c_varchar_sjis: 'VARCHAR',
      c_varbinary: 'BLOB',
      c_date: 'DATE',
      c_datetime6: 'TIMESTAMP',
    });
    const columns = types.names.map((name) => {
      if (duckTypes[name] === 'BLOB') return `hex("${name}")`;
      return duckTypes[name] === 'FLOAT' ? `printf('%g', "${name}")` : `"${name}"::varchar`;
    });
    const read = await queryDuckDb(`select ${columns.join(', ')} from '${file}' order by id`);
    const expected = types.rows.slice(0, 3).map((row) =>
      row.map((cell, i) => {
        const name = types.names[i] ?? '';
        if (cell === null) return null;
        if (name.startsWith('c_bit')) return bitNumber(cell);
        if (duckTypes[name] === 'BLOB')
          return Buffer.from(cell, 'latin1').toString('hex').toUpperCase();
        if (duckTypes[name] === 'FLOAT')
          return expect.toSatisfy((value) => sameFloat(String(value), cell));
        if (duckTypes[name] === 'DOUBLE')
          return expect.toSatisfy((value) => Number(value) === Number(cell));
        if (name === 'c_zerofill') return `${Number(cell)}`;
        return Buffer.from(cell, 'latin1').toString();
      }),
    );
    expect(read.map((row) => row.map(withoutZeros))).toEqual(
      expected.map((row) => row.map(withoutZeros)),
    );
  });

  it('keeps its schema without rows, and holds decimals of up to 38 digits', async () => {
    const file = join(emptyDirectory(), 'x.parquet');
    await runForText('select page_id, page_title from page where 0', '--output', file);
    expect(await queryDuckDb(`select count(*) from '${file}'`)).toEqual([['0']]);
    const wide = '-12345678901234567890123456.123456789012';
    await runForText(`select cast('${wide}' as decimal(38,12)) d, 0.05 e`, '--output', file);
    expect(await queryDuckDb(`select d::varchar, e::varchar from '${file}'`)).toEqual([
      [wide, '0.05'],
    ]);
  });

  it('refuses invalid dates, duplicate column names, and a missing result set', async () => {
    const bad = "select cast('0000-00-00' as date) d";
    expect(await runForText(bad, '--format=parquet')).toMatch(
      /column 'd' contains an invalid date/,
    );
    expect(await runForText('select 1 a, 1 a', '--format=parquet')).toMatch(/two columns/);
    expect(await runForText('set @a = 1', '--format=parquet')).toMatch(/a Parquet file needs one/);
  });
});

/** Compares floats with a tolerance, since DuckDB and the server round them differently. */
function sameFloat(a: string, b: string): boolean {
  return Math.abs(Number(a) - Number(b)) <= Math.abs(Number(b)) * 1e-5;
}

/** Removes trailing zeros from the fraction of a time, as DuckDB does. */
function withoutZeros(cell: unknown): unknown {
  const isTime = typeof cell === 'string' && /^\d{4}-.*:\d\d\.\d+$/.test(cell);
  return isTime ? cell.replace(/\.?0+$/, '') : cell;
}

describe('the formats of the client as --format', () => {
  it.each([
    ['tsv', '-B'],
    ['table', '-t'],
    ['vertical', '-E'],
    ['xml', '-X'],
  ])('%s is the same as %s, and overrides other format options', async (name, option) => {
    const sql = 'select page_id, page_title from page limit 3';
    const { stdout } = await runClient('s2', ['itwiki', option, '-e', sql]);
    expect((await runStatement(sql, `--format=${name}`, '-t', '-E')).equals(stdout)).toBe(true);
  });

  it('overrides \\G too', async () => {
    expect(await runForText('select 1 a\\G', '--format=tsv')).toBe('a\n1\n');
    expect(await runForText('select 1 a\\G', '--format=csv')).toBe('a\n1\n');
  });
});

describe('--timestamps iso', () => {
  const sql = `select cast('20260801123456' as binary(14)) t, cast('infinity' as binary(14)) i,
    cast('20260230000000' as binary(14)) n, '20260801123456' s, cast(null as binary(14)) z`;
  const iso = '2026-08-01T12:34:56Z';

  it('changes only timestamps', async () => {
    expect(await runForText(sql, '--format=csv', '--timestamps=iso')).toBe(
      `t,i,n,s,z\n${iso},infinity\0\0\0\0\0\0,20260230000000,20260801123456,\n`,
    );
    expect(await runForText(sql, '--format=csv')).toContain('\n20260801123456,');
  });

  it.each(['tsv', 'json', 'table', 'xml'])('changes timestamps in %s', async (format) => {
    expect(await runForText(sql, `--format=${format}`, '--timestamps=iso')).toContain(iso);
  });

  it('changes timestamps in Parquet', async () => {
    const file = join(emptyDirectory(), 'x.parquet');
    await runForText(sql, '--output', file, '--timestamps=iso');
    expect(await queryDuckDb(`select t from '${file}'`)).toEqual([[iso]]);
  });
});

describe('messages of -vv', () => {
  it('go to standard error with a data format', async () => {
    const { stdout, stderr } = await runOurs(['itwiki', '-vv', '--format=csv', '-e', 'select 1'], {
      env: { HOME },
    });
    expect(stdout.toString()).toBe('1\n1\n');
    expect(stderr).toContain('1 row in set');
  });
});

describe('100,000 rows', () => {
  const sql = (mark: string) =>
    `select seq as ${mark}, repeat('é', 300) a, md5(seq) b from seq_1_to_100000`;

  it.each(['csv', 'json', 'parquet'])(
    'as %s take little memory, even with a slow reader',
    async (format) => {
      const mark = `slow_${format}`;
      const child = startOurs(['itwiki', '-T', `--format=${format}`, '-e', sql(mark)], {
        env: { HOME },
      });
      child.stdin?.end();
      let size = 0;
      let stderr = '';
      let resumed = Promise.resolve();
      child.stdout?.on('data', (data: Buffer) => {
        if (size === 0) {
          child.stdout?.pause();
          // By then, the program has buffered the whole result.
          const ended = expect.poll(() => running(mark), { timeout: 20_000 }).toBe(0);
          resumed = ended.then(() => void child.stdout?.resume());
        }
        size += data.length;
      });
      child.stderr?.on('data', (data) => {
        stderr += data;
      });
      const [code] = await once(child, 'close');
      await resumed;
      expect(code).toBe(0);
      expect(size).toBeGreaterThan(format === 'parquet' ? 3_000_000 : 60_000_000);
      const [, kilobytes] = /Maximum resident set size (\d+)/.exec(stderr) ?? [];
      // Without back-pressure it would be more than the 60 MB of the result several times over; on a
      // busy machine V8 keeps up to 170 MB.
      expect(Number(kilobytes)).toBeLessThan(format === 'parquet' ? 300_000 : 200_000);
    },
  );
});
