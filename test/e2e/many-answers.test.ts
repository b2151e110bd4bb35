import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageCount } from '../farm/many-contents.js';
import { readCsv } from './grids.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import {
  allWikis,
  countsTsv,
  expectedTsv,
  filesIn,
  namesOf,
  runDuckDb,
  runMany,
  sectionOf,
  startMany,
} from './wikis.js';

const countPages = ['-e', 'select count(*) n from page'];
const context = { home: homeWithCredentials() };

/** Titles contain a tab, which must be escaped; some cells are NULL. */
const pages = 'select page_id, page_title, page_links_updated, page_random from page order by 1';

describe('--wikis writes to standard output', () => {
  it('the same rows as the mariadb client run on each wiki, sorted by wiki name', async () => {
    const { stdout, code } = await startMany('all', ['-e', pages], context).ended;
    expect(stdout).toBe(await expectedTsv(allWikis, pages));
    expect(code).toBe(0);
  });

  it.each([
    ['s2,enwiki', [...namesOf.s2, 'enwiki']],
    ['*wiktionary & s5', namesOf.s5.filter((wiki) => wiki.endsWith('wiktionary'))],
    [
      's2 - wikipedia + wikidatawiki',
      [...namesOf.s2.filter((wiki) => !wiki.endsWith('wiki')), 'wikidatawiki'],
    ],
  ])('only the wikis selected by %s', async (expression, wikis) => {
    const { stdout, code } = await runMany(expression, countPages, context);
    expect([stdout, code]).toEqual([countsTsv([...wikis].sort()), 0]);
  });

  it('the rows of x1 for every wiki with --use-x1', async () => {
    const args = ['--use-x1', '-e', 'select count(*) n from echo_event'];
    const { stdout, code } = await runMany('all', args, context);
    expect([stdout, code]).toEqual([countsTsv(allWikis), 0]);
  });

  it('the wikis sorted by name even if later ones finish first', async () => {
    const sql = "select sleep(if(database() = 'enwiki', 1, 0)) s, database() d";
    const { stdout } = await runMany('s1,s2,s7', ['-e', sql], context);
    const wikis = [...namesOf.s1, ...namesOf.s2, ...namesOf.s7].sort();
    expect(stdout).toBe(`wiki\ts\td\n${wikis.map((wiki) => `${wiki}\t0\t${wiki}\n`).join('')}`);
  });

  it('finished wikis without waiting for a slow one, with --unordered', async () => {
    const sql = "select sleep(if(database() = 'enwiki', 1, 0)) s";
    const { stdout } = await runMany('s1,s2,s7', ['--unordered', '-e', sql], context);
    const [header, ...rows] = stdout.split('\n').slice(0, -1);
    expect(header).toBe('wiki\ts');
    expect(rows.at(-1)).toBe('enwiki\t0');
    const wikis = [...namesOf.s1, ...namesOf.s2, ...namesOf.s7].sort();
    expect(rows.toSorted()).toEqual(wikis.map((wiki) => `${wiki}\t0`));
  });

  it('the rows of each wiki together, with --unordered', async () => {
    const { stdout } = await runMany('all', ['--unordered', '-e', pages], context);
    const rows = stdout.split('\n').slice(1, -1);
    const wikisInOrder = rows
      .map((row) => row.split('\t')[0])
      .filter((wiki, i, all) => wiki !== all[i - 1]);
    expect(wikisInOrder.toSorted()).toEqual(allWikis);
    expect(rows).toHaveLength(allWikis.reduce((sum, wiki) => sum + pageCount(wiki), 0));
  });

  it.each([
    [['--wiki-column', 'db'], 'db\tn\n', (wiki: string) => `${wiki}\t`],
    [['--wiki-column='], 'n\n', () => ''],
    [['--skip-column-names'], '', (wiki: string) => `${wiki}\t`],
  ])('with %j, the header %j', async (args, header, prefix) => {
    const { stdout } = await runMany('s2', [...args, ...countPages], context);
    const rows = namesOf.s2.map((wiki) => `${prefix(wiki)}${pageCount(wiki)}\n`);
    expect(stdout).toBe(header + rows.join(''));
  });

  it('the header even if no wiki has rows', async () => {
    const { stdout, code } = await runMany('s2', ['-e', 'select 1 a from page limit 0'], context);
    expect([stdout, code]).toEqual(['wiki\ta\n', 0]);
  });

  it('CSV and JSON lines', async () => {
    const csv = await runMany('s2,s7', ['--format=csv', ...countPages], context);
    const wikis = [...namesOf.s2, ...namesOf.s7].sort();
    const rows = wikis.map((wiki) => [wiki, String(pageCount(wiki))]);
    expect(readCsv(Buffer.from(csv.stdout, 'latin1'))).toEqual({ names: ['wiki', 'n'], rows });
    const jsonl = await runMany('s2,s7', ['--format=jsonl', ...countPages], context);
    const objects = jsonl.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(objects).toEqual(wikis.map((wiki) => ({ wiki, n: pageCount(wiki) })));
  });

  it('complete large results that a spill file buffers during a slow wiki', async () => {
    const [slow = ''] = namesOf.s5;
    const chosen = ['s2', 's7', slow].join();
    const sql = `select seq, repeat(database(), 200) r,
      sleep(if(database() = '${slow}' and seq = 1, 1, 0)) s from seq_1_to_1000`;
    const { stdout, code } = await runMany(chosen, ['-e', sql], context);
    const rows = [...namesOf.s2, ...namesOf.s7, slow].sort().flatMap((wiki) => {
      const text = wiki.repeat(200);
      return Array.from({ length: 1000 }, (_, i) => `${wiki}\t${i + 1}\t${text}\t0\n`);
    });
    expect(stdout === `wiki\tseq\tr\ts\n${rows.join('')}`).toBe(true);
    expect(code).toBe(0);
  });
});

