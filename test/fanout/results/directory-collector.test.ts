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
import { duck } from '../../output/parquet/duck.js';
import { textColumns, textRow } from '../../output/rows.js';
import { temporaryDirectory } from '../../temporary.js';
import { answerOf, askAll, columns, give, requestOf, wikisUpTo } from './made-up.js';

const journal = '_analytics-mysql.journal';

/** All files within a directory: path → content. */
function filesIn(directory: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory()) files[relative(directory, path)] = readFileSync(path, 'latin1');
  }
  return files;
}

const withoutJournal = (directory: string) => {
  const { [journal]: _, ...files } = filesIn(directory);
  return files;
};

async function failureFrom(promise: Promise<unknown>): Promise<string> {
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

/** A directory with one wiki done, and another under way and abandoned. */
async function abandoned(...options: string[]): Promise<string> {
  const directory = join(temporaryDirectory(), 'out');
  const collector = await open(['aawiki', 'bbwiki'], `${directory}/`, ...options);
  for (const wiki of ['aawiki', 'bbwiki']) {
    const rows = collector.begin(wiki);
    rows.begin(columns);
    await give(rows, [[wiki, 'x']]);
    if (wiki === 'aawiki') await rows.done();
  }
  collector.abandon();
  expect(collector.resumable).toBe(true);
  return directory;
}

describe('a directory', () => {
  it('has a file for each wiki, and tells of it', async () => {
    const directory = join(temporaryDirectory(), 'a', 'b');
    const collector = await open(['aawiki', 'bbwiki', 'ccwiki', 'ddwiki'], `${directory}/`);
    const [a, b, c] = ['aawiki', 'bbwiki', 'ccwiki'].map((wiki) => collector.begin(wiki));
    for (const rows of [b, a]) rows?.begin(columns);
    if (a)
      await give(a, [
        ['1', 'x'],
        ['2', 'ü\t'],
      ]);
    const content = 'page\ttext\n1\tx\n2\tü\\t\n';
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(await a?.done()).toEqual({ rows: 2, bytes: 10, file: 'aawiki.tsv', sha256 });
    expect(await b?.done()).toMatchObject({ rows: 0, bytes: 0, file: 'bbwiki.tsv' });
    expect(await c?.done()).toEqual({ rows: 0, bytes: 0, file: undefined, sha256: undefined });
    collector.markWithoutResult('ddwiki', 'skipped', 1146);
    await collector.finish();
    expect(withoutJournal(directory)).toEqual({
      'aawiki.tsv': Buffer.from(content).toString('latin1'),
      'bbwiki.tsv': 'page\ttext\n',
    });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'aawiki.tsv')).mode & 0o777).toBe(0o600);
  });

  it('takes rows by the chunk', async () => {
    const directory = temporaryDirectory();
    const collector = await open(['aawiki'], `${directory}/`);
    const rows = collector.begin('aawiki');
    rows.begin(columns);
    const packets = ['a', 'b'].map((text) => {
      const { bytes, start, end } = textRow([text, text]);
      return Buffer.concat([Buffer.of(end - start, 0, 0, 1), bytes.subarray(start, end)]);
    });
    const chunk = Buffer.concat(packets);
    for (let at = 0; at < chunk.length; ) {
      const taken = rows.takeRows(chunk, at, chunk.length, 1 << 24);
      if (taken !== undefined) at = taken.end;
      else {
        rows.row(chunk, at + 4, at + 8);
        at += 8;
      }
    }
    expect(await rows.done()).toMatchObject({ rows: 2, bytes: 8 });
    await collector.finish();
    expect(withoutJournal(directory)).toEqual({ 'aawiki.tsv': 'page\ttext\na\ta\nb\tb\n' });
  });

  it('has nothing of an attempt that failed, nor of its directories', async () => {
    for (const output of ['x/', '{wiki}/{wiki}.csv', 'p.parquet/']) {
      const directory = temporaryDirectory();
      const collector = await open(['aawiki'], join(directory, output));
      for (let attempt = 0; attempt < 2; attempt++) {
        const rows = collector.begin('aawiki');
        rows.begin(columns);
        await give(rows, [['1', 'x']]);
        rows.drop();
        rows.drop();
      }
      collector.markWithoutResult('aawiki', 'failed', 2013);
      await collector.finish();
      expect(collector.resumable).toBe(false);
      expect(filesIn(directory)).toEqual({});
      expect(readdirSync(directory)).toEqual([]);
    }
  });

  it('refuses a second result set of a wiki', async () => {
    const collector = await open(['aawiki'], `${temporaryDirectory()}/`);
    const rows = collector.begin('aawiki');
    rows.begin(columns);
    expect(() => rows.begin(columns)).toThrow(WikiFailure);
    collector.abandon();
  });

  it('fails a wiki whose rows the format cannot hold, and goes on', async () => {
    const directory = temporaryDirectory();
    const collector = await open(['aawiki', 'bbwiki'], `${directory}/`, '--format=parquet');
    const [a, b] = ['aawiki', 'bbwiki'].map((wiki) => collector.begin(wiki));
    expect(() => a?.begin(textColumns('x', 'WIKI_DB'))).toThrow(/column 'wiki_db'.*AS$/);
    a?.drop();
    b?.begin(columns);
    const { bytes, start, end } = textRow([Buffer.of(0xff), 'x']);
    b?.row(bytes, start, end);
    await expect(b?.done()).rejects.toThrow(WikiFailure);
    b?.drop();
    await collector.finish();
    expect(filesIn(directory)).toEqual({});
  });

  it('refuses the columns of a wiki that are not those of the first', async () => {
    const directory = temporaryDirectory();
    const collector = await open(['aawiki', 'bbwiki'], `${directory}/`);
    const [a, b] = ['aawiki', 'bbwiki'].map((wiki) => collector.begin(wiki));
    a?.begin(columns);
    expect(() => b?.begin(textColumns('page'))).toThrow(
      /^its columns are not those of aawiki: it lacks 'text'/,
    );
    b?.drop();
    await a?.done();
    await collector.finish();
    expect(Object.keys(withoutJournal(directory))).toEqual(['aawiki.tsv']);
  });

  it('has the name of the wiki within where that is asked for', async () => {
    const directory = temporaryDirectory();
    const options = ['--format=csv', '--wiki-column=db'];
    const collector = await open(['aawiki', 'bbwiki'], directory, ...options);
    for (const wiki of ['aawiki', 'bbwiki']) {
      const rows = collector.begin(wiki);
      rows.begin(columns);
      await give(rows, [['1', 'x']]);
      await rows.done();
    }
    await collector.finish();
    expect(withoutJournal(directory)).toEqual({
      'aawiki.csv': 'db,page,text\naawiki,1,x\n',
      'bbwiki.csv': 'db,page,text\nbbwiki,1,x\n',
    });
  });

  it('is not mixed with what is there', async () => {
    const directory = temporaryDirectory();
    for (const name of ['.hidden', '_SUCCESS']) writeFileSync(join(directory, name), '');
    (await open(['aawiki'], `${directory}/`)).abandon();
    writeFileSync(join(directory, 'old.tsv'), '');
    expect(await failureFrom(open(['aawiki'], directory))).toMatch(
      /^directory-not-empty: the directory \S+ is not empty \('old.tsv'\), and its files would be read/,
    );
    const pattern = join(directory, '{wiki}.tsv');
    expect(await failureFrom(open(['old', 'aawiki'], pattern))).toMatch(
      /^output-there: \S+old.tsv /,
    );
    (await open(['aawiki'], pattern)).abandon();
    expect(readdirSync(directory).sort()).toEqual(['.hidden', '_SUCCESS', 'old.tsv']);
  });

  it('cannot be made where a file is', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    expect(await failureFrom(open(['aawiki'], `${file}/`))).toMatch(
      /^output-failed: cannot write \S+file \(E(EXIST|NOTDIR)\)/,
    );
  });

  it('says which file could not get its name', async () => {
    const directory = temporaryDirectory();
    const collector = await open(['aawiki'], `${directory}/`);
    const rows = collector.begin('aawiki');
    rows.begin(columns);
    mkdirSync(join(directory, 'aawiki.tsv', 'x'), { recursive: true });
    await rows.done();
    expect(await failureFrom(collector.finish())).toMatch(/^output-failed: .*aawiki.tsv \(E/);
  });
});

