import { describe, expect, it, vi } from 'vitest';
import { query, queryWikis, type WikiOutcome, WikisFailed } from '../../src/library/index.js';
import { readList } from '../farm/contents.js';
import { errorOf, farmOptions } from './farm-options.js';

const s2AndS3 = [...readList('s2'), ...readList('s3')].toSorted();

/** Returns a statement that fails on one wiki, because its subquery returns two rows there. */
const failingStatement = (wiki: string) =>
  `select if(database() = '${wiki}', (select 1 union select 2), 1) as one`;

async function countRunning(mark: string): Promise<number> {
  const sql = `select count(*) as n from information_schema.processlist
    where info like '%${mark}%' and id <> connection_id()`;
  const counts = await Promise.all(
    ['s2', 's3'].map((section) =>
      query<{ n: number }>(undefined, sql, {
        ...farmOptions(),
        section,
        bigint: 'number',
      }).toArray(),
    ),
  );
  return counts.flat().reduce((sum, { n }) => sum + n, 0);
}
const waitForRunning = (mark: string, count: number) =>
  vi.waitFor(async () => expect(await countRunning(mark)).toBe(count), { timeout: 20_000 });

describe('the rows of many wikis', () => {
  it('are grouped by wiki and ordered by name', async () => {
    const reported: WikiOutcome[] = [];
    const rows = queryWikis<{ db: string; seq: bigint }>(
      's2,s3',
      'select database() as db, seq from seq_1_to_3',
      { ...farmOptions(), onWiki: (outcome) => reported.push(outcome) },
    );
    const all = await rows.toArray();
    expect(all.map(({ wiki }) => wiki)).toEqual(s2AndS3.flatMap((wiki) => [wiki, wiki, wiki]));
    expect(all.every(({ wiki, row }) => row.db === wiki)).toBe(true);
    expect(all.slice(0, 3).map(({ row }) => row.seq)).toEqual([1n, 2n, 3n]);
    expect(rows.outcomes).toEqual(reported);
    expect(rows.outcomes.map(({ wiki }) => wiki).toSorted()).toEqual(s2AndS3);
    expect(rows.outcomes[0]).toMatchObject({
      section: expect.stringMatching(/^s[23]$/),
      outcome: 'ok',
      error: undefined,
      rows: 3,
      serverVersion: expect.stringMatching(/MariaDB/),
    });
  });

  it('are in the order in which the wikis are complete with unordered', async () => {
    const options = { ...farmOptions(), unordered: true, rows: 'array' as const };
    const all = await queryWikis(s2AndS3, 'select database()', options).toArray();
    expect(all.map(({ row: [wiki] }) => wiki).toSorted()).toEqual(s2AndS3);
    expect(all.every(({ wiki, row }) => row[0] === wiki)).toBe(true);
  });

  it('are those of the selected wikis without the excluded ones', async () => {
    const options = { ...farmOptions(), except: ['itwiki'] };
    const all = await queryWikis('s2', 'select 1', options).toArray();
    expect(all.map(({ wiki }) => wiki)).toEqual(
      readList('s2')
        .filter((wiki) => wiki !== 'itwiki')
        .toSorted(),
    );
    expect(await queryWikis([], 'select 1', farmOptions()).toArray()).toEqual([]);
  });

  it('are complete even if they do not fit in memory', async () => {
    const sql = "select seq, repeat('x', 1000) as x from seq_1_to_30000";
    let count = 0;
    let sum = 0n;
    for await (const { row } of queryWikis<{ seq: bigint; x: string }>('s2', sql, farmOptions())) {
      count += row.x.length === 1000 ? 1 : 0;
      sum += row.seq;
    }
    const wikis = readList('s2').length;
    expect([count, sum]).toEqual([30_000 * wikis, BigInt(wikis) * 450_015_000n]);
  });

  it('are held back while the program does not read', async () => {
    const sql = "select repeat('x', 1000) as x from seq_1_to_100000 /* many slowly */";
    const rows = queryWikis('s2,s3', sql, farmOptions());
    const iterator = rows[Symbol.asyncIterator]();
    await iterator.next();
    const ended = () => rows.outcomes.length;
    let before = -1;
    await vi.waitFor(
      async () => {
        const now = ended();
        // The remaining rows of one of the two sections may fit into the buffers of its socket.
        const still = now === before && (await countRunning('many slowly')) > 0;
        before = now;
        expect(still).toBe(true);
      },
      { timeout: 20_000, interval: 500 },
    );
    expect(ended()).toBeLessThan(s2AndS3.length);
    await iterator.return?.();
    await waitForRunning('many slowly', 0);
  });
});

