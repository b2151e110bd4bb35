import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasFlaggedPages, oddWiki, pagesOf } from '../farm/many-contents.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { allWikis, countsTsv, duck, expectedTsv, filesIn, namesOf, runMany } from './wikis.js';

const where = { home: homeWithCredentials() };

/** Fails in itwiki alone, among its rows. */
const failing = `select seq, if(database() = 'itwiki' and seq = 3, (select 1 union select 2), 0) z
  from seq_1_to_4`;

describe('a wiki without the table', () => {
  it('is skipped, which is no failure', async () => {
    const sql = 'select count(*) n from flaggedpages';
    const { stdout, stderr, code } = await runMany('all', ['-e', sql], where);
    const wikis = allWikis.filter(hasFlaggedPages);
    expect([stdout, code]).toEqual([countsTsv(wikis), 0]);
    expect(stderr).toContain(`${wikis.length} wikis ok`);
    expect(stderr).toContain(`${allWikis.length - wikis.length} skipped`);
  });

  it('has no file', async () => {
    const directory = emptyDirectory();
    const args = ['--output', `${directory}/`, '-e', 'select count(*) n from flaggedpages'];
    expect(await runMany('s2', args, where)).toMatchObject({ code: 0 });
    const files = Object.keys(filesIn(directory)).filter((name) => name.endsWith('.tsv'));
    expect(files).toEqual(namesOf.s2.filter(hasFlaggedPages).map((wiki) => `${wiki}.tsv`));
  });
});

describe('a table that no wiki has', () => {
  const typo = ['-e', 'select count(*) n from pagge'];
  const line = "analytics-mysql: no wiki has the table 'pagge'; did you mean page?\n";

  it('is an error with exit status 4, and the nearest name is told once', async () => {
    const { stdout, stderr, code } = await runMany('all', typo, where);
    expect([stdout, code]).toEqual(['', 4]);
    expect(stderr).toContain(`${allWikis.length} skipped (no such table)`);
    expect(stderr.split(line)).toHaveLength(2);
  });

  it('is told with -s, and that alone', async () => {
    expect(await runMany('s2', ['-s', ...typo], where)).toMatchObject({
      stdout: '',
      stderr: line,
      code: 4,
    });
  });

  it.each(['csv', 'json', 'jsonl', 'parquet', 'markdown', 'wikitable', 'table', 'xml'])(
    'prints nothing as %s',
    async (format) => {
      const args = ['--format', format, ...typo];
      expect(await runMany('s2', args, where)).toMatchObject({ stdout: '', code: 4 });
    },
  );

  it.each(['m.tsv', 'm.json', 'm.csv.gz', 'm.parquet'])(
    'leaves an old %s as it was, and nothing beside it',
    async (name) => {
      const directory = emptyDirectory();
      writeFileSync(join(directory, name), 'good\n');
      const args = ['-s', '--output', join(directory, name), ...typo];
      for (const more of [[], ['--provenance'], ['--union-columns']]) {
        const { stdout, stderr, code } = await runMany('s2', [...args, ...more], where);
        expect([stdout, stderr, code]).toEqual(['', line, 4]);
        expect(readdirSync(directory)).toEqual([name]);
        expect(readFileSync(join(directory, name), 'utf8')).toBe('good\n');
      }
    },
  );

  it('leaves the files of a directory and of a pattern as they were', async () => {
    const directory = emptyDirectory();
    const out = join(directory, 'out');
    const right = ['-e', 'select count(*) n from page'];
    expect(await runMany('s2', ['--output', `${out}/`, ...right], where)).toMatchObject({
      code: 0,
    });
    const before = filesIn(out);
    for (const more of [[], ['--union-columns']]) {
      for (const [output, made] of [
        [join(directory, 'new/'), 'new'],
        [join(directory, 'pattern-{wiki}.csv'), 'pattern-itwiki.csv'],
      ] as const) {
        const args = ['-s', '--output', output, ...more, ...typo];
        expect(await runMany('s2', args, where)).toMatchObject({ stderr: line, code: 4 });
        expect(existsSync(join(directory, made))).toBe(false);
      }
    }
    expect(filesIn(out)).toEqual(before);
    expect(readdirSync(directory)).toEqual(['out']);
  });

  it('is no run that --resume could go on with', async () => {
    const file = join(emptyDirectory(), 'm.tsv');
    const args = ['-s', '--output', file, ...typo];
    await runMany('s2', args, where);
    const again = await runMany('s2', [...args, '--resume'], where);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('nothing to resume');
    const right = await runMany('s2', ['--output', file, '-e', 'select 1 a'], where);
    expect(right.code).toBe(0);
  });

  it('in another database is named with it', async () => {
    const sql = 'select count(*) n from itwiki.pagge';
    const { stderr, code } = await runMany('enwiki', ['-s', '-e', sql], where);
    expect([stderr, code]).toEqual(["analytics-mysql: no wiki has the table 'itwiki.pagge'\n", 4]);
    const near = await runMany('nlwiki', ['-s', '-e', sql], where);
    expect(near.stderr).toBe(
      "analytics-mysql: no wiki has the table 'itwiki.pagge'; did you mean page?\n",
    );
  });

  it('without a near name is told without a hint', async () => {
    const { stderr, code } = await runMany('s2', ['-s', '-e', 'select 1 from nothing'], where);
    expect([stderr, code]).toEqual(["analytics-mysql: no wiki has the table 'nothing'\n", 4]);
  });

  it.each(['de_DE', 'fr_FR', 'ru_RU'])('is told where the server speaks %s', async (language) => {
    const args = ['-s', '--init-command', `set lc_messages='${language}'`, ...typo];
    expect(await runMany('s2', args, where)).toMatchObject({ stdout: '', stderr: line, code: 4 });
  });

  const without = namesOf.s2.filter((wiki) => !hasFlaggedPages(wiki)).length;
  const all = namesOf.s2.length;

  it('is told with the number of wikis, where others lack another one', async () => {
    const sql = 'select 1 from flaggedpages; select 2 from pagge';
    const { stdout, stderr, code } = await runMany('s2', ['-s', '-e', sql], where);
    expect([stdout, code]).toEqual(['', 4]);
    const lack =
      without > all - without
        ? `${without} of ${all} lack the table 'flaggedpages'`
        : `${all - without} of ${all} lack the table 'pagge'; did you mean page?`;
    expect(stderr).toBe(`analytics-mysql: no wiki succeeded: ${lack}\n`);
  });

  it('is told with the number of wikis, where the others failed', async () => {
    const sql = 'select 1 from flaggedpages; select nothing';
    const { stdout, stderr, code } = await runMany('s2', ['-s', '-e', sql], where);
    expect([stdout, code]).toEqual(['', 4]);
    expect(stderr).toMatch(/failed: ERROR 1054/);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `analytics-mysql: no wiki succeeded: ${without} of ${all} lack the table 'flaggedpages'`,
    );
  });
});