describe('a pattern', () => {
  it('leads each wiki into its place, compressed as its name says', async () => {
    const directory = temporaryDirectory();
    const wikis = wikisUpTo(30);
    const collector = await open(wikis, join(directory, '{wiki}/x-{wiki}.jsonl.gz'));
    await askAll(collector, wikis);
    await collector.finish();
    const { '_{wiki}+x-{wiki}.jsonl.gz.journal': lines, ...files } = filesIn(directory);
    expect(lines).toMatch(/^\{"version":1/);
    const expected = wikis.filter((wiki) => !answerOf(wiki).missing && !answerOf(wiki).none);
    expect(Object.keys(files).sort()).toEqual(expected.map((wiki) => `${wiki}/x-${wiki}.jsonl.gz`));
    for (const wiki of expected) {
      const bytes = Buffer.from(files[`${wiki}/x-${wiki}.jsonl.gz`] ?? '', 'latin1');
      const text = answerOf(wiki).rows.map(([page, text]) => JSON.stringify({ page, text }));
      expect(gunzipSync(bytes).toString()).toBe(text.map((line) => `${line}\n`).join(''));
    }
  });
});

describe("Hive's layout", () => {
  it('is what DuckDB reads, with the wiki as a column', async () => {
    const directory = temporaryDirectory();
    const wikis = [...wikisUpTo(25), 'be_x_oldwiki', 'roa-rupwiki'];
    const collector = await open(wikis, `${directory}/`, '--format=parquet');
    await askAll(collector, wikis);
    await collector.finish();
    const sql = `select wiki_db, page, text from
      read_parquet('${directory}/*/*.parquet', hive_partitioning = true) order by all`;
    const rows = await duck(sql);
    const expected = wikis.flatMap((wiki) => {
      const { missing, none, rows } = answerOf(wiki);
      return missing || none ? [] : rows.map((row) => [wiki, ...row]);
    });
    const sorted = (all: unknown[][]) => all.map((row) => row.join('\t')).sort();
    expect(sorted(rows)).toEqual(sorted(expected));
    const count = await duck(`select count(*) from '${directory}/**/*.parquet'`);
    expect(count).toEqual([[String(expected.length)]]);
  });
});

describe('--resume', () => {
  it('asks what is missing, and nothing twice', async () => {
    const directory = await abandoned();
    expect(Object.keys(withoutJournal(directory))).toEqual(['aawiki.tsv']);
    const collector = await open(['aawiki', 'bbwiki'], `${directory}/`, '--resume');
    const sha256 = createHash('sha256').update('page\ttext\naawiki\tx\n').digest('hex');
    expect([...collector.alreadyDone]).toEqual([
      ['aawiki', { outcome: 'ok', rows: 1, bytes: 9, file: 'aawiki.tsv', sha256 }],
    ]);
    await collector.finish();
  });

  it('does not ask again which table is missing, but what failed', async () => {
    const directory = await abandoned();
    const first = await open(['cc', 'dd'], `${directory}/`, '--resume');
    first.markWithoutResult('cc', 'skipped', 1146);
    first.markWithoutResult('dd', 'failed', 2013);
    await first.finish();
    const second = await open(['cc', 'dd'], `${directory}/`, '--resume');
    expect([...second.alreadyDone.keys()]).toEqual(['aawiki', 'cc']);
    second.abandon();
  });

  it('compares columns with those that came before', async () => {
    for (const options of [[], ['--format=parquet']]) {
      const directory = await abandoned(...options);
      const collector = await open(['bbwiki'], `${directory}/`, '--resume', ...options);
      const rows = collector.begin('bbwiki');
      expect(() => rows.begin(textColumns('page', 'x'))).toThrow(/^its columns .* of aawiki: /);
      collector.abandon();
    }
  });

  it('asks again where a file was changed or taken away', async () => {
    for (const spoil of [rmSync, (path: string) => appendFileSync(path, 'x')]) {
      const directory = await abandoned();
      spoil(join(directory, 'aawiki.tsv'));
      const collector = await open(['aawiki'], `${directory}/`, '--resume');
      expect([...collector.alreadyDone.keys()]).toEqual([]);
      const rows = collector.begin('aawiki');
      rows.begin(columns);
      await rows.done();
      await collector.finish();
      expect(withoutJournal(directory)).toEqual({ 'aawiki.tsv': 'page\ttext\n' });
    }
  });

  it('gives a whole file its name, and asks again where it is not whole', async () => {
    const spoils: [(path: string) => void, string[]][] = [
      [() => {}, ['aawiki']],
      [(path) => truncateSync(path, 3), []],
      // As long, but as a file system may leave it that knew the length and not yet the content.
      [(path) => writeFileSync(path, Buffer.alloc(statSync(path).size)), []],
    ];
    for (const [spoil, finished] of spoils) {
      const directory = await abandoned();
      const [path, part] = ['aawiki.tsv', '.aawiki.tsv.part'].map((name) => join(directory, name));
      writeFileSync(part ?? '', readFileSync(path ?? ''));
      rmSync(path ?? '');
      spoil(part ?? '');
      const collector = await open(['aawiki'], `${directory}/`, '--resume');
      expect([...collector.alreadyDone.keys()]).toEqual(finished);
      collector.abandon();
      expect(Object.keys(withoutJournal(directory))).toEqual(finished.map((wiki) => `${wiki}.tsv`));
    }
  });

  it('removes what is half, of wikis that are not asked any more too, and nothing else', async () => {
    const directory = await abandoned('--format=parquet');
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

  it('follows no line of the journal out of the directory', async () => {
    const directory = await abandoned();
    const lines = readFileSync(join(directory, journal), 'utf8');
    writeFileSync(join(directory, journal), lines.replace('"aawiki.tsv"', '"../aawiki.tsv"'));
    writeFileSync(join(directory, '..', 'aawiki.tsv'), readFileSync(join(directory, 'aawiki.tsv')));
    const collector = await open(['aawiki'], `${directory}/`, '--resume');
    expect([...collector.alreadyDone.keys()]).toEqual([]);
    collector.abandon();
  });

  const refusals: [what: string, options: string[], failure: RegExp][] = [
    ['a new run', [], /^unfinished-run: \S+ is of an earlier run: --resume finishes it; for a new/],
    ['another format', ['--resume', '--format=csv'], /^other-query: /],
    ['no header', ['--resume', '-N'], /^other-query: /],
    ['other timestamps', ['--resume', '--timestamps=iso'], /^other-query: /],
    ['another way to begin a session', ['--resume', '--init-command=set @a=1'], /^other-query: /],
  ];
  it.each(refusals)('is refused, or what is there is, for %s', async (_, options, failure) => {
    const directory = await abandoned();
    const before = filesIn(directory);
    expect(await failureFrom(open(['aawiki'], `${directory}/`, ...options))).toMatch(failure);
    expect(filesIn(directory)).toEqual(before);
  });

  it('is refused where there is nothing to resume, and makes nothing', async () => {
    const directory = temporaryDirectory();
    expect(await failureFrom(open(['a'], `${directory}/x/`, '--resume'))).toMatch(/^no-journal: /);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('takes options that say nothing of the files', async () => {
    const directory = await abandoned();
    (await open(['zzwiki'], directory, '--resume', '--retries=1', '--user=x')).abandon();
  });
});
