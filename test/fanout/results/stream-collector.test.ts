import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FanoutSettings } from '../../../src/cli/settings.js';
import { WikiFailure } from '../../../src/fanout/outcome.js';
import { openStreamCollector } from '../../../src/fanout/results/stream-collector.js';
import { openRunFormat } from '../../../src/fanout/rows/run-format.js';
import { outputFormats } from '../../../src/output/formats.js';
import { OutputBuffer } from '../../../src/output/output-buffer.js';
import { OutputError } from '../../../src/output/sink.js';
import { columnTypes } from '../../../src/protocol/column.js';
import { memoryOutput } from '../../output/memory-sink.js';
import { type Cell, createRandom, randomCell, textColumns, textRow } from '../../output/rows.js';
import { type Answer, answer, deliver, fileOutput, request } from './answers.js';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'stream-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

/** What a wiki does: it returns an answer or no result set, is skipped, or fails after a row. */
type WikiCase = Answer | 'nothing' | 'failed' | 'skipped';

interface Run {
  options?: string[];
  fanout?: Partial<FanoutSettings>;
  memory?: number;
  /** The order in which the wikis end; by default that of the plan. */
  order?: string[];
}

let files = 0;

/** Runs these wikis and returns the output. */
async function run(cases: Record<string, WikiCase>, setup: Run = {}): Promise<string> {
  const wikis = Object.keys(cases).sort();
  const { out, text } = fileOutput(join(directory, `out-${files++}`));
  const spill = { memory: setup.memory ?? 1 << 20 };
  const runRequest = request(wikis, setup.options, setup.fanout);
  const collector = await openStreamCollector(runRequest, { out, spill });
  for (const wiki of setup.order ?? wikis) {
    const wikiCase = cases[wiki] ?? 'nothing';
    if (wikiCase === 'nothing') await collector.begin(wiki).complete();
    else if (wikiCase === 'skipped')
      collector.markWithoutResult(wiki, 'skipped', { errno: 1146, isFinal: true });
    else if (wikiCase === 'failed') {
      const output = collector.begin(wiki);
      const alike = Object.values(cases).find((other) => typeof other === 'object');
      output.begin(alike?.columns ?? textColumns('lost', 'columns'));
      const { bytes, start, end } = textRow(['lost', null]);
      output.row(bytes, start, end);
      output.drop();
      collector.markWithoutResult(wiki, 'failed', { errno: 2013, isFinal: false });
    } else await deliver(collector, wiki, wikiCase);
  }
  await collector.finish();
  return text();
}

/** Formats the same rows as one result set, whose first column holds the names of the wikis. */
async function formatAsOneResult(
  cases: Record<string, WikiCase>,
  options: string[],
): Promise<string> {
  const { settings, characterSet } = request([], options);
  const statement = Buffer.from('select 1');
  const make = await openRunFormat(settings.output, characterSet, statement);
  const { out, written } = memoryOutput();
  const format = make(out);
  const names = textColumns('wiki', 'a', 'b');
  const longest = Math.max(...Object.keys(cases).map((wiki) => wiki.length));
  names[0] = { ...(names[0] as (typeof names)[0]), flags: 1, length: longest };
  format.begin(names);
  for (const wiki of Object.keys(cases).sort()) {
    const wikiCase = cases[wiki];
    if (typeof wikiCase !== 'object') continue;
    for (const cells of wikiCase.rows) {
      const { bytes, start, end } = textRow([wiki, ...cells]);
      format.row(bytes, start, end);
    }
  }
  format.end(true);
  format.finish?.();
  return (await written()).toString('latin1');
}

const one = answer('a b', ['1', 'x\ty'], [null, ''], ['<"é">', 'NULL']);
const two = answer('a b', ['a longer value than the others', '2']);
const empty = answer('a b');

const scenarios: [name: string, wikis: Record<string, WikiCase>][] = [
  ['one wiki', { itwiki: one }],
  ['three wikis', { aawiki: one, frwiki: two, itwiki: one }],
  ['an empty wiki between others', { aawiki: one, frwiki: empty, itwiki: two }],
  ['a failed wiki between others', { aawiki: one, frwiki: 'failed', itwiki: two }],
  ['a skipped wiki before others', { aawiki: 'skipped', frwiki: two, itwiki: one }],
  ['a wiki without a result set', { aawiki: 'nothing', itwiki: two }],
  ['only empty wikis', { aawiki: empty, itwiki: empty }],
];
const forms = [
  ...outputFormats.map((format) => ['--format', format]),
  ...['-t', '-E', '-H', '-X', '-r', '-N', '-ss', '-B', '-tN', '-tq'].map((option) => [option]),
  ['-t', '--binary-as-hex'],
  ['--format', 'csv', '--timestamps', 'iso'],
];

