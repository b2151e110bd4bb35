import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/failure.js';
import { WikiFailure } from '../../../src/fanout/outcome.js';
import { openDirectoryCollector } from '../../../src/fanout/results/directory-collector.js';
import type { ResultCollector } from '../../../src/fanout/results/result-collector.js';
import { queryDuckDb } from '../../output/parquet/query-duckdb.js';
import { textColumns, textRow } from '../../output/rows.js';
import { temporaryDirectory } from '../../temporary-directory.js';
import { answerOf, columns, deliverRows, queryAll, requestOf, wikiNames } from './fake-wikis.js';

const journal = '_analytics-mysql.journal';

/** Returns all files in a directory, as a mapping from paths to contents. */
function filesIn(directory: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory()) files[relative(directory, path)] = readFileSync(path, 'latin1');
  }
  return files;
}

const dataFilesIn = (directory: string) => {
  const { [journal]: _, ...files } = filesIn(directory);
  return files;
};

async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function open(wikis: string[], output: string, ...options: string[]) {
  return openDirectoryCollector(requestOf(wikis, '--output', output, ...options), output);
}

/** Abandons a run after one wiki is complete and while another one is running; returns its directory. */
async function createAbandonedRun(...options: string[]): Promise<string> {
  const directory = join(temporaryDirectory(), 'out');
  const collector = await open(['aawiki', 'bbwiki'], `${directory}/`, ...options);
  for (const wiki of ['aawiki', 'bbwiki']) {
    const rows = collector.begin(wiki);
    rows.begin(columns);
    await deliverRows(rows, [[wiki, 'x']]);
    if (wiki === 'aawiki') await rows.complete();
  }
  collector.abandon();
  expect(collector.isResumable).toBe(true);
  return directory;
}