describe('an error in one wiki', () => {
  const others = namesOf.s2.filter((wiki) => wiki !== 'itwiki');

  it('leaves the others, and ends with status 4', async () => {
    const { stdout, stderr, code } = await runMany('s2', ['-e', failing], where);
    const rows = others.flatMap((wiki) => [1, 2, 3, 4].map((seq) => `${wiki}\t${seq}\t0\n`));
    expect(stdout).toBe(`wiki\tseq\tz\n${rows.join('')}`);
    expect(code).toBe(4);
    expect(stderr).toContain('1 failed');
    expect(stderr).toMatch(/1242.*itwiki|itwiki.*1242/s);
  });

  it('leaves no file of it, and no rows of it in one file', async () => {
    const directory = emptyDirectory();
    const into = await runMany('s2', ['--output', `${directory}/`, '-e', failing], where);
    expect(into.code).toBe(4);
    const files = Object.keys(filesIn(directory)).filter((name) => name.endsWith('.tsv'));
    expect(files).toEqual(others.map((wiki) => `${wiki}.tsv`));
    const file = join(emptyDirectory(), 'x.parquet');
    const one = await runMany('s2', ['--output', file, '-e', failing], where);
    expect(one.code).toBe(4);
    const read = await duck(`select wiki, count(*)::int from '${file}' group by 1 order by 1`);
    expect(read).toEqual(others.map((wiki) => [wiki, 4]));
  });

  it('ends the run at once with --fail-fast', async () => {
    const sql = "select if(database() = 'enwiki', (select 1 union select 2), sleep(0.5)) a";
    const { stderr, code } = await runMany('s1,s2', ['--fail-fast', '-e', sql], where);
    expect(code).toBe(4);
    expect(stderr).toMatch(/1242/);
    expect(stderr).not.toContain(`${namesOf.s2.length} wikis ok`);
  });

  it('that all share is told once, not for each', async () => {
    const { stderr, code } = await runMany('all', ['-e', 'select nothing from page'], where);
    expect(code).toBe(4);
    expect(stderr.match(/1054/g)).toHaveLength(1);
    expect(stderr).toContain(`${allWikis.length} failed`);
  });
});

