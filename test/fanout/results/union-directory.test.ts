import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { WikiFailure } from '../../../src/fanout/outcome.js';
import { openDirectoryCollector } from '../../../src/fanout/results/directory-collector.js';
import { queryDuckDb } from '../../output/parquet/query-duckdb.js';
import { temporaryDirectory } from '../../temporary-directory.js';
import { type Answer, answer, deliver, deliverHalf } from './answers.js';
import { requestOf } from './fake-wikis.js';

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

const journal = '_analytics-mysql.journal';
const answerOf = (wiki: string): Answer => wikis[wiki] ?? answer('a b');
const filesIn = (directory: string) => readdirSync(directory, { recursive: true }).sort();
const contentOf = (directory: string) =>
  Object.fromEntries(
    readdirSync(directory)
      .filter((name) => !/^[._]/.test(name))
      .map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
  );

const completeFiles = {
  'aawiki.csv': 'a,b,c\n1,x,\n,"",\n',
  'frwiki.csv': 'a,b,c\n,y,2\n',
  'itwiki.csv': 'a,b,c\n',
};

/** Abandons a run after two wikis are complete and while the third one is running. */
async function createAbandonedRun(directory: string): Promise<void> {
  const collector = await open(`${directory}/`, '--format=csv');
  for (const wiki of ['frwiki', 'itwiki']) await deliver(collector, wiki, answerOf(wiki));
  deliverHalf(collector, 'aawiki', answerOf('aawiki'));
  collector.abandon();
  expect(collector.isResumable).toBe(true);
}