describe('an error on one wiki', () => {
  it('is thrown after the rows of the others', async () => {
    const seen: string[] = [];
    const rows = queryWikis('s2', failingStatement('nlwiki'), farmOptions());
    const reading = async () => {
      for await (const { wiki } of rows) seen.push(wiki);
    };
    const error = await reading().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WikisFailed);
    expect(error).toMatchObject({
      message: `1 of ${readList('s2').length} wikis failed: nlwiki: Subquery returns more than 1 row`,
      failures: [{ wiki: 'nlwiki', section: 's2', outcome: 'failed', error: { errno: 1242 } }],
    });
    expect(seen).toEqual(
      readList('s2')
        .filter((wiki) => wiki !== 'nlwiki')
        .toSorted(),
    );
  });

  it('is not thrown with allowFailures', async () => {
    const options = { ...farmOptions(), allowFailures: true };
    const rows = queryWikis(['itwiki', 'nlwiki'], failingStatement('nlwiki'), options);
    expect(await rows.toArray()).toEqual([{ wiki: 'itwiki', row: { one: 1 } }]);
    expect(rows.outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['failed', 'ok']);
  });

  it('ends the run with failFast', async () => {
    const sql = `${failingStatement('cswiki')}, sleep(if(database() = 'cswiki', 0, 60)) as s /* fail fast */`;
    const error = await queryWikis('s2,s3', sql, { ...farmOptions(), failFast: true })
      .toArray()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failures: [{ wiki: 'cswiki' }] });
    await waitForRunning('fail fast', 0);
  });

  it('is not thrown if the wiki lacks the table', async () => {
    const rows = queryWikis('s2', 'select id from all_types where id = 1', farmOptions());
    expect(await rows.toArray()).toEqual([{ wiki: 'itwiki', row: { id: 1 } }]);
    const skipped = rows.outcomes.filter(({ outcome }) => outcome === 'skipped');
    expect(skipped.map(({ wiki }) => wiki).toSorted()).toEqual(
      readList('s2')
        .filter((wiki) => wiki !== 'itwiki')
        .toSorted(),
    );
    expect(skipped[0]?.error).toMatchObject({ errno: 1146, sqlState: '42S02' });
  });

  it('is thrown if no wiki has the table, and suggests a similar name', async () => {
    const rows = queryWikis('s2', 'select id from all_tipes', farmOptions());
    const error = await rows.toArray().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WikisFailed);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^no wiki has the table 'all_tipes'/),
      failures: expect.toSatisfy((failures) => failures.length === readList('s2').length),
    });
    expect(rows.outcomes.every(({ outcome }) => outcome === 'skipped')).toBe(true);
    const allowed = queryWikis('s2', 'select id from all_tipes', {
      ...farmOptions(),
      allowFailures: true,
    });
    expect(await allowed.toArray()).toEqual([]);
    const single = await queryWikis('itwiki', 'select id from all_tipes', farmOptions())
      .toArray()
      .catch((reason: unknown) => reason);
    expect(single).toMatchObject({
      message: "no wiki has the table 'all_tipes'; did you mean all_types?",
    });
  });

  it('is thrown for different columns, unless unionColumns is true', async () => {
    const wikis = ['itwiki', 'nlwiki'];
    const sql = "execute immediate concat('select 1 as of_', database())";
    expect(await errorOf(queryWikis(wikis, sql, farmOptions()).toArray())).toMatch(
      /^undefined: 1 of 2 wikis failed: (it|nl)wiki: its column 1 is of_(it|nl)wiki \(number\), but of_(it|nl)wiki \(number\) in (it|nl)wiki: use AS or CAST/,
    );
    const all = await queryWikis(wikis, sql, { ...farmOptions(), unionColumns: true }).toArray();
    const names = new Set(all.flatMap(({ row }) => Object.keys(row)));
    expect([...names].toSorted()).toEqual(['of_itwiki', 'of_nlwiki']);
  });

  it('is thrown for a second result set', async () => {
    expect(await errorOf(queryWikis('itwiki', 'select 1; select 2', farmOptions()).toArray())).toBe(
      'bad-script: itwiki: the statements return more than one result: use UNION ALL, or one run for each',
    );
  });
});

