import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasFlaggedPages, oddWiki, pageCount } from '../farm/many-contents.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import {
  allWikis,
  countsTsv,
  expectedTsv,
  filesIn,
  namesOf,
  runDuckDb,
  runMany,
  startMany,
} from './wikis.js';

const context = { home: homeWithCredentials() };

/** Fails only in itwiki, after some of its rows. */
const failing = `select seq, if(database() = 'itwiki' and seq = 3, (select 1 union select 2), 0) z
  from seq_1_to_4`;

describe('a wiki without the table', () => {
  it('is skipped, which does not count as a failure', async () => {
    const sql = 'select count(*) n from flaggedpages';
    const { stdout, stderr, code } = await startMany('all', ['-e', sql], context).ended;
    const wikis = allWikis.filter(hasFlaggedPages);
    expect([stdout, code]).toEqual([countsTsv(wikis), 0]);
    expect(stderr).toContain(`${wikis.length} wikis ok`);
    expect(stderr).toContain(`${allWikis.length - wikis.length} skipped`);
  });

  it('gets no output file', async () => {
    const directory = emptyDirectory();
    const args = ['--output', `${directory}/`, '-e', 'select count(*) n from flaggedpages'];
    expect(await runMany('s2', args, context)).toMatchObject({ code: 0 });
    const files = Object.keys(filesIn(directory)).filter((name) => name.endsWith('.tsv'));
    expect(files).toEqual(namesOf.s2.filter(hasFlaggedPages).map((wiki) => `${wiki}.tsv`));
  });
});

describe('a table that no wiki has', () => {
  const misspelledTable = ['-e', 'select count(*) n from pagge'];
  const line = "analytics-mysql: no wiki has the table 'pagge'; did you mean page?\n";

  it('is an error with exit status 4, and the most similar name is suggested once', async () => {
    const { stdout, stderr, code } = await runMany('all', misspelledTable, context);
    expect([stdout, code]).toEqual(['', 4]);
    expect(stderr).toContain(`${allWikis.length} skipped (no such table)`);
    expect(stderr.split(line)).toHaveLength(2);
  });

  it('is the only message with -s', async () => {
    expect(await runMany('s2', ['-s', ...misspelledTable], context)).toMatchObject({
      stdout: '',
      stderr: line,
      code: 4,
    });
  });

  it.each(['csv', 'json', 'jsonl', 'parquet', 'markdown', 'wikitable', 'table', 'xml'])(
    'prints nothing as %s',
    async (format) => {
      const args = ['--format', format, ...misspelledTable];
      expect(await runMany('s2', args, context)).toMatchObject({ stdout: '', code: 4 });
    },
  );

  it.each(['m.tsv', 'm.json', 'm.csv.gz', 'm.parquet'])(
    'leaves an existing %s unchanged and creates no other file',
    async (name) => {
      const directory = emptyDirectory();
      writeFileSync(join(directory, name), 'good\n');
      const args = ['-s', '--output', join(directory, name), ...misspelledTable];
      for (const more of [[], ['--provenance'], ['--union-columns']]) {
        const { stdout, stderr, code } = await runMany('s2', [...args, ...more], context);
        expect([stdout, stderr, code]).toEqual(['', line, 4]);
        expect(readdirSync(directory)).toEqual([name]);
        expect(readFileSync(join(directory, name), 'utf8')).toBe('good\n');
      }
    },
  );

  it('leaves existing files of a directory unchanged, and creates no directory or file', async () => {
    const directory = emptyDirectory();
    const out = join(directory, 'out');
    const validQuery = ['-e', 'select count(*) n from page'];
    expect(await runMany('s2', ['--output', `${out}/`, ...validQuery], context)).toMatchObject({
      code: 0,
    });
    const before = filesIn(out);
    for (const more of [[], ['--union-columns']]) {
      for (const [output, made] of [
        [join(directory, 'new/'), 'new'],
        [join(directory, 'pattern-{wiki}.csv'), 'pattern-itwiki.csv'],
      ] as const) {
        const args = ['-s', '--output', output, ...more, ...misspelledTable];
        expect(await runMany('s2', args, context)).toMatchObject({ stderr: line, code: 4 });
        expect(existsSync(join(directory, made))).toBe(false);
      }
    }
    expect(filesIn(out)).toEqual(before);
    expect(readdirSync(directory)).toEqual(['out']);
  });

  it('leaves nothing that --resume could continue', async () => {
    const file = join(emptyDirectory(), 'm.tsv');
    const args = ['-s', '--output', file, ...misspelledTable];
    const first = await runMany('s2', args, context);
    expect(await runMany('s2', [...args, '--resume'], context)).toEqual(first);
    const other = await runMany('s2', ['--output', file, '-e', 'select 1 a'], context);
    expect(other.code).toBe(0);
  });

  it('is reported with its database if the query names one', async () => {
    const sql = 'select count(*) n from itwiki.pagge';
    const { stderr, code } = await runMany('enwiki', ['-s', '-e', sql], context);
    const elsewhere =
      'itwiki is on s2, not on s1: a statement of --wikis can use only databases of the same section';
    expect([stderr, code]).toEqual([
      `analytics-mysql: no wiki has the table 'itwiki.pagge'; ${elsewhere}\n`,
      4,
    ]);
    const near = await runMany('nlwiki', ['-s', '-e', sql], context);
    expect(near.stderr).toBe(
      "analytics-mysql: no wiki has the table 'itwiki.pagge'; did you mean page?\n",
    );
  });

  it('is reported without a suggestion if no name is similar', async () => {
    const { stderr, code } = await runMany('s2', ['-s', '-e', 'select 1 from nothing'], context);
    expect([stderr, code]).toEqual(["analytics-mysql: no wiki has the table 'nothing'\n", 4]);
  });

  it.each(['de_DE', 'fr_FR', 'ru_RU'])(
    'is reported the same way if the server messages are in %s',
    async (language) => {
      const args = ['-s', '--init-command', `set lc_messages='${language}'`, ...misspelledTable];
      expect(await runMany('s2', args, context)).toMatchObject({
        stdout: '',
        stderr: line,
        code: 4,
      });
    },
  );

  const without = namesOf.s2.filter((wiki) => !hasFlaggedPages(wiki)).length;
  const all = namesOf.s2.length;

  it('is reported with the number of wikis if other wikis lack a different table', async () => {
    const sql = 'select 1 from flaggedpages; select 2 from pagge';
    const { stdout, stderr, code } = await runMany('s2', ['-s', '-e', sql], context);
    expect([stdout, code]).toEqual(['', 4]);
    const lack =
      without > all - without
        ? `${without} of ${all} lack the table 'flaggedpages'`
        : `${all - without} of ${all} lack the table 'pagge'; did you mean page?`;
    expect(stderr).toBe(`analytics-mysql: no wiki succeeded: ${lack}\n`);
  });

  it('is reported with the number of wikis if the other wikis failed', async () => {
    const sql = 'select 1 from flaggedpages; select nothing';
    const { stdout, stderr, code } = await runMany('s2', ['-s', '-e', sql], context);
    expect([stdout, code]).toEqual(['', 4]);
    expect(stderr).toMatch(/failed: ERROR 1054/);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `analytics-mysql: no wiki succeeded: ${without} of ${all} lack the table 'flaggedpages'`,
    );
  });
});