describe('a stream of many wikis equals one result set', () => {
  describe.each(forms.map((form) => [form.join(' '), form] as const))('%s', (_name, options) => {
    it.each(scenarios)('%s', async (_scenario, wikis) => {
      const written = await run(wikis, { options: [...options] });
      expect(written).toBe(await formatAsOneResult(wikis, [...options]));
      const hasHead = !/-E|-N|-ss|vertical|jsonl|-tN/.test(options.join(' '));
      if (hasHead) expect(written).not.toBe('');
    });
  });

  it.each([1, 2, 3])('with many random rows, in memory and in the file (seed %i)', async (seed) => {
    const random = createRandom(seed);
    const wikis: Record<string, WikiCase> = {};
    for (const wiki of ['aawiki', 'dewiki', 'enwiki', 'itwiki']) {
      const cells = (): Cell[] => [randomCell(random), randomCell(random)];
      wikis[wiki] = answer('a b', ...Array.from({ length: 300 }, cells));
    }
    const expected = await formatAsOneResult(wikis, []);
    const order = ['itwiki', 'enwiki', 'aawiki', 'dewiki'];
    for (const memory of [0, 100_000, 1 << 24]) {
      expect((await run(wikis, { memory, order })) === expected, `${memory}`).toBe(true);
    }
  });
});

describe('the order of the wikis', () => {
  const wikis = { a: answer('x', ['1']), b: answer('x', ['2']), c: answer('x', ['3']) };
  const inOrder = 'wiki\tx\na\t1\nb\t2\nc\t3\n';

  it.each(['a b c', 'c b a', 'b c a', 'c a b'])(
    'is that of the plan if they end in the order %s',
    async (order) => {
      expect(await run(wikis, { order: order.split(' ') })).toBe(inOrder);
    },
  );

  it('is the order in which they end with --unordered', async () => {
    const how = { order: ['c', 'a', 'b'], fanout: { unordered: true } };
    expect(await run(wikis, how)).toBe('wiki\tx\nc\t3\na\t1\nb\t2\n');
  });

  it('does not hold back wikis after one that has no rows', async () => {
    const order = ['c', 'a', 'b'];
    expect(await run({ ...wikis, b: 'failed' }, { order })).toBe('wiki\tx\na\t1\nc\t3\n');
    expect(await run({ ...wikis, a: 'skipped' }, { order })).toBe('wiki\tx\nb\t2\nc\t3\n');
  });
});

describe('the column with the wikis’ names', () => {
  it.each<[string | undefined, string]>([
    ['wiki_db', 'wiki_db\tx\na\t1\n'],
    [undefined, 'x\n1\n'],
  ])('%s', async (wikiColumn, expected) => {
    expect(await run({ a: answer('x', ['1']) }, { fanout: { wikiColumn } })).toBe(expected);
  });

  it('are followed by the fields of --wiki-fields', async () => {
    const fanout = { wikiFields: ['section', 'closed'] } as const;
    expect(await run({ a: answer('x', ['1'], ['2']) }, { fanout })).toBe(
      'wiki\tsection\tclosed\tx\na\ts1\tNULL\t1\na\ts1\tNULL\t2\n',
    );
  });
});

describe('an attempt', () => {
  it('leaves no rows if it fails, and can be retried', async () => {
    const { out, text } = fileOutput(join(directory, 'again'));
    const collector = await openStreamCollector(request(['a']), { out });
    const first = collector.begin('a');
    first.begin(textColumns('x'));
    const { bytes, start, end } = textRow(['half']);
    first.row(bytes, start, end);
    first.drop();
    expect(await deliver(collector, 'a', answer('x', ['whole']))).toMatchObject({
      rows: 1,
      bytes: 6,
    });
    await collector.finish();
    expect(text()).toBe('wiki\tx\na\twhole\n');
  });

  it('is refused if it has a second result set', async () => {
    const collector = await openStreamCollector(request(['a']), { out: memoryOutput().out });
    const rows = collector.begin('a');
    rows.begin(textColumns('x'));
    expect(() => rows.begin(textColumns('x'))).toThrow(WikiFailure);
    collector.abandon();
  });
});

describe('columns that differ', () => {
  const bigint = textColumns('x').map((column) => ({ ...column, type: columnTypes.longLong }));
  const int = textColumns('x').map((column) => ({ ...column, type: columnTypes.long }));

  it.each<[string, Answer, Answer, string[], RegExp | undefined]>([
    [
      'another name',
      answer('x y'),
      answer('x z'),
      [],
      /differ from those of aawiki: missing 'y', additional 'z'/,
    ],
    ['one less', answer('x y'), answer('x'), [], /aawiki: missing 'y'; use --union-columns/],
    ['one more', answer('x'), answer('x y'), [], /aawiki: additional 'y'/],
    ['another order', answer('x y'), answer('y x'), [], /aawiki: the order is different/],
    ['a duplicate name', answer('x x'), answer('x'), [], /aawiki: missing 'x'/],
    ['other widths', answer(int), answer(bigint), [], undefined],
    ['other widths', answer(int), answer(bigint), ['--format', 'json'], undefined],
    [
      'other widths',
      answer(int),
      answer(bigint),
      ['--format', 'parquet'],
      /column 'x' has the type 64-bit integer, but that of aawiki is 32-bit integer/,
    ],
    ['another kind', answer('x'), answer(int), [], undefined],
    [
      'another kind',
      answer('x'),
      answer(int),
      ['--format', 'json'],
      /has the type number, .* aawiki is text/,
    ],
  ])('%s: %j %j %j', async (_name, first, second, options, message) => {
    const collector = await openStreamCollector(request(['aawiki', 'bwiki'], options), {
      out: memoryOutput().out,
    });
    await deliver(collector, 'aawiki', first);
    const rows = collector.begin('bwiki');
    if (message === undefined) rows.begin(second.columns);
    else {
      expect(() => rows.begin(second.columns)).toThrow(message);
      expect(() => rows.begin(second.columns)).toThrow(WikiFailure);
    }
    collector.abandon();
  });
});