describe('--output with a directory', () => {
  it('writes a file for each wiki and returns its name, size and checksum', async () => {
    const directory = join(temporaryDirectory(), 'a', 'b');
    const collector = await open(['aawiki', 'bbwiki', 'ccwiki', 'ddwiki'], `${directory}/`);
    const [a, b, c] = ['aawiki', 'bbwiki', 'ccwiki'].map((wiki) => collector.begin(wiki));
    for (const rows of [b, a]) rows?.begin(columns);
    if (a)
      await deliverRows(a, [
        ['1', 'x'],
        ['2', 'ü\t'],
      ]);
    const content = 'page\ttext\n1\tx\n2\tü\\t\n';
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(await a?.complete()).toEqual({ rows: 2, bytes: 10, file: 'aawiki.tsv', sha256 });
    expect(await b?.complete()).toMatchObject({ rows: 0, bytes: 0, file: 'bbwiki.tsv' });
    expect(await c?.complete()).toEqual({ rows: 0, bytes: 0, file: undefined, sha256: undefined });
    collector.markWithoutResult('ddwiki', 'skipped', { errno: 1146, isFinal: true });
    await collector.finish();
    expect(dataFilesIn(directory)).toEqual({
      'aawiki.tsv': Buffer.from(content).toString('latin1'),
      'bbwiki.tsv': 'page\ttext\n',
    });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'aawiki.tsv')).mode & 0o777).toBe(0o600);
  });

  it('accepts many rows at once', async () => {
    const directory = temporaryDirectory();
    const collector = await open(['aawiki'], `${directory}/`);
    const rows = collector.begin('aawiki');
    rows.begin(columns);
    const packets = ['a', 'b'].map((text) => {
      const { bytes, start, end } = textRow([text, text]);
      return Buffer.concat([Buffer.of(end - start, 0, 0, 1), bytes.subarray(start, end)]);
    });
    const chunk = Buffer.concat(packets);
    for (let position = 0; position < chunk.length; ) {
      const taken = rows.takeRows(chunk, position, chunk.length, 1 << 24, 2);
      if (taken !== undefined) position = taken.end;
      else {
        rows.row(chunk, position + 4, position + 8);
        position += 8;
      }
    }
    expect(await rows.complete()).toMatchObject({ rows: 2, bytes: 8 });
    await collector.finish();
    expect(dataFilesIn(directory)).toEqual({ 'aawiki.tsv': 'page\ttext\na\ta\nb\tb\n' });
  });

  it('leaves no file or directory of a failed attempt', async () => {
    for (const output of ['x/', '{wiki}/{wiki}.csv', 'p.parquet/']) {
      const directory = temporaryDirectory();
      const collector = await open(['aawiki'], join(directory, output));
      for (let attempt = 0; attempt < 2; attempt++) {
        const rows = collector.begin('aawiki');
        rows.begin(columns);
        await deliverRows(rows, [['1', 'x']]);
        rows.drop();
        rows.drop();
      }
      collector.markWithoutResult('aawiki', 'failed', { errno: 2013, isFinal: false });
      await collector.finish();
      expect(collector.isResumable).toBe(false);
      expect(filesIn(directory)).toEqual({});
      expect(readdirSync(directory)).toEqual([]);
    }
  });

  it('refuses a second result set from a wiki', async () => {
    const collector = await open(['aawiki'], `${temporaryDirectory()}/`);
    const rows = collector.begin('aawiki');
    rows.begin(columns);
    expect(() => rows.begin(columns)).toThrow(WikiFailure);
    collector.abandon();
  });

  it('fails a wiki whose rows the format cannot represent, and continues', async () => {
    const directory = temporaryDirectory();
    const collector = await open(['aawiki', 'bbwiki'], `${directory}/`, '--format=parquet');
    const [a, b] = ['aawiki', 'bbwiki'].map((wiki) => collector.begin(wiki));
    expect(() => a?.begin(textColumns('x', 'WIKI_DB'))).toThrow(/column 'wiki_db'.*AS$/);
    a?.drop();
    b?.begin(columns);
    const { bytes, start, end } = textRow([Buffer.of(0xff), 'x']);
    b?.row(bytes, start, end);
    await expect(b?.complete()).rejects.toThrow(WikiFailure);
    b?.drop();
    await collector.finish();
    expect(filesIn(directory)).toEqual({});
  });

  it('refuses a wiki whose columns differ from those of the first', async () => {
    const directory = temporaryDirectory();
    const collector = await open(['aawiki', 'bbwiki'], `${directory}/`);
    const [a, b] = ['aawiki', 'bbwiki'].map((wiki) => collector.begin(wiki));
    a?.begin(columns);
    expect(() => b?.begin(textColumns('page'))).toThrow(
      /^its columns differ from those of aawiki: missing 'text'/,
    );
    b?.drop();
    await a?.complete();
    await collector.finish();
    expect(Object.keys(dataFilesIn(directory))).toEqual(['aawiki.tsv']);
  });

  it('adds a column with the name of the wiki with --wiki-column', async () => {
    const directory = temporaryDirectory();
    const options = ['--format=csv', '--wiki-column=db'];
    const collector = await open(['aawiki', 'bbwiki'], directory, ...options);
    for (const wiki of ['aawiki', 'bbwiki']) {
      const rows = collector.begin(wiki);
      rows.begin(columns);
      await deliverRows(rows, [['1', 'x']]);
      await rows.complete();
    }
    await collector.finish();
    expect(dataFilesIn(directory)).toEqual({
      'aawiki.csv': 'db,page,text\naawiki,1,x\n',
      'bbwiki.csv': 'db,page,text\nbbwiki,1,x\n',
    });
  });

  it('refuses to mix its files with existing ones', async () => {
    const directory = temporaryDirectory();
    for (const name of ['.hidden', '_SUCCESS']) writeFileSync(join(directory, name), '');
    (await open(['aawiki'], `${directory}/`)).abandon();
    writeFileSync(join(directory, 'old.tsv'), '');
    expect(await failureOf(open(['aawiki'], directory))).toMatch(
      /^directory-not-empty: the directory '\S+' already contains files, such as 'old.tsv': use/,
    );
    const pattern = join(directory, '{wiki}.tsv');
    expect(await failureOf(open(['old', 'aawiki'], pattern))).toMatch(
      /^output-there: '\S+old.tsv' /,
    );
    (await open(['aawiki'], pattern)).abandon();
    expect(readdirSync(directory).sort()).toEqual(['.hidden', '_SUCCESS', 'old.tsv']);
  });

  it('reports a file that has the name of the directory', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    expect(await failureOf(open(['aawiki'], `${file}/`))).toMatch(
      /^output-failed: cannot write '\S+file' \(E(EXIST|NOTDIR)\)/,
    );
  });

  it('names the file that could not be renamed', async () => {
    const directory = temporaryDirectory();
    const collector = await open(['aawiki'], `${directory}/`);
    const rows = collector.begin('aawiki');
    rows.begin(columns);
    mkdirSync(join(directory, 'aawiki.tsv', 'x'), { recursive: true });
    await rows.complete();
    expect(await failureOf(collector.finish())).toMatch(
      /^output-failed: .*aawiki.tsv' \(it is a directory/,
    );
  });
});