describe('an error in one wiki', () => {
  const others = namesOf.s2.filter((wiki) => wiki !== 'itwiki');

  it('does not affect the other wikis, and the exit status is 4', async () => {
    const { stdout, stderr, code } = await runMany('s2', ['-e', failing], context);
    const rows = others.flatMap((wiki) => [1, 2, 3, 4].map((seq) => `${wiki}\t${seq}\t0\n`));
    expect(stdout).toBe(`wiki\tseq\tz\n${rows.join('')}`);
    expect(code).toBe(4);
    expect(stderr).toContain('1 failed');
    expect(stderr).toMatch(/1242.*itwiki|itwiki.*1242/s);
  });

  it('leaves no file for that wiki, and none of its rows in a single file', async () => {
    const directory = emptyDirectory();
    const into = await runMany('s2', ['--output', `${directory}/`, '-e', failing], context);
    expect(into.code).toBe(4);
    const files = Object.keys(filesIn(directory)).filter((name) => name.endsWith('.tsv'));
    expect(files).toEqual(others.map((wiki) => `${wiki}.tsv`));
    const file = join(emptyDirectory(), 'x.parquet');
    const one = await runMany('s2', ['--output', file, '-e', failing], context);
    expect(one.code).toBe(4);
    const read = await runDuckDb(`select wiki, count(*)::int from '${file}' group by 1 order by 1`);
    expect(read).toEqual(others.map((wiki) => [wiki, 4]));
  });

  it('stops the run immediately with --fail-fast', async () => {
    const sql = "select if(database() = 'enwiki', (select 1 union select 2), sleep(0.5)) a";
    const { stderr, code } = await runMany('s1,s2', ['--fail-fast', '-e', sql], context);
    expect(code).toBe(4);
    expect(stderr).toMatch(/1242/);
    expect(stderr).not.toContain(`${namesOf.s2.length} wikis ok`);
  });

  it('is reported once if all wikis have it', async () => {
    const { stderr, code } = await runMany('all', ['-e', 'select nothing from page'], context);
    expect(code).toBe(4);
    expect(stderr.match(/1054/g)).toHaveLength(1);
    expect(stderr).toContain(`${allWikis.length} failed`);
  });
});

