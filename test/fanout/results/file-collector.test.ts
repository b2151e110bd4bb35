import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FanoutSettings } from '../../../src/cli/settings.js';
import { openFileCollector } from '../../../src/fanout/results/file-collector.js';
import type { ResultCollector } from '../../../src/fanout/results/result-collector.js';
import { openStreamCollector } from '../../../src/fanout/results/stream-collector.js';
import { bundled } from '../../bundled.js';
import { memoryOutput } from '../../output/memory-sink.js';
import { textColumns } from '../../output/rows.js';
import { type Answer, answer, answers, give, halfOf, request } from './parts.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'file-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const wikis: Record<string, Answer> = {
  aawiki: answer('a b', ['1', 'x\ty'], [null, '']),
  frwiki: answer('a b'),
  itwiki: answer('a b', ['<"é">', 'NULL']),
};
const names = Object.keys(wikis);

/** What a stream of the same would be. */
async function asStream(
  all: Record<string, Answer>,
  options: string[] = [],
  fanout: Partial<FanoutSettings> = {},
): Promise<Buffer> {
  const { out, written } = memoryOutput();
  const collector = await openStreamCollector(request(Object.keys(all).sort(), options, fanout), {
    out,
  });
  for (const [wiki, answer] of Object.entries(all)) await give(collector, wiki, answer);
  await collector.finish();
  return written();
}

/** Goes on with a run: asks what is missing. Gives which wikis those were. */
async function resume(path: string, all: Record<string, Answer>): Promise<string[]> {
  const collector = await openFileCollector(
    request(Object.keys(all).sort(), [], { resume: true }),
    path,
  );
  const asked = Object.keys(all).filter((wiki) => !collector.alreadyDone.has(wiki));
  for (const wiki of asked) await give(collector, wiki, all[wiki] ?? answer('a b'));
  await collector.finish();
  return asked;
}

async function giveAll(collector: ResultCollector, all: Record<string, Answer>): Promise<void> {
  for (const [wiki, answer] of Object.entries(all)) await give(collector, wiki, answer);
}

describe('a file of many wikis', () => {
  it.each([
    ['tsv', []],
    ['csv', ['--format', 'csv']],
    ['json', ['--format', 'json']],
    ['parquet', ['--format', 'parquet']],
    ['table', ['-t']],
    ['xml', ['-X']],
  ])('is what a stream would be: %s', async (name, options) => {
    const path = join(directory, `all.${name}`);
    const collector = await openFileCollector(request(names, options), path);
    // In another order than that of the plan.
    for (const wiki of [...names].reverse()) await give(collector, wiki, wikis[wiki] ?? answer(''));
    expect(readdirSync(directory)).toEqual([`.all.${name}.run`]);
    expect(statSync(join(directory, `.all.${name}.run`)).mode & 0o777).toBe(0o700);
    await collector.finish();
    expect(readFileSync(path).equals(await asStream(wikis, options))).toBe(true);
    expect(readdirSync(directory)).toEqual([`all.${name}`]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(collector.resumable).toBe(false);
  });

  it('is compressed as its name says', async () => {
    const path = join(directory, 'all.tsv.gz');
    const collector = await openFileCollector(request(names), path);
    await giveAll(collector, wikis);
    await collector.finish();
    expect(gunzipSync(readFileSync(path)).equals(await asStream(wikis))).toBe(true);
  });

  it('may be a device', async () => {
    const collector = await openFileCollector(request(names), '/dev/null');
    await giveAll(collector, wikis);
    await collector.finish();
    expect(existsSync('/dev/.null.run')).toBe(false);
    await expect(
      openFileCollector(request(names, [], { resume: true }), '/dev/null'),
    ).rejects.toMatchObject({
      code: 'no-journal',
    });
  });

  it('keeps no word of the query in the journal, nor rows', async () => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(['a']), path);
    const columns = textColumns('count(secret)');
    await give(collector, 'a', answer(columns, ['private']));
    const journal = readFileSync(join(directory, '.out.run', 'journal'), 'latin1');
    expect(journal).toContain('"wiki":"a"');
    expect(journal).not.toMatch(/secret|private|select/);
    collector.abandon();
  });
});

describe('a run of which some failed', () => {
  it('makes the file of the others, and is resumed for those alone', async () => {
    const path = join(directory, 'out.tsv');
    const collector = await openFileCollector(request(names), path);
    await give(collector, 'aawiki', wikis.aawiki ?? answer(''));
    halfOf(collector, 'frwiki', answer('a b', ['lost', null]));
    collector.markWithoutResult('frwiki', 'skipped', 1146);
    collector.markWithoutResult('itwiki', 'failed', 2013);
    await collector.finish();
    const { aawiki = answer(''), itwiki = answer('') } = wikis;
    expect(readFileSync(path).equals(await asStream({ aawiki }))).toBe(true);
    expect(collector.resumable).toBe(true);

    expect(await resume(path, wikis)).toEqual(['itwiki']);
    expect(readFileSync(path).equals(await asStream({ aawiki, itwiki }))).toBe(true);
    expect(readdirSync(directory)).toEqual(['out.tsv']);
  });

  it('makes no file where there is nothing but failures, and leaves one that was there', async () => {
    const path = join(directory, 'out');
    writeFileSync(path, 'before');
    const collector = await openFileCollector(request(['a'], ['--format', 'parquet']), path);
    collector.markWithoutResult('a', 'failed', 1064);
    await collector.finish();
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(collector.resumable).toBe(false);
    expect(readdirSync(directory)).toEqual(['out']);
  });
});

