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
import type { EarlierRun, FanoutSettings } from '../../../src/cli/settings.js';
import { openFileCollector } from '../../../src/fanout/results/file-collector.js';
import type { ResultCollector } from '../../../src/fanout/results/result-collector.js';
import { openStreamCollector } from '../../../src/fanout/results/stream-collector.js';
import { bundleProgram } from '../../bundle-program.js';
import { memoryOutput } from '../../output/memory-sink.js';
import { textColumns } from '../../output/rows.js';
import { type Answer, answer, deliver, deliverHalf, randomAnswers, request } from './answers.js';

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

/** Returns the output of a StreamCollector for the same wikis. */
async function streamOutput(
  all: Record<string, Answer>,
  options: string[] = [],
  fanout: Partial<FanoutSettings> = {},
): Promise<Buffer> {
  const { out, written } = memoryOutput();
  const collector = await openStreamCollector(request(Object.keys(all).sort(), options, fanout), {
    out,
  });
  for (const [wiki, answer] of Object.entries(all)) await deliver(collector, wiki, answer);
  await collector.finish();
  return written();
}

/** Resumes a run and queries the missing wikis. Returns the wikis that were queried. */
async function resume(path: string, all: Record<string, Answer>): Promise<string[]> {
  const collector = await openFileCollector(
    request(Object.keys(all).sort(), [], { earlierRun: { action: 'resume', maxAge: undefined } }),
    path,
  );
  const queried = Object.keys(all).filter((wiki) => !collector.alreadyDone.has(wiki));
  for (const wiki of queried) await deliver(collector, wiki, all[wiki] ?? answer('a b'));
  await collector.finish();
  return queried;
}

async function deliverAll(collector: ResultCollector, all: Record<string, Answer>): Promise<void> {
  for (const [wiki, answer] of Object.entries(all)) await deliver(collector, wiki, answer);
}

describe('--output with a file', () => {
  it.each([
    ['tsv', []],
    ['csv', ['--format', 'csv']],
    ['json', ['--format', 'json']],
    ['parquet', ['--format', 'parquet']],
    ['table', ['-t']],
    ['xml', ['-X']],
  ])('writes the same as a stream: %s', async (name, options) => {
    const path = join(directory, `all.${name}`);
    const collector = await openFileCollector(request(names, options), path);
    // In another order than that of the plan.
    for (const wiki of [...names].reverse())
      await deliver(collector, wiki, wikis[wiki] ?? answer(''));
    expect(readdirSync(directory)).toEqual([`.all.${name}.run`]);
    expect(statSync(join(directory, `.all.${name}.run`)).mode & 0o777).toBe(0o700);
    await collector.finish();
    expect(readFileSync(path).equals(await streamOutput(wikis, options))).toBe(true);
    expect(readdirSync(directory)).toEqual([`all.${name}`]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(collector.isResumable).toBe(false);
  });

  it('compresses the file as its suffix says', async () => {
    const path = join(directory, 'all.tsv.gz');
    const collector = await openFileCollector(request(names), path);
    await deliverAll(collector, wikis);
    await collector.finish();
    expect(gunzipSync(readFileSync(path)).equals(await streamOutput(wikis))).toBe(true);
  });

  it('accepts a device, which cannot be resumed', async () => {
    const collector = await openFileCollector(request(names), '/dev/null');
    await deliverAll(collector, wikis);
    await collector.finish();
    expect(existsSync('/dev/.null.run')).toBe(false);
    await expect(
      openFileCollector(
        request(names, [], { earlierRun: { action: 'resume', maxAge: undefined } }),
        '/dev/null',
      ),
    ).rejects.toMatchObject({
      code: 'no-journal',
    });
  });

  it('stores neither the query nor rows in the journal', async () => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(['a']), path);
    const columns = textColumns('count(secret)');
    await deliver(collector, 'a', answer(columns, ['private']));
    const journal = readFileSync(join(directory, '.out.run', 'journal'), 'latin1');
    expect(journal).toContain('"wiki":"a"');
    expect(journal).not.toMatch(/secret|private|select/);
    collector.abandon();
  });
});