it('a failed wiki does not determine the columns of the others', async () => {
  const { out, text } = fileOutput(join(directory, 'odd'));
  const collector = await openStreamCollector(request(['a', 'b']), { out });
  const odd = collector.begin('a');
  odd.begin(textColumns('odd'));
  odd.drop();
  collector.markWithoutResult('a', 'failed', { errno: 2013, isFinal: false });
  await deliver(collector, 'b', answer('x', ['1']));
  await collector.finish();
  expect(text()).toBe('wiki\tx\nb\t1\n');
});

describe('a reader of the stream', () => {
  const big = answer('x', ...Array.from({ length: 400 }, () => [Buffer.alloc(10_000, 'a')]));

  /** Returns an output that is blocked until `release` is called. */
  function blockedOutput() {
    let release: (error?: OutputError) => void = () => {};
    const gate = new Promise<void>((resolve, reject) => {
      release = (error) => (error === undefined ? resolve() : reject(error));
    });
    gate.catch(() => {});
    let size = 0;
    const out = new OutputBuffer({
      write: (bytes) => {
        size += bytes.length;
        return gate;
      },
    });
    return { out, release, size: () => size };
  }

  it('that stops reading holds back servers once many rows wait, except that of the next wiki', async () => {
    const { out, release, size } = blockedOutput();
    const collector = await openStreamCollector(request(['a', 'b', 'c']), {
      out,
      spill: { memory: 1 << 20 },
      spillLimit: 3_000_000,
    });
    // The next wiki in the order is never held back.
    await deliver(collector, 'b', big);
    const due = collector.begin('a');
    expect(due.backPressure()).toBeUndefined();
    due.begin(textColumns('x'));
    await due.complete();
    await new Promise((resolve) => setImmediate(resolve));
    // Some of b was written, and the reader is not reading.
    expect(size()).toBeLessThan(2_000_000);
    const other = collector.begin('c');
    other.begin(textColumns('x'));
    const { bytes, start, end } = textRow([Buffer.alloc(1_000_000, 'c')]);
    other.row(bytes, start, end);
    other.row(bytes, start, end);
    other.row(bytes, start, end);
    let released = false;
    const held = other.backPressure()?.then(() => {
      released = true;
    });
    expect(held).toBeDefined();
    expect(released).toBe(false);
    release();
    await held;
    await other.complete();
    await collector.finish();
    expect(size()).toBe('wiki\tx\n'.length + 400 * 10_003 + 3 * 1_000_003);
  });

  it('that closes the stream causes an error in every pending call', async () => {
    const { out, release } = blockedOutput();
    const options = { out, spill: { memory: 1 << 20 }, spillLimit: 1 };
    const collector = await openStreamCollector(request(['a', 'b']), options);
    await deliver(collector, 'a', big);
    const other = collector.begin('b');
    other.begin(textColumns('x'));
    const held = other.backPressure();
    release(new OutputError('EPIPE'));
    const closed = { closed: true };
    await expect(held).rejects.toMatchObject(closed);
    await expect(other.backPressure()).rejects.toMatchObject(closed);
    await expect(other.complete()).rejects.toMatchObject(closed);
    await expect(collector.finish()).rejects.toMatchObject(closed);
    other.drop();
    collector.abandon();
  });
});

describe('an abandoned run', () => {
  it('ignores further rows, and discards those that wait', async () => {
    const { out, text } = fileOutput(join(directory, 'abandoned'));
    const collector = await openStreamCollector(request(['a', 'b', 'c']), { out });
    await deliver(collector, 'a', answer('x', ['1']));
    await deliver(collector, 'c', answer('x', ['3']));
    const running = collector.begin('b');
    running.begin(textColumns('x'));
    collector.abandon();
    collector.abandon();
    const { bytes, start, end } = textRow(['late']);
    running.row(bytes, start, end);
    running.drop();
    expect(text()).toBe('wiki\tx\na\t1\n');
    expect(collector.isResumable).toBe(false);
  });
});