describe('an error of the whole run', () => {
  const errorWith = (wikis: string | string[], sql: string, options = {}) =>
    errorOf(queryWikis(wikis, sql, { ...farmOptions(), ...options }).toArray());

  it.each<[string, () => Promise<string>, RegExp]>([
    ['an unknown wiki', () => errorWith('nosuch', 'select 1'), /^unknown-wikis: /],
    ['an empty expression', () => errorWith('  ', 'select 1'), /^no-wikis: /],
    ['an invalid name', () => errorWith(['it wiki'], 'select 1'), /^bad-wikis: 'it wiki' is not/],
    ['no statement', () => errorWith('s2', ''), /^no-statement: /],
    ['a client command', () => errorWith('s2', 'use itwiki'), /^command-in-many: /],
    ['two columns with the same name', () => errorWith('s2', 'select 1 a, 2 a'), /^same-names: /],
    ['a value that is not valid UTF-8', () => errorWith('s2', "select x'ff' a"), /^not-utf8: /],
    ['an invalid number', () => errorWith('s2', 'select 1', { perSection: 0 }), /^bad-number: /],
    [
      'a wrong password',
      () => errorWith('s2', 'select 1', { password: 'x' }),
      /9 wikis failed.*Access denied/,
    ],
  ])('%s', async (_name, run, expected) => {
    expect(await run()).toMatch(expected);
  });
});

describe('the end of a run', () => {
  const sleepStatement = (mark: string) => `select sleep(60) /* ${mark} */`;

  it('is caused by close', async () => {
    const rows = queryWikis('s2,s3', sleepStatement('many closed'), farmOptions());
    const reading = rows.toArray();
    await waitForRunning('many closed', 2);
    await Promise.all([rows.close(), rows.close()]);
    expect(await reading).toEqual([]);
    await waitForRunning('many closed', 0);
  });

  it('is caused by a signal', async () => {
    const controller = new AbortController();
    const options = { ...farmOptions(), signal: controller.signal };
    const error = queryWikis('s2,s3', sleepStatement('many aborted'), options)
      .toArray()
      .catch((reason: unknown) => reason);
    await waitForRunning('many aborted', 2);
    controller.abort();
    expect(await error).toBe(controller.signal.reason);
    await waitForRunning('many aborted', 0);
  });

  it('is caused by leaving the loop', async () => {
    const sql = "select sleep(if(database() = 'aawiki', 0, 60)) as s /* many left */";
    for await (const { wiki } of queryWikis('s2,s3', sql, farmOptions())) {
      expect(wiki).toBe('aawiki');
      break;
    }
    await waitForRunning('many left', 0);
  });

  it('may be before the first row is read', async () => {
    const rows = queryWikis('s2', 'select 1', farmOptions());
    await rows.close();
    expect(await rows.toArray()).toEqual([]);
    const signal = AbortSignal.abort(new Error('never mind'));
    const aborted = queryWikis('s2', 'select 1', { ...farmOptions(), signal });
    await expect(aborted.toArray()).rejects.toThrow('never mind');
  });
});