describe('a run in which some wikis failed', () => {
  it('writes the other wikis; --resume queries only the failed ones', async () => {
    const path = join(directory, 'out.tsv');
    const collector = await openFileCollector(request(names), path);
    await deliver(collector, 'aawiki', wikis.aawiki ?? answer(''));
    deliverHalf(collector, 'frwiki', answer('a b', ['lost', null]));
    collector.markWithoutResult('frwiki', 'skipped', { errno: 1146, isFinal: true });
    collector.markWithoutResult('itwiki', 'failed', { errno: 2013, isFinal: false });
    await collector.finish();
    const { aawiki = answer(''), itwiki = answer('') } = wikis;
    expect(readFileSync(path).equals(await streamOutput({ aawiki }))).toBe(true);
    expect(collector.isResumable).toBe(true);

    expect(await resume(path, wikis)).toEqual(['itwiki']);
    expect(readFileSync(path).equals(await streamOutput({ aawiki, itwiki }))).toBe(true);
    expect(readdirSync(directory)).toEqual(['out.tsv']);
  });

  it('writes no file if all wikis failed, and keeps an existing one', async () => {
    const path = join(directory, 'out');
    writeFileSync(path, 'before');
    const collector = await openFileCollector(request(['a'], ['--format', 'parquet']), path);
    collector.markWithoutResult('a', 'failed', { errno: 1064, isFinal: true });
    await collector.finish();
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(collector.isResumable).toBe(false);
    expect(readdirSync(directory)).toEqual(['out']);
  });
});

describe('a run in which a wiki failed for good', () => {
  it('is finished, and leaves no checkpoint', async () => {
    const path = join(directory, 'out.tsv');
    const collector = await openFileCollector(request(['aawiki', 'itwiki']), path);
    await deliver(collector, 'aawiki', wikis.aawiki ?? answer(''));
    collector.markWithoutResult('itwiki', 'failed', { errno: 1054, isFinal: true });
    await collector.finish();
    expect(collector.isResumable).toBe(false);
    expect(readdirSync(directory)).toEqual(['out.tsv']);
  });
});

