import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { WikiFailure } from '../../../src/fanout/outcome.js';
import { openDirectoryCollector } from '../../../src/fanout/results/directory-collector.js';
import { duck } from '../../output/parquet/duck.js';
import { temporaryFolder } from '../../temporary.js';
import { requestOf } from './made-up.js';
import { type Answer, answer, give, halfOf } from './parts.js';

const wikis: Record<string, Answer> = {
  aawiki: answer('a b', ['1', 'x'], [null, '']),
  frwiki: answer('b c', ['y', '2']),
  itwiki: answer('a b'),
};
const names = Object.keys(wikis);

function open(output: string, ...options: string[]) {
  return openDirectoryCollector(
    requestOf(names, '--output', output, '--union-columns', ...options),
    output,
  );
}

const answerOf = (wiki: string): Answer => wikis[wiki] ?? answer('a b');
const filesIn = (folder: string) => readdirSync(folder, { recursive: true }).sort();
const contentOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

const whole = {
  'aawiki.csv': 'a,b,c\n1,x,\n,"",\n',
  'frwiki.csv': 'a,b,c\n,y,2\n',
  'itwiki.csv': 'a,b,c\n',
};

/** A run that is killed as far as it has come: two wikis done, the third under way. */
async function leftOver(folder: string): Promise<void> {
  const collector = await open(`${folder}/`, '--format=csv');
  for (const wiki of ['frwiki', 'itwiki']) await give(collector, wiki, answerOf(wiki));
  halfOf(collector, 'aawiki', answerOf('aawiki'));
  collector.abandon();
  expect(collector.resumable).toBe(true);
}

describe('a folder with --union-columns', () => {
  it('has the columns of all wikis in each file, and tells of the files', async () => {
    const folder = join(temporaryFolder(), 'out');
    const collector = await open(`${folder}/`, '--format=csv');
    const told = [];
    for (const wiki of names.toReversed()) told.push(await give(collector, wiki, answerOf(wiki)));
    expect(contentOf(folder)).toEqual({});
    await collector.finish();
    expect(contentOf(folder)).toEqual(whole);
    expect(filesIn(folder)).toEqual(Object.keys(whole));
    expect(told.reverse()).toMatchObject(
      Object.entries(whole).map(([file, content]) => {
        return { file, sha256: createHash('sha256').update(content).digest('hex') };
      }),
    );
    expect(collector.folder).toBe(folder);
  });

  it("is what DuckDB reads in Hive's layout, without looking for other columns", async () => {
    const folder = temporaryFolder();
    const collector = await open(`${folder}/`, '--format=parquet');
    for (const wiki of names) await give(collector, wiki, answerOf(wiki));
    await collector.finish();
    const sql = `select wiki_db, a, b, c from read_parquet('${folder}/*/*.parquet') order by all`;
    expect(await duck(sql)).toEqual([
      ['aawiki', '1', 'x', null],
      ['aawiki', null, '', null],
      ['frwiki', null, 'y', '2'],
    ]);
  });

  it('is compressed, and has the name of the wiki, where a pattern and an option say so', async () => {
    const folder = temporaryFolder();
    const collector = await open(join(folder, '{wiki}/x.csv.gz'), '--wiki-column=w');
    for (const wiki of names) await give(collector, wiki, answerOf(wiki));
    await collector.finish();
    const file = readFileSync(join(folder, 'frwiki', 'x.csv.gz'));
    expect(gunzipSync(file).toString()).toBe('w,a,b,c\nfrwiki,,y,2\n');
    expect(readdirSync(folder)).toEqual(names);
  });

  it('is resumed, with the columns of those that came before', async () => {
    const folder = join(temporaryFolder(), 'out');
    await leftOver(folder);
    expect(contentOf(folder)).toEqual({});
    const collector = await open(`${folder}/`, '--format=csv', '--resume');
    expect([...collector.alreadyDone.keys()]).toEqual(['frwiki', 'itwiki']);
    await give(collector, 'aawiki', answerOf('aawiki'));
    await collector.finish();
    expect(contentOf(folder)).toEqual(whole);
    expect(filesIn(folder)).toEqual(Object.keys(whole));
  });

  it('is made of what went well, and made anew when the rest has come', async () => {
    const folder = join(temporaryFolder(), 'out');
    const first = await open(`${folder}/`, '--format=csv');
    for (const wiki of ['aawiki', 'itwiki']) await give(first, wiki, answerOf(wiki));
    first.markWithoutResult('frwiki', 'failed', 2013);
    await first.finish();
    expect(contentOf(folder)).toEqual({
      'aawiki.csv': 'a,b\n1,x\n,""\n',
      'itwiki.csv': 'a,b\n',
    });
    const second = await open(`${folder}/`, '--format=csv', '--resume');
    await give(second, 'frwiki', answerOf('frwiki'));
    await second.finish();
    expect(contentOf(folder)).toEqual(whole);
    expect(filesIn(folder)).toEqual(Object.keys(whole));
  });

  it('removes what is half, and leaves nothing of a run that came to nothing', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.zzwiki.csv.part'), 'half');
    (await open(`${folder}/`, '--format=csv')).abandon();
    expect(filesIn(folder)).toEqual([]);
  });

  it('refuses a column that is called as the folders are', async () => {
    const collector = await open(`${temporaryFolder()}/`, '--format=parquet');
    const rows = collector.begin('aawiki');
    expect(() => rows.begin(answer('Wiki_DB').columns)).toThrow(WikiFailure);
    rows.drop();
    collector.abandon();
  });

  it('says which file could not be written, and keeps the rows', async () => {
    const folder = temporaryFolder();
    const collector = await open(`${folder}/`, '--format=csv');
    for (const wiki of names) await give(collector, wiki, answerOf(wiki));
    mkdirSync(join(folder, 'frwiki.csv', 'x'), { recursive: true });
    await expect(collector.finish()).rejects.toThrow(/^cannot write \S+frwiki.csv \(E/);
    expect(collector.resumable).toBe(true);
  });

  const refusals: [what: string, options: string[], failure: RegExp][] = [
    ['a new run', ['--format=csv'], /^\S+ holds an unfinished run: --resume goes on with it/],
    ['another form', ['--format=json', '--resume'], /asks another query or writes another form/],
  ];
  it.each(refusals)('refuses %s where one is to be finished', async (_, options, failure) => {
    const folder = temporaryFolder();
    await leftOver(folder);
    const before = filesIn(folder);
    await expect(open(`${folder}/`, ...options)).rejects.toThrow(failure);
    expect(filesIn(folder)).toEqual(before);
  });

  it('refuses a folder with files, of whatever run they are', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'aawiki.csv'), '');
    await expect(open(`${folder}/`, '--format=csv')).rejects.toThrow(/is not empty/);
    writeFileSync(join(folder, '_analytics-mysql.journal'), '');
    await expect(open(`${folder}/`, '--format=csv')).rejects.toThrow(/is of an earlier run/);
    expect(filesIn(folder)).toEqual(['_analytics-mysql.journal', 'aawiki.csv']);
  });
});