describe('--output FILE', () => {
  it.each(['counts.tsv', 'counts.csv', 'counts.parquet', 'counts.tsv.gz'])(
    '%s contains the same rows as standard output',
    async (name) => {
      const directory = emptyDirectory();
      const file = join(directory, name);
      const { stdout, code } = await runMany('all', ['--output', file, ...countPages], context);
      expect([stdout, code]).toEqual(['', 0]);
      expect(Object.keys(filesIn(directory))).toEqual([name]);
      const source = name.endsWith('parquet')
        ? `read_parquet('${file}')`
        : `read_csv('${file}', delim = '${name.includes('tsv') ? '\t' : ','}')`;
      const rows = await runDuckDb(`select wiki, n from ${source}`);
      expect(rows.map(([wiki, n]) => [wiki, Number(n)])).toEqual(
        allWikis.map((wiki) => [wiki, pageCount(wiki)]),
      );
      if (name === 'counts.tsv') expect(readFileSync(file, 'latin1')).toBe(countsTsv(allWikis));
    },
  );
});

describe('--output with a file for each wiki', () => {
  it.each(['tsv', 'csv'])('writes %s files to a directory', async (format) => {
    const directory = join(emptyDirectory(), 'new');
    const args = ['--format', format, '--output', `${directory}/`, ...countPages];
    expect(await runMany('all', args, context)).toMatchObject({ stdout: '', code: 0 });
    const { '_analytics-mysql.journal': _, ...files } = filesIn(directory);
    expect(files).toEqual(
      Object.fromEntries(allWikis.map((wiki) => [`${wiki}.${format}`, `n\n${pageCount(wiki)}\n`])),
    );
    const rows = await runDuckDb(
      `select filename.parse_filename(true), n from read_csv('${directory}/*.${format}', filename = true) order by 1`,
    );
    expect(rows.map(([wiki, n]) => [wiki, Number(n)])).toEqual(
      allWikis.map((wiki) => [wiki, pageCount(wiki)]),
    );
  });

  it('writes Parquet files that DuckDB reads as one table with a wiki_db column', async () => {
    const directory = join(emptyDirectory(), 'edits');
    const sql = 'select page_id, page_title, page_links_updated, page_random from page';
    const args = ['--format=parquet', '--output', `${directory}/`, '-e', sql];
    expect(await runMany('s2,s5,s7', args, context)).toMatchObject({ stdout: '', code: 0 });
    const wikis = [...namesOf.s2, ...namesOf.s5, ...namesOf.s7].sort();
    const { '_analytics-mysql.journal': _, ...files } = filesIn(directory);
    expect(Object.keys(files)).toEqual(wikis.map((wiki) => `wiki_db=${wiki}/part-0.parquet`));
    const read = await runDuckDb(
      `select wiki_db, page_id, hex(page_title::blob), page_links_updated::varchar, page_random::double
       from read_parquet('${directory}/*/*.parquet', hive_partitioning = true) order by 1, 2`,
    );
    const serverSql =
      'select page_id, hex(page_title), page_links_updated, page_random from page order by 1';
    const expected = (await expectedTsv(wikis, serverSql)).split('\n').slice(1, -1);
    const cells = expected.map((line) =>
      line.split('\t').map((cell) => (cell === 'NULL' ? null : cell)),
    );
    expect(
      read.map((row) => [
        ...row.slice(0, 4).map((cell) => (cell === null ? null : String(cell))),
        Number(row[4]),
      ]),
    ).toEqual(cells.map((row) => [...row.slice(0, 4), Number(row[4])]));
  });

  it('writes files named by a pattern', async () => {
    const directory = emptyDirectory();
    const pattern = join(directory, 'a-{wiki}-b.jsonl');
    expect(await runMany('s2', ['--output', pattern, ...countPages], context)).toMatchObject({
      code: 0,
    });
    const files = Object.entries(filesIn(directory)).filter(([name]) => name.startsWith('a-'));
    expect(files).toEqual(
      namesOf.s2.map((wiki) => [`a-${wiki}-b.jsonl`, `{"n":${pageCount(wiki)}}\n`]),
    );
  });
});

it('sectionOf finds the section whose dblist contains the wiki', () => {
  expect(namesOf.s2.map(sectionOf)).toEqual(namesOf.s2.map(() => 's2'));
});