describe('an abandoned run', () => {
  it.each<[string, EarlierRun]>([
    ['--restart', { action: 'restart' }],
    ['--resume=AGE, if it is older,', { action: 'resume', maxAge: 3600 }],
  ])('is discarded by %s, and the file is replaced at the end', async (_, earlierRun) => {
    const path = join(directory, 'out');
    writeFileSync(path, 'before');
    const collector = await openFileCollector(request(names), path);
    for (const wiki of names) await deliver(collector, wiki, answer('a b', ['old', null]));
    collector.abandon();
    const restarted = await openFileCollector(request(names, [], { earlierRun }), path);
    expect([...restarted.alreadyDone.keys()]).toEqual([]);
    await deliverAll(restarted, wikis);
    expect(readFileSync(path, 'utf8')).toBe('before');
    await restarted.finish();
    expect(readFileSync(path).equals(await streamOutput(wikis))).toBe(true);
    expect(readdirSync(directory)).toEqual(['out']);
  });

  it('leaves no files if no wiki was complete', async () => {
    const collector = await openFileCollector(request(names), join(directory, 'out'));
    deliverHalf(collector, 'aawiki', wikis.aawiki ?? answer(''));
    collector.abandon();
    collector.abandon();
    expect(readdirSync(directory)).toEqual([]);
    expect(collector.isResumable).toBe(false);
  });

  it('can be resumed, and blocks a new run while its checkpoint exists', async () => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(names), path);
    await deliver(collector, 'itwiki', wikis.itwiki ?? answer(''));
    collector.abandon();
    expect(collector.isResumable).toBe(true);
    expect(readdirSync(directory)).toEqual(['.out.run']);
    await expect(openFileCollector(request(names), path)).rejects.toMatchObject({
      code: 'unfinished-run',
    });
    expect(await resume(path, wikis)).toEqual(['aawiki', 'frwiki']);
    expect(readFileSync(path).equals(await streamOutput(wikis))).toBe(true);
    // There is nothing left to continue, so --resume starts a new run.
    expect(await resume(path, wikis)).toEqual(names);
    expect(readdirSync(directory)).toEqual(['out']);
  });

  it('cannot be resumed with another query', async () => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(names), path);
    await deliverAll(collector, wikis);
    collector.abandon();
    const other = request(names, ['--timestamps', 'iso'], {
      earlierRun: { action: 'resume', maxAge: undefined },
    });
    await expect(openFileCollector(other, path)).rejects.toMatchObject({ code: 'other-query' });
  });

  it('can be resumed with another format, other wikis, and --union-columns', async () => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(['a', 'b']), path);
    await deliver(collector, 'a', answer('x', ['1']));
    await deliver(collector, 'b', answer('x', ['2']));
    collector.abandon();
    const options = ['--format', 'json'];
    const fanout = {
      earlierRun: { action: 'resume', maxAge: undefined },
      unionColumns: true,
    } as const;
    const resumed = await openFileCollector(request(['b', 'c'], options, fanout), path);
    expect([...resumed.alreadyDone.keys()]).toEqual(['b']);
    await deliver(resumed, 'c', answer('y', ['3']));
    await resumed.finish();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([
      { wiki: 'b', x: '2', y: null },
      { wiki: 'c', x: null, y: '3' },
    ]);
  });

  it.each<[string, (rows: string) => void]>([
    ['truncated by a byte', (rows) => truncateSync(rows, statSync(rows).size - 1)],
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
  ])('queries wikis again whose rows are damaged: file %s', async (_name, damage) => {
    const path = join(directory, 'out');
    const collector = await openFileCollector(request(names), path);
    await deliverAll(collector, wikis);
    collector.abandon();
    damage(join(directory, '.out.run', 'rows'));
    expect(await resume(path, wikis)).toContain('itwiki');
    expect(readFileSync(path).equals(await streamOutput(wikis))).toBe(true);
  });

  it('does not write rows into a checkpoint directory that is a symbolic link', async () => {
    mkdirSync(join(directory, 'elsewhere'));
    const { symlinkSync } = await import('node:fs');
    symlinkSync('elsewhere', join(directory, '.out.run'));
    await expect(openFileCollector(request(names), join(directory, 'out'))).rejects.toThrow(
      'it is not a directory of yours',
    );
    expect(readdirSync(join(directory, 'elsewhere'))).toEqual([]);
  });
});

const killedRun = await bundleProgram(fileURLToPath(new URL('killed-run.ts', import.meta.url)));

describe('a killed run', () => {
  const cases = [0, 1, 4, 7, 8].map((count) => [count, 100 + count] as const);

  it.each(cases)('loses and duplicates no rows after %i wikis', async (count, seed) => {
    const path = join(directory, 'out.tsv');
    const args = [killedRun, path, `${seed}`, `${count}`];
    const { signal, stderr } = spawnSync(process.execPath, args);
    expect([signal, stderr.toString()]).toEqual(['SIGKILL', '']);
    expect(readdirSync(directory)).toEqual(['.out.tsv.run']);
    const all = randomAnswers(seed);
    expect(await resume(path, all)).toHaveLength(8 - count);
    expect(readFileSync(path).equals(await streamOutput(all))).toBe(true);
    expect(readdirSync(directory)).toEqual(['out.tsv']);
  });
});

it('names a file that cannot be written, and can be resumed', async () => {
  const path = join(directory, 'out');
  const collector = await openFileCollector(request(names, [], {}), path);
  await deliver(collector, 'aawiki', wikis.aawiki ?? answer(''));
  collector.markWithoutResult('frwiki', 'skipped', { errno: 1146, isFinal: true });
  await deliver(collector, 'itwiki', wikis.itwiki ?? answer(''));
  // The rename fails, because a directory has the name.
  mkdirSync(path);
  await expect(collector.finish()).rejects.toMatchObject({ code: 'output-failed' });
  expect(collector.isResumable).toBe(true);
  rmSync(path, { recursive: true });
  expect(await resume(path, wikis)).toEqual([]);
});
