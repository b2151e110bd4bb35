import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { WikiFailure } from '../../../src/fanout/outcome.js';
import { openDirectoryCollector } from '../../../src/fanout/results/directory-collector.js';
import { duck } from '../../output/parquet/duck.js';
import { temporaryDirectory } from '../../temporary.js';
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
const filesIn = (directory: string) => readdirSync(directory, { recursive: true }).sort();
const contentOf = (directory: string) =>
  Object.fromEntries(
    readdirSync(directory)
      .filter((name) => !name.startsWith('.'))
      .map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
  );

const whole = {
  'aawiki.csv': 'a,b,c\n1,x,\n,"",\n',
  'frwiki.csv': 'a,b,c\n,y,2\n',
  'itwiki.csv': 'a,b,c\n',
};

/** A run that is killed as far as it has come: two wikis done, the third under way. */
async function leftOver(directory: string): Promise<void> {
  const collector = await open(`${directory}/`, '--format=csv');
  for (const wiki of ['frwiki', 'itwiki']) await give(collector, wiki, answerOf(wiki));
  halfOf(collector, 'aawiki', answerOf('aawiki'));
  collector.abandon();
  expect(collector.resumable).toBe(true);
}

describe('a directory with --union-columns', () => {
  it('has the columns of all wikis in each file, and tells of the files', async () => {
    const directory = join(temporaryDirectory(), 'out');
    const collector = await open(`${directory}/`, '--format=csv');
    const told = [];
    for (const wiki of names.toReversed()) told.push(await give(collector, wiki, answerOf(wiki)));
    expect(contentOf(directory)).toEqual({});
    await collector.finish();
    expect(contentOf(directory)).toEqual(whole);
    expect(filesIn(directory)).toEqual(Object.keys(whole));
    expect(told.reverse()).toMatchObject(
      Object.entries(whole).map(([file, content]) => {
        return { file, sha256: createHash('sha256').update(content).digest('hex') };
      }),
    );
    expect(collector.directory).toBe(directory);
  });

  it("is what DuckDB reads in Hive's layout, without looking for other columns", async () => {
    const directory = temporaryDirectory();
    const collector = await open(`${directory}/`, '--format=parquet');
    for (const wiki of names) await give(collector, wiki, answerOf(wiki));
    await collector.finish();
    const sql = `select wiki_db, a, b, c from read_parquet('${directory}/*/*.parquet') order by all`;
    expect(await duck(sql)).toEqual([
      ['aawiki', '1', 'x', null],
      ['aawiki', null, '', null],
      ['frwiki', null, 'y', '2'],
    ]);
  });

  it('is compressed, and has the name of the wiki, where a pattern and an option say so', async () => {
    const directory = temporaryDirectory();
    const collector = await open(join(directory, '{wiki}/x.csv.gz'), '--wiki-column=w');
    for (const wiki of names) await give(collector, wiki, answerOf(wiki));
    await collector.finish();
    const file = readFileSync(join(directory, 'frwiki', 'x.csv.gz'));
    expect(gunzipSync(file).toString()).toBe('w,a,b,c\nfrwiki,,y,2\n');
    expect(readdirSync(directory)).toEqual(names);
  });

  it('is resumed, with the columns of those that came before', async () => {
    const directory = join(temporaryDirectory(), 'out');
    await leftOver(directory);
    expect(contentOf(directory)).toEqual({});
    const collector = await open(`${directory}/`, '--format=csv', '--resume');
    expect([...collector.alreadyDone.keys()]).toEqual(['frwiki', 'itwiki']);
    await give(collector, 'aawiki', answerOf('aawiki'));
    await collector.finish();
    expect(contentOf(directory)).toEqual(whole);
    expect(filesIn(directory)).toEqual(Object.keys(whole));
  });

  it('is made of what went well, and made anew when the rest has come', async () => {
    const directory = join(temporaryDirectory(), 'out');
    const first = await open(`${directory}/`, '--format=csv');
    for (const wiki of ['aawiki', 'itwiki']) await give(first, wiki, answerOf(wiki));
    first.markWithoutResult('frwiki', 'failed', 2013);
    await first.finish();
    expect(contentOf(directory)).toEqual({
      'aawiki.csv': 'a,b\n1,x\n,""\n',
      'itwiki.csv': 'a,b\n',
    });
    const second = await open(`${directory}/`, '--format=csv', '--resume');
    await give(second, 'frwiki', answerOf('frwiki'));
    await second.finish();
    expect(contentOf(directory)).toEqual(whole);
    expect(filesIn(directory)).toEqual(Object.keys(whole));
  });

  it('removes what is half, and leaves nothing of a run that came to nothing', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, '.zzwiki.csv.part'), 'half');
    (await open(`${directory}/`, '--format=csv')).abandon();
    expect(filesIn(directory)).toEqual([]);
  });

  it('refuses a column that is called as the directories are', async () => {
    const collector = await open(`${temporaryDirectory()}/`, '--format=parquet');
    const rows = collector.begin('aawiki');
    expect(() => rows.begin(answer('Wiki_DB').columns)).toThrow(WikiFailure);
    rows.drop();
    collector.abandon();
  });

  it('says which file could not be written, and keeps the rows', async () => {
    const directory = temporaryDirectory();
    const collector = await open(`${directory}/`, '--format=csv');
    for (const wiki of names) await give(collector, wiki, answerOf(wiki));
    mkdirSync(join(directory, 'frwiki.csv', 'x'), { recursive: true });
    await expect(collector.finish()).rejects.toThrow(/^cannot write \S+frwiki.csv \(E/);
    expect(collector.resumable).toBe(true);
  });

  const refusals: [what: string, options: string[], failure: RegExp][] = [
    ['a new run', ['--format=csv'], /^\S+ holds an unfinished run: --resume goes on with it/],
    ['another form', ['--format=json', '--resume'], /asks another query or writes another form/],
  ];
  it.each(refusals)('refuses %s where one is to be finished', async (_, options, failure) => {
    const directory = temporaryDirectory();
    await leftOver(directory);
    const before = filesIn(directory);
    await expect(open(`${directory}/`, ...options)).rejects.toThrow(failure);
    expect(filesIn(directory)).toEqual(before);
  });

  it('refuses a directory with files, of whatever run they are', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'aawiki.csv'), '');
    await expect(open(`${directory}/`, '--format=csv')).rejects.toThrow(/is not empty/);
    writeFileSync(join(directory, '_analytics-mysql.journal'), '');
    await expect(open(`${directory}/`, '--format=csv')).rejects.toThrow(/is of an earlier run/);
    expect(filesIn(directory)).toEqual(['_analytics-mysql.journal', 'aawiki.csv']);
  });
});