describe('--output with a pattern', () => {
  it('writes each wiki to the file that the pattern names, compressed as its suffix says', async () => {
    const directory = temporaryDirectory();
    const wikis = wikiNames(30);
    const collector = await open(wikis, join(directory, '{wiki}/x-{wiki}.jsonl.gz'));
    await queryAll(collector, wikis);
    await collector.finish();
    const { '_{wiki}+x-{wiki}.jsonl.gz.journal': lines, ...files } = filesIn(directory);
    expect(lines).toMatch(/^\{"version":2/);
    const expected = wikis.filter(
      (wiki) => !answerOf(wiki).lacksTable && !answerOf(wiki).hasNoResultSet,
    );
    expect(Object.keys(files).sort()).toEqual(expected.map((wiki) => `${wiki}/x-${wiki}.jsonl.gz`));
    for (const wiki of expected) {
      const bytes = Buffer.from(files[`${wiki}/x-${wiki}.jsonl.gz`] ?? '', 'latin1');
      const text = answerOf(wiki).rows.map(([page, text]) => JSON.stringify({ page, text }));
      expect(gunzipSync(bytes).toString()).toBe(text.map((line) => `${line}\n`).join(''));
    }
  });
});

describe("Hive's layout of directories", () => {
  it('is read by DuckDB, with the wiki as a column', async () => {
    const directory = temporaryDirectory();
    const wikis = [...wikiNames(25), 'be_x_oldwiki', 'roa-rupwiki'];
    const collector = await open(wikis, `${directory}/`, '--format=parquet');
    await queryAll(collector, wikis);
    await collector.finish();
    const sql = `select wiki_db, page, text from
      read_parquet('${directory}/*/*.parquet', hive_partitioning = true) order by all`;
    const rows = await queryDuckDb(sql);
    const expected = wikis.flatMap((wiki) => {
      const { lacksTable, hasNoResultSet, rows } = answerOf(wiki);
      return lacksTable || hasNoResultSet ? [] : rows.map((row) => [wiki, ...row]);
    });
    const sorted = (all: unknown[][]) => all.map((row) => row.join('\t')).sort();
    expect(sorted(rows)).toEqual(sorted(expected));
    const count = await queryDuckDb(`select count(*) from '${directory}/**/*.parquet'`);
    expect(count).toEqual([[String(expected.length)]]);
  });
});

describe('--resume', () => {
  it('queries only the missing wikis', async () => {
    const directory = await createAbandonedRun();
    expect(Object.keys(dataFilesIn(directory))).toEqual(['aawiki.tsv']);
    const collector = await open(['aawiki', 'bbwiki'], `${directory}/`, '--resume');
    const sha256 = createHash('sha256').update('page\ttext\naawiki\tx\n').digest('hex');
    expect([...collector.alreadyDone]).toEqual([
      ['aawiki', { outcome: 'ok', rows: 1, bytes: 9, file: 'aawiki.tsv', sha256 }],
    ]);
    await collector.finish();
  });

  it('queries failed wikis again, but not those without the table', async () => {
    const directory = await createAbandonedRun();
    const first = await open(['cc', 'dd'], `${directory}/`, '--resume');
    first.markWithoutResult('cc', 'skipped', { errno: 1146, isFinal: true });
    first.markWithoutResult('dd', 'failed', { errno: 2013, isFinal: false });
    await first.finish();
    const second = await open(['cc', 'dd'], `${directory}/`, '--resume');
    expect([...second.alreadyDone.keys()]).toEqual(['aawiki', 'cc']);
    second.abandon();
  });

  it('compares the columns with those of the earlier run', async () => {
    for (const options of [[], ['--format=parquet']]) {
      const directory = await createAbandonedRun(...options);
      const collector = await open(['bbwiki'], `${directory}/`, '--resume', ...options);
      const rows = collector.begin('bbwiki');
      expect(() => rows.begin(textColumns('page', 'x'))).toThrow(/^its columns .* of aawiki: /);
      collector.abandon();
    }
  });

  it('queries a wiki again if its file was changed or removed', async () => {
    for (const damage of [rmSync, (path: string) => appendFileSync(path, 'x')]) {
      const directory = await createAbandonedRun();
      damage(join(directory, 'aawiki.tsv'));
      const collector = await open(['aawiki'], `${directory}/`, '--resume');
      expect([...collector.alreadyDone.keys()]).toEqual([]);
      const rows = collector.begin('aawiki');
      rows.begin(columns);
      await rows.complete();
      await collector.finish();
      expect(dataFilesIn(directory)).toEqual({ 'aawiki.tsv': 'page\ttext\n' });
    }
  });

  it('renames a complete part file, and queries the wiki again if it is incomplete', async () => {
    const damages: [(path: string) => void, string[]][] = [
      [() => {}, ['aawiki']],
      [(path) => truncateSync(path, 3), []],
      // After a crash, a file system may have stored the length of a file but not its content.
      [(path) => writeFileSync(path, Buffer.alloc(statSync(path).size)), []],
    ];
    for (const [damage, finished] of damages) {
      const directory = await createAbandonedRun();
      const [path, part] = ['aawiki.tsv', '.aawiki.tsv.part'].map((name) => join(directory, name));
      writeFileSync(part ?? '', readFileSync(path ?? ''));
      rmSync(path ?? '');
      damage(part ?? '');
      const collector = await open(['aawiki'], `${directory}/`, '--resume');
      expect([...collector.alreadyDone.keys()]).toEqual(finished);
      collector.abandon();
      expect(Object.keys(dataFilesIn(directory))).toEqual(finished.map((wiki) => `${wiki}.tsv`));
    }
  });

  it('removes only part files, including those of wikis that are not queried any more', async () => {
    const directory = await createAbandonedRun('--format=parquet');
    for (const name of ['.wiki_db=zzwiki+part-0.parquet.part', '.own.part', '_own']) {
      writeFileSync(join(directory, name), '');
    }
    (await open(['bbwiki'], `${directory}/`, '--resume', '--format=parquet')).abandon();
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual([
      '.own.part',
      journal,
      '_own',
      'wiki_db=aawiki',
      'wiki_db=aawiki/part-0.parquet',
    ]);
  });

  it('ignores a line of the journal that names a file outside the directory', async () => {
    const directory = await createAbandonedRun();
    const lines = readFileSync(join(directory, journal), 'utf8');
    writeFileSync(join(directory, journal), lines.replace('"aawiki.tsv"', '"../aawiki.tsv"'));
    writeFileSync(join(directory, '..', 'aawiki.tsv'), readFileSync(join(directory, 'aawiki.tsv')));
    const collector = await open(['aawiki'], `${directory}/`, '--resume');
    expect([...collector.alreadyDone.keys()]).toEqual([]);
    collector.abandon();
  });

  const refusals: [what: string, options: string[], failure: RegExp][] = [
    [
      'a new run',
      [],
      /^unfinished-run: '\S+' contains an unfinished run: use --resume to continue it, or --restart to/,
    ],
    ['another format', ['--resume', '--format=csv'], /^other-query: /],
    ['no header', ['--resume', '-N'], /^other-query: /],
    ['other timestamps', ['--resume', '--timestamps=iso'], /^other-query: /],
    ['another --init-command', ['--resume', '--init-command=set @a=1'], /^other-query: /],
  ];
  it.each(refusals)('refuses to continue or replace the run: %s', async (_, options, failure) => {
    const directory = await createAbandonedRun();
    const before = filesIn(directory);
    expect(await failureOf(open(['aawiki'], `${directory}/`, ...options))).toMatch(failure);
    expect(filesIn(directory)).toEqual(before);
  });

  it('starts a run if there is none to continue', async () => {
    const directory = join(temporaryDirectory(), 'x');
    const collector = await open(['aawiki'], `${directory}/`, '--resume');
    await deliverTo(collector, 'aawiki', '1');
    await collector.finish();
    expect(dataFilesIn(directory)).toEqual({ 'aawiki.tsv': 'page\ttext\naawiki\t1\n' });
  });

  it('accepts other values of options that do not change the files', async () => {
    const directory = await createAbandonedRun();
    (await open(['zzwiki'], directory, '--resume', '--retries=1', '--user=x')).abandon();
  });
});

/** Delivers one row of a wiki. */
async function deliverTo(collector: ResultCollector, wiki: string, text: string): Promise<void> {
  const rows = collector.begin(wiki);
  rows.begin(columns);
  await deliverRows(rows, [[wiki, text]]);
  await rows.complete();
}

describe.each([
  ['a directory', []],
  ['a directory with --union-columns', ['--union-columns']],
])('a finished run in %s', (_, options) => {
  const wikis = ['aawiki', 'bbwiki', 'ccwiki'];

  /** Writes files of two wikis, while a third one fails for good. */
  async function createFinishedRun(): Promise<string> {
    const directory = join(temporaryDirectory(), 'out');
    const collector = await open(wikis, `${directory}/`, ...options);
    await deliverTo(collector, 'aawiki', 'old');
    await deliverTo(collector, 'bbwiki', 'old');
    collector.markWithoutResult('ccwiki', 'failed', { errno: 1054, isFinal: true });
    await collector.finish();
    expect(collector.isResumable).toBe(false);
    return directory;
  }

  const contentOf = (directory: string) =>
    Object.entries(dataFilesIn(directory))
      .filter(([file]) => !/^[._]/.test(file))
      .map(([file, text]) => `${file} ${text.slice(10).trim()}`);
  const oldContent = ['aawiki.tsv aawiki\told', 'bbwiki.tsv bbwiki\told'];

  it('leaves nothing to do for --resume', async () => {
    const directory = await createFinishedRun();
    const collector = await open(wikis, `${directory}/`, '--resume', ...options);
    expect(collector.finishedRun).toEqual({ began: undefined, failed: 1 });
    collector.abandon();
    expect(contentOf(directory)).toEqual(oldContent);
    // A new wiki in the list.
    const other = await open([...wikis, 'ddwiki'], `${directory}/`, '--resume', ...options);
    expect(other.finishedRun).toBeUndefined();
    other.abandon();
    expect(contentOf(directory)).toEqual(oldContent);
  });

  it('is refused without --resume and --restart, and to another command', async () => {
    const directory = await createFinishedRun();
    const before = filesIn(directory);
    expect(await failureOf(open(wikis, `${directory}/`, ...options))).toMatch(
      /^finished-run: '\S+' contains the files of a finished run: use --restart to replace them$/,
    );
    expect(
      await failureOf(open(wikis, `${directory}/`, '--resume', '--timestamps=iso', ...options)),
    ).toMatch(/^other-query: .* use --restart to replace it/);
    expect(filesIn(directory)).toEqual(before);
  });

  it('is replaced by --restart when all new files are complete', async () => {
    const directory = await createFinishedRun();
    writeFileSync(join(directory, 'mine.txt'), 'kept');
    const collector = await open(wikis, `${directory}/`, '--restart', ...options);
    expect([...collector.alreadyDone.keys()]).toEqual([]);
    await deliverTo(collector, 'aawiki', 'new');
    collector.markWithoutResult('bbwiki', 'skipped', { errno: 1146, isFinal: true });
    await deliverTo(collector, 'ccwiki', 'new');
    expect(contentOf(directory)).toEqual([...oldContent, 'mine.txt ']);
    await collector.finish();
    expect(contentOf(directory)).toEqual([
      'aawiki.tsv aawiki\tnew',
      'ccwiki.tsv ccwiki\tnew',
      'mine.txt ',
    ]);
  });

  it('is replaced by --resume=AGE if it is older', async () => {
    const directory = await createFinishedRun();
    const collector = await open(wikis, `${directory}/`, '--resume=1h', ...options);
    expect(collector.finishedRun).toBeUndefined();
    for (const wiki of wikis) await deliverTo(collector, wiki, 'new');
    await collector.finish();
    expect(contentOf(directory)).toEqual(wikis.map((wiki) => `${wiki}.tsv ${wiki}\tnew`));
  });

  it('keeps its files until a restarted run is finished by --resume', async () => {
    const directory = await createFinishedRun();
    const first = await open(wikis, `${directory}/`, '--restart', ...options);
    await deliverTo(first, 'aawiki', 'new');
    first.abandon();
    expect(contentOf(directory)).toEqual(oldContent);
    const second = await open(wikis, `${directory}/`, '--resume', ...options);
    expect([...second.alreadyDone.keys()]).toEqual(['aawiki']);
    await deliverTo(second, 'bbwiki', 'new');
    second.markWithoutResult('ccwiki', 'failed', { errno: 2013, isFinal: false });
    await second.finish();
    expect(second.isResumable).toBe(true);
    expect(contentOf(directory)).toEqual(oldContent);
    const third = await open(wikis, `${directory}/`, '--resume', ...options);
    expect([...third.alreadyDone.keys()]).toEqual(['aawiki', 'bbwiki']);
    await deliverTo(third, 'ccwiki', 'new');
    await third.finish();
    expect(contentOf(directory)).toEqual(wikis.map((wiki) => `${wiki}.tsv ${wiki}\tnew`));
    expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('keeps its files if a restarted run has no result', async () => {
    const directory = await createFinishedRun();
    (await open(wikis, `${directory}/`, '--restart', ...options)).abandon();
    expect(contentOf(directory)).toEqual(oldContent);
    const collector = await open(wikis, `${directory}/`, '--resume', ...options);
    for (const wiki of wikis) await deliverTo(collector, wiki, 'new');
    await collector.finish();
    expect(contentOf(directory)).toEqual(wikis.map((wiki) => `${wiki}.tsv ${wiki}\tnew`));
  });
});