describe('--output with a directory and --union-columns', () => {
  it('writes the columns of all wikis to each file, and returns its name and checksum', async () => {
    const directory = join(temporaryDirectory(), 'out');
    const collector = await open(`${directory}/`, '--format=csv');
    const results = [];
    for (const wiki of names.toReversed())
      results.push(await deliver(collector, wiki, answerOf(wiki)));
    expect(contentOf(directory)).toEqual({});
    await collector.finish();
    expect(contentOf(directory)).toEqual(completeFiles);
    expect(filesIn(directory)).toEqual([journal, ...Object.keys(completeFiles)]);
    expect(results.reverse()).toMatchObject(
      Object.entries(completeFiles).map(([file, content]) => {
        return { file, sha256: createHash('sha256').update(content).digest('hex') };
      }),
    );
    expect(collector.directory).toBe(directory);
  });

  it("writes files in Hive's layout that DuckDB reads without union_by_name", async () => {
    const directory = temporaryDirectory();
    const collector = await open(`${directory}/`, '--format=parquet');
    for (const wiki of names) await deliver(collector, wiki, answerOf(wiki));
    await collector.finish();
    const sql = `select wiki_db, a, b, c from read_parquet('${directory}/*/*.parquet') order by all`;
    expect(await queryDuckDb(sql)).toEqual([
      ['aawiki', '1', 'x', null],
      ['aawiki', null, '', null],
      ['frwiki', null, 'y', '2'],
    ]);
  });

  it('compresses the files of a pattern, and adds the column of --wiki-column', async () => {
    const directory = temporaryDirectory();
    const collector = await open(join(directory, '{wiki}/x.csv.gz'), '--wiki-column=w');
    for (const wiki of names) await deliver(collector, wiki, answerOf(wiki));
    await collector.finish();
    const file = readFileSync(join(directory, 'frwiki', 'x.csv.gz'));
    expect(gunzipSync(file).toString()).toBe('w,a,b,c\nfrwiki,,y,2\n');
    expect(readdirSync(directory)).toEqual(['_{wiki}+x.csv.gz.journal', ...names]);
  });

  it('can be resumed, and includes the columns of the earlier run', async () => {
    const directory = join(temporaryDirectory(), 'out');
    await createAbandonedRun(directory);
    expect(contentOf(directory)).toEqual({});
    const collector = await open(`${directory}/`, '--format=csv', '--resume');
    expect([...collector.alreadyDone.keys()]).toEqual(['frwiki', 'itwiki']);
    await deliver(collector, 'aawiki', answerOf('aawiki'));
    await collector.finish();
    expect(contentOf(directory)).toEqual(completeFiles);
    expect(filesIn(directory)).toEqual([journal, ...Object.keys(completeFiles)]);
  });

  it('writes the wikis that did not fail, and writes all files again after --resume', async () => {
    const directory = join(temporaryDirectory(), 'out');
    const first = await open(`${directory}/`, '--format=csv');
    for (const wiki of ['aawiki', 'itwiki']) await deliver(first, wiki, answerOf(wiki));
    first.markWithoutResult('frwiki', 'failed', { errno: 2013, isFinal: false });
    await first.finish();
    expect(contentOf(directory)).toEqual({
      'aawiki.csv': 'a,b\n1,x\n,""\n',
      'itwiki.csv': 'a,b\n',
    });
    const second = await open(`${directory}/`, '--format=csv', '--resume');
    await deliver(second, 'frwiki', answerOf('frwiki'));
    await second.finish();
    expect(contentOf(directory)).toEqual(completeFiles);
    expect(filesIn(directory)).toEqual([journal, ...Object.keys(completeFiles)]);
  });

  it.each([['--resume', '--union-columns'], ['--restart', '--union-columns'], ['--restart']])(
    'removes the rows of a run that was killed after its last file: %j',
    async (...options) => {
      const directory = join(temporaryDirectory(), 'out');
      const rows = join(directory, '.analytics-mysql.run');
      await createAbandonedRun(directory);
      const kept = join(temporaryDirectory(), 'rows');
      cpSync(rows, kept, { recursive: true });
      const second = await open(`${directory}/`, '--format=csv', '--resume');
      await deliver(second, 'aawiki', answerOf('aawiki'));
      await second.finish();
      cpSync(kept, rows, { recursive: true });
      const words = ['--output', `${directory}/`, '--format=csv', ...options];
      const third = await openDirectoryCollector(requestOf(names, ...words), `${directory}/`);
      if (options[0] === '--restart') {
        for (const wiki of names) await deliver(third, wiki, answer('a b'));
      } else {
        expect(third.finishedRun?.failed).toBe(0);
      }
      await third.finish();
      expect(filesIn(directory)).toEqual([journal, ...Object.keys(completeFiles)]);
    },
  );

  it('removes part files, and leaves no files of a run without results', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, '.zzwiki.csv.part'), 'half');
    (await open(`${directory}/`, '--format=csv')).abandon();
    expect(filesIn(directory)).toEqual([]);
  });

  it('refuses a column with the name of the partition column', async () => {
    const collector = await open(`${temporaryDirectory()}/`, '--format=parquet');
    const rows = collector.begin('aawiki');
    expect(() => rows.begin(answer('Wiki_DB').columns)).toThrow(WikiFailure);
    rows.drop();
    collector.abandon();
  });

  it('names the file that could not be written, and keeps the checkpoint', async () => {
    const directory = temporaryDirectory();
    const collector = await open(`${directory}/`, '--format=csv');
    for (const wiki of names) await deliver(collector, wiki, answerOf(wiki));
    mkdirSync(join(directory, 'frwiki.csv', 'x'), { recursive: true });
    await expect(collector.finish()).rejects.toThrow(
      /^cannot write '\S+frwiki.csv' \(it is a directory/,
    );
    expect(collector.isResumable).toBe(true);
  });

  const refusals: [what: string, options: string[], failure: RegExp][] = [
    ['a new run', ['--format=csv'], /^\S+ contains an unfinished run: use --resume to continue it/],
    ['another form', ['--format=json', '--resume'], /has other statements, wikis or options/],
  ];
  it.each(refusals)('refuses %s while there is an unfinished run', async (_, options, failure) => {
    const directory = temporaryDirectory();
    await createAbandonedRun(directory);
    const before = filesIn(directory);
    await expect(open(`${directory}/`, ...options)).rejects.toThrow(failure);
    expect(filesIn(directory)).toEqual(before);
  });

  it('refuses a directory with files of no run, with or without an empty journal', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'aawiki.csv'), '');
    await expect(open(`${directory}/`, '--format=csv')).rejects.toThrow(/already contains files/);
    writeFileSync(join(directory, '_analytics-mysql.journal'), '');
    await expect(open(`${directory}/`, '--format=csv')).rejects.toThrow(/already contains files/);
    expect(filesIn(directory)).toEqual(['aawiki.csv']);
  });
});