describe('columns that differ', () => {
  const wikis = namesOf.s5.slice(0, namesOf.s5.indexOf(oddWiki) + 3).join();
  const names = wikis.split(',');
  const sameColumnWikis = names.filter((wiki) => wiki !== oddWiki);

  it('fail that wiki with an error that names both wikis', async () => {
    const { stdout, stderr, code } = await runMany(wikis, ['-e', 'select * from page'], context);
    expect(stdout).toBe(await expectedTsv(sameColumnWikis, 'select * from page'));
    expect(code).toBe(4);
    expect(stderr).toContain('1 failed');
    for (const name of [oddWiki, sameColumnWikis[0], 'page_odd']) expect(stderr).toContain(name);
  });

  it('only in type fail the wiki in Parquet, but not in TSV', async () => {
    const sql = 'select page_id, page_latest from page order by 1';
    const text = await runMany(wikis, ['-e', sql], context);
    expect([text.stdout, text.code]).toEqual([await expectedTsv(names, sql), 0]);
    const file = join(emptyDirectory(), 'x.parquet');
    const { code, stderr } = await runMany(wikis, ['--output', file, '-e', sql], context);
    expect(code).toBe(4);
    for (const name of [oddWiki, sameColumnWikis[0], 'page_latest']) expect(stderr).toContain(name);
    const read = await runDuckDb(`select wiki, count(*)::int from '${file}' group by 1 order by 1`);
    expect(read).toEqual(sameColumnWikis.map((wiki) => [wiki, pageCount(wiki)]));
  });

  it('are merged by --union-columns', async () => {
    const args = ['--union-columns', '--format=csv', '-e', 'select * from page order by page_id'];
    const file = join(emptyDirectory(), 'x.csv');
    expect(await runMany(wikis, [...args, '--output', file], context)).toMatchObject({ code: 0 });
    const columns = 'wiki, page_id, page_lang, page_odd, page_content_model';
    const read = await runDuckDb(`select ${columns} from read_csv('${file}', all_varchar = true)`);
    const expected = names.flatMap((wiki) =>
      Array.from({ length: pageCount(wiki) }, (_, i) => [
        wiki,
        String(i + 1),
        null,
        wiki === oddWiki ? '7' : null,
        'wikitext',
      ]),
    );
    expect(read).toEqual(expected);
    const stream = await runMany(wikis, args, context);
    expect(stream.stdout).toBe(filesIn(join(file, '..'))['x.csv']);
  });

  it('are merged in Parquet too', async () => {
    const directory = emptyDirectory();
    const file = join(directory, 'x.parquet');
    const args = ['--union-columns', '--output', file, '-e', 'select * from page'];
    expect(await runMany(wikis, args, context)).toMatchObject({ code: 0 });
    const read = await runDuckDb(
      `select wiki, sum(page_id)::int, sum(page_odd)::int from '${file}' group by 1 order by 1`,
    );
    expect(read).toEqual(
      names.map((wiki) => {
        const pages = pageCount(wiki);
        return [wiki, (pages * (pages + 1)) / 2, wiki === oddWiki ? pages * 7 : null];
      }),
    );
  });

  it('are merged in a directory of Parquet files, which DuckDB reads as one table', async () => {
    const directory = join(emptyDirectory(), 'pages');
    const args = ['--format=parquet', '--output', `${directory}/`, '-e', 'select * from page'];
    expect(await runMany(wikis, ['--union-columns', ...args], context)).toMatchObject({ code: 0 });
    const read = await runDuckDb(
      `select wiki_db, sum(page_latest)::int, sum(page_odd)::int
       from read_parquet('${directory}/*/*.parquet', hive_partitioning = true) group by 1 order by 1`,
    );
    const expected = names.map((wiki) => {
      const pages = pageCount(wiki);
      return [wiki, 5 * pages * (pages + 1), wiki === oddWiki ? pages * 7 : null];
    });
    expect(read).toEqual(expected);
  });
});