describe('columns that differ', () => {
  const wikis = namesOf.s5.slice(0, namesOf.s5.indexOf(oddWiki) + 3).join();
  const names = wikis.split(',');
  const alike = names.filter((wiki) => wiki !== oddWiki);

  it('fail that wiki, with the names of both', async () => {
    const { stdout, stderr, code } = await runMany(wikis, ['-e', 'select * from page'], where);
    expect(stdout).toBe(await expectedTsv(alike, 'select * from page'));
    expect(code).toBe(4);
    expect(stderr).toContain('1 failed');
    for (const name of [oddWiki, alike[0], 'page_odd']) expect(stderr).toContain(name);
  });

  it('only by type fail it in Parquet alone', async () => {
    const sql = 'select page_id, page_latest from page order by 1';
    const text = await runMany(wikis, ['-e', sql], where);
    expect([text.stdout, text.code]).toEqual([await expectedTsv(names, sql), 0]);
    const file = join(emptyDirectory(), 'x.parquet');
    const { code, stderr } = await runMany(wikis, ['--output', file, '-e', sql], where);
    expect(code).toBe(4);
    for (const name of [oddWiki, alike[0], 'page_latest']) expect(stderr).toContain(name);
    const read = await duck(`select wiki, count(*)::int from '${file}' group by 1 order by 1`);
    expect(read).toEqual(alike.map((wiki) => [wiki, pagesOf(wiki)]));
  });

  it('are reconciled by --union-columns', async () => {
    const args = ['--union-columns', '--format=csv', '-e', 'select * from page order by page_id'];
    const file = join(emptyDirectory(), 'x.csv');
    expect(await runMany(wikis, [...args, '--output', file], where)).toMatchObject({ code: 0 });
    const columns = 'wiki, page_id, page_lang, page_odd, page_content_model';
    const read = await duck(`select ${columns} from read_csv('${file}', all_varchar = true)`);
    const expected = names.flatMap((wiki) =>
      Array.from({ length: pagesOf(wiki) }, (_, i) => [
        wiki,
        String(i + 1),
        null,
        wiki === oddWiki ? '7' : null,
        'wikitext',
      ]),
    );
    expect(read).toEqual(expected);
    const stream = await runMany(wikis, args, where);
    expect(stream.stdout).toBe(filesIn(join(file, '..'))['x.csv']);
  });

  it('are reconciled in Parquet too', async () => {
    const directory = emptyDirectory();
    const file = join(directory, 'x.parquet');
    const args = ['--union-columns', '--output', file, '-e', 'select * from page'];
    expect(await runMany(wikis, args, where)).toMatchObject({ code: 0 });
    const read = await duck(
      `select wiki, sum(page_id)::int, sum(page_odd)::int from '${file}' group by 1 order by 1`,
    );
    expect(read).toEqual(
      names.map((wiki) => {
        const pages = pagesOf(wiki);
        return [wiki, (pages * (pages + 1)) / 2, wiki === oddWiki ? pages * 7 : null];
      }),
    );
  });

  it('are reconciled in a directory of Parquet, which is one table then', async () => {
    const directory = join(emptyDirectory(), 'pages');
    const args = ['--format=parquet', '--output', `${directory}/`, '-e', 'select * from page'];
    expect(await runMany(wikis, ['--union-columns', ...args], where)).toMatchObject({ code: 0 });
    const read = await duck(
      `select wiki_db, sum(page_latest)::int, sum(page_odd)::int
       from read_parquet('${directory}/*/*.parquet', hive_partitioning = true) group by 1 order by 1`,
    );
    const expected = names.map((wiki) => {
      const pages = pagesOf(wiki);
      return [wiki, 5 * pages * (pages + 1), wiki === oddWiki ? pages * 7 : null];
    });
    expect(read).toEqual(expected);
  });
});