describe('a run that was given up', () => {
  it('leaves nothing where nothing had finished', async () => {
    const collector = await openFileCollector(request(names), join(directory, 'out'));
    halfOf(collector, 'aawiki', wikis.aawiki ?? answer(''));
    collector.abandon();
    collector.abandon();
    expect(readdirSync(directory)).toEqual([]);
    expect(collector.resumable).toBe(false);
  });

  it('can be resumed, and begun anew only when what it kept is removed', async () => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(names), path);
    await give(collector, 'itwiki', wikis.itwiki ?? answer(''));
    collector.abandon();
    expect(collector.resumable).toBe(true);
    expect(readdirSync(directory)).toEqual(['.out.run']);
    await expect(openFileCollector(request(names), path)).rejects.toMatchObject({
      code: 'unfinished-run',
    });
    expect(await resume(path, wikis)).toEqual(['aawiki', 'frwiki']);
    expect(readFileSync(path).equals(await asStream(wikis))).toBe(true);
    await expect(resume(path, wikis)).rejects.toMatchObject({ code: 'no-journal' });
    expect(readdirSync(directory)).toEqual(['out']);
  });

  it('is not resumed by another query', async () => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(names), path);
    await giveAll(collector, wikis);
    collector.abandon();
    const other = request(names, ['--timestamps', 'iso'], { resume: true });
    await expect(openFileCollector(other, path)).rejects.toMatchObject({ code: 'other-query' });
  });

  it('is resumed into another form, with other wikis, and with --union-columns', async () => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(['a', 'b']), path);
    await give(collector, 'a', answer('x', ['1']));
    await give(collector, 'b', answer('x', ['2']));
    collector.abandon();
    const options = ['--format', 'json'];
    const fanout = { resume: true, unionColumns: true };
    const resumed = await openFileCollector(request(['b', 'c'], options, fanout), path);
    expect([...resumed.alreadyDone.keys()]).toEqual(['b']);
    await give(resumed, 'c', answer('y', ['3']));
    await resumed.finish();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([
      { wiki: 'b', x: '2', y: null },
      { wiki: 'c', x: null, y: '3' },
    ]);
  });

  it.each<[string, (rows: string) => void]>([
    ['cut off', (rows) => truncateSync(rows, statSync(rows).size - 1)],
    ['emptied', (rows) => truncateSync(rows)],
    ['removed', (rows) => rmSync(rows)],
    [
      'changed',
      (rows) => {
        const bytes = readFileSync(rows);
        bytes[bytes.length - 1] = 1 ^ (bytes.at(-1) ?? 0);
        writeFileSync(rows, bytes);
      },
    ],
  ])('asks again what is not as it was: rows %s', async (_name, damage) => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(names), path);
    await giveAll(collector, wikis);
    collector.abandon();
    damage(join(directory, '.out.run', 'rows'));
    expect(await resume(path, wikis)).toContain('itwiki');
    expect(readFileSync(path).equals(await asStream(wikis))).toBe(true);
  });

  it('does not put rows into a directory of someone else', async () => {
    mkdirSync(join(directory, 'elsewhere'));
    const { symlinkSync } = await import('node:fs');
    symlinkSync('elsewhere', join(directory, '.out.run'));
    await expect(openFileCollector(request(names), join(directory, 'out'))).rejects.toThrow(
      'it is not yours',
    );
    expect(readdirSync(join(directory, 'elsewhere'))).toEqual([]);
  });
});

const killedRun = await bundled(fileURLToPath(new URL('killed-run.ts', import.meta.url)));

describe('a run that was killed', () => {
  const cases = [0, 1, 4, 7, 8].map((count) => [count, 100 + count] as const);

  it.each(cases)('after %i wikis loses nothing and has nothing twice', async (count, seed) => {
    const path = join(directory, 'out.tsv');
    const args = [killedRun, path, `${seed}`, `${count}`];
    const { signal, stderr } = spawnSync(process.execPath, args);
    expect([signal, stderr.toString()]).toEqual(['SIGKILL', '']);
    expect(readdirSync(directory)).toEqual(['.out.tsv.run']);
    const all = answers(seed);
    expect(await resume(path, all)).toHaveLength(8 - count);
    expect(readFileSync(path).equals(await asStream(all))).toBe(true);
    expect(readdirSync(directory)).toEqual(['out.tsv']);
  });
});

it('a file that cannot be made is told by its name, and what is kept can be resumed', async () => {
  const path = join(directory, 'out');
  const collector = await openFileCollector(request(names, [], {}), path);
  await give(collector, 'aawiki', wikis.aawiki ?? answer(''));
  collector.markWithoutResult('frwiki', 'skipped', 1146);
  await give(collector, 'itwiki', wikis.itwiki ?? answer(''));
  // The file cannot get its name: a directory has it.
  mkdirSync(path);
  await expect(collector.finish()).rejects.toMatchObject({ code: 'output-failed' });
  expect(collector.resumable).toBe(true);
  rmSync(path, { recursive: true });
  expect(await resume(path, wikis)).toEqual([]);
});
