import { describe, expect, it, vi } from 'vitest';
import { query, queryWikis, type WikiOutcome, WikisFailed } from '../../src/library/index.js';
import { readList } from '../farm/contents.js';
import { errorOf, onTheFarm } from './options.js';

const s2AndS3 = [...readList('s2'), ...readList('s3')].toSorted();

/** One of the wikis has more rows than fit in a subquery. */
const failsOn = (wiki: string) =>
  `select if(database() = '${wiki}', (select 1 union select 2), 1) as one`;

async function running(mark: string): Promise<number> {
  const sql = `select count(*) as n from information_schema.processlist
    where info like '%${mark}%' and id <> connection_id()`;
  const counts = await Promise.all(
    ['s2', 's3'].map((section) =>
      query<{ n: number }>(undefined, sql, {
        ...onTheFarm(),
        section,
        bigint: 'number',
      }).toArray(),
    ),
  );
  return counts.flat().reduce((sum, { n }) => sum + n, 0);
}
const until = (mark: string, count: number) =>
  vi.waitFor(async () => expect(await running(mark)).toBe(count), { timeout: 20_000 });

describe('the rows of many wikis', () => {
  it('come in the order of their names, each wiki whole', async () => {
    const told: WikiOutcome[] = [];
    const rows = queryWikis<{ db: string; seq: bigint }>(
      's2,s3',
      'select database() as db, seq from seq_1_to_3',
      { ...onTheFarm(), onWiki: (outcome) => told.push(outcome) },
    );
    const all = await rows.toArray();
    expect(all.map(({ wiki }) => wiki)).toEqual(s2AndS3.flatMap((wiki) => [wiki, wiki, wiki]));
    expect(all.every(({ wiki, row }) => row.db === wiki)).toBe(true);
    expect(all.slice(0, 3).map(({ row }) => row.seq)).toEqual([1n, 2n, 3n]);
    expect(rows.outcomes).toEqual(told);
    expect(rows.outcomes.map(({ wiki }) => wiki).toSorted()).toEqual(s2AndS3);
    expect(rows.outcomes[0]).toMatchObject({
      section: expect.stringMatching(/^s[23]$/),
      outcome: 'ok',
      error: undefined,
      rows: 3,
      serverVersion: expect.stringMatching(/MariaDB/),
    });
  });

  it('come as they are done when that is asked for', async () => {
    const options = { ...onTheFarm(), unordered: true, rows: 'array' as const };
    const all = await queryWikis(s2AndS3, 'select database()', options).toArray();
    expect(all.map(({ row: [wiki] }) => wiki).toSorted()).toEqual(s2AndS3);
    expect(all.every(({ wiki, row }) => row[0] === wiki)).toBe(true);
  });

  it('are of the wikis that were named, without exceptions', async () => {
    const options = { ...onTheFarm(), except: ['itwiki'] };
    const all = await queryWikis('s2', 'select 1', options).toArray();
    expect(all.map(({ wiki }) => wiki)).toEqual(
      readList('s2')
        .filter((wiki) => wiki !== 'itwiki')
        .toSorted(),
    );
    expect(await queryWikis([], 'select 1', onTheFarm()).toArray()).toEqual([]);
  });

  it('of more than fits in memory come whole', async () => {
    const sql = "select seq, repeat('x', 1000) as x from seq_1_to_30000";
    let count = 0;
    let sum = 0n;
    for await (const { row } of queryWikis<{ seq: bigint; x: string }>('s2', sql, onTheFarm())) {
      count += row.x.length === 1000 ? 1 : 0;
      sum += row.seq;
    }
    const wikis = readList('s2').length;
    expect([count, sum]).toEqual([30_000 * wikis, BigInt(wikis) * 450_015_000n]);
  });

  it('are held back while nobody reads', async () => {
    const sql = "select repeat('x', 1000) as x from seq_1_to_100000 /* many slowly */";
    const rows = queryWikis('s2,s3', sql, onTheFarm());
    const iterator = rows[Symbol.asyncIterator]();
    await iterator.next();
    const ended = () => rows.outcomes.length;
    let before = -1;
    await vi.waitFor(
      async () => {
        const now = ended();
        // Of one of the two the rest may fit into what sockets hold.
        const still = now === before && (await running('many slowly')) > 0;
        before = now;
        expect(still).toBe(true);
      },
      { timeout: 20_000, interval: 500 },
    );
    expect(ended()).toBeLessThan(s2AndS3.length);
    await iterator.return?.();
    await until('many slowly', 0);
  });
});

describe('what goes wrong on one wiki', () => {
  it('is thrown behind the rows of the others', async () => {
    const seen: string[] = [];
    const rows = queryWikis('s2', failsOn('nlwiki'), onTheFarm());
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

  it('is not thrown where failures are allowed', async () => {
    const options = { ...onTheFarm(), allowFailures: true };
    const rows = queryWikis(['itwiki', 'nlwiki'], failsOn('nlwiki'), options);
    expect(await rows.toArray()).toEqual([{ wiki: 'itwiki', row: { one: 1 } }]);
    expect(rows.outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['failed', 'ok']);
  });

  it('ends the run with failFast', async () => {
    const sql = `${failsOn('cswiki')}, sleep(if(database() = 'cswiki', 0, 60)) as s /* fail fast */`;
    const error = await queryWikis('s2,s3', sql, { ...onTheFarm(), failFast: true })
      .toArray()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failures: [{ wiki: 'cswiki' }] });
    await until('fail fast', 0);
  });

  it('is no failure where the table is not there', async () => {
    const rows = queryWikis('s2', 'select id from all_types where id = 1', onTheFarm());
    expect(await rows.toArray()).toEqual([{ wiki: 'itwiki', row: { id: 1 } }]);
    const skipped = rows.outcomes.filter(({ outcome }) => outcome === 'skipped');
    expect(skipped.map(({ wiki }) => wiki).toSorted()).toEqual(
      readList('s2')
        .filter((wiki) => wiki !== 'itwiki')
        .toSorted(),
    );
    expect(skipped[0]?.error).toMatchObject({ errno: 1146, sqlState: '42S02' });
  });

  it('is one where no wiki has the table, and names the nearest', async () => {
    const rows = queryWikis('s2', 'select id from all_tipes', onTheFarm());
    const error = await rows.toArray().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WikisFailed);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^no wiki has the table 'all_tipes'/),
      failures: expect.toSatisfy((failures) => failures.length === readList('s2').length),
    });
    expect(rows.outcomes.every(({ outcome }) => outcome === 'skipped')).toBe(true);
    const allowed = queryWikis('s2', 'select id from all_tipes', {
      ...onTheFarm(),
      allowFailures: true,
    });
    expect(await allowed.toArray()).toEqual([]);
    const near = await queryWikis('itwiki', 'select id from all_tipes', onTheFarm())
      .toArray()
      .catch((reason: unknown) => reason);
    expect(near).toMatchObject({
      message: "no wiki has the table 'all_tipes'; did you mean all_types?",
    });
  });

  it('may be other columns, unless they may differ', async () => {
    const wikis = ['itwiki', 'nlwiki'];
    const sql = 'show tables';
    expect(await errorOf(queryWikis(wikis, sql, onTheFarm()).toArray())).toMatch(
      /^undefined: 1 of 2 wikis failed: (it|nl)wiki: its column 1 is Tables_in_(it|nl)wiki \(string\), that of (it|nl)wiki is Tables_in_(it|nl)wiki \(string\): use AS or CAST/,
    );
    const all = await queryWikis(wikis, sql, { ...onTheFarm(), unionColumns: true }).toArray();
    const names = new Set(all.flatMap(({ row }) => Object.keys(row)));
    expect([...names].toSorted()).toEqual(['Tables_in_itwiki', 'Tables_in_nlwiki']);
  });

  it('may be a second result', async () => {
    expect(
      await errorOf(queryWikis('itwiki', 'select 1; select 2', onTheFarm()).toArray()),
    ).toContain('1 of 1 wikis failed: itwiki: it gives a second result');
  });
});

describe('what goes wrong on all', () => {
  const asked = (wikis: string | string[], sql: string, options = {}) =>
    errorOf(queryWikis(wikis, sql, { ...onTheFarm(), ...options }).toArray());

  it.each<[string, () => Promise<string>, RegExp]>([
    ['a wrong name', () => asked('nosuch', 'select 1'), /^unknown-wikis: /],
    ['no name', () => asked('  ', 'select 1'), /^no-wikis: /],
    ['a name that is none', () => asked(['it wiki'], 'select 1'), /^bad-wikis: 'it wiki' is not/],
    ['no statement', () => asked('s2', ''), /^no-statement: /],
    ['a command', () => asked('s2', 'use itwiki'), /^command-in-many: /],
    ['two columns of a name', () => asked('s2', 'select 1 a, 2 a'), /^same-names: /],
    ['no UTF-8', () => asked('s2', "select x'ff' a"), /^not-utf8: /],
    ['a wrong number', () => asked('s2', 'select 1', { perSection: 0 }), /^bad-number: /],
    [
      'a wrong password',
      () => asked('s2', 'select 1', { password: 'x' }),
      /9 wikis failed.*Access denied/,
    ],
  ])('%s', async (_name, ask, expected) => {
    expect(await ask()).toMatch(expected);
  });
});

describe('the end of a run', () => {
  const sleeping = (mark: string) => `select sleep(60) /* ${mark} */`;

  it('comes with close', async () => {
    const rows = queryWikis('s2,s3', sleeping('many closed'), onTheFarm());
    const reading = rows.toArray();
    await until('many closed', 2);
    await Promise.all([rows.close(), rows.close()]);
    expect(await reading).toEqual([]);
    await until('many closed', 0);
  });

  it('comes with a signal', async () => {
    const controller = new AbortController();
    const options = { ...onTheFarm(), signal: controller.signal };
    const error = queryWikis('s2,s3', sleeping('many aborted'), options)
      .toArray()
      .catch((reason: unknown) => reason);
    await until('many aborted', 2);
    controller.abort();
    expect(await error).toBe(controller.signal.reason);
    await until('many aborted', 0);
  });

  it('comes when the loop is left', async () => {
    const sql = "select sleep(if(database() = 'aawiki', 0, 60)) as s /* many left */";
    for await (const { wiki } of queryWikis('s2,s3', sql, onTheFarm())) {
      expect(wiki).toBe('aawiki');
      break;
    }
    await until('many left', 0);
  });

  it('can come before the beginning', async () => {
    const rows = queryWikis('s2', 'select 1', onTheFarm());
    await rows.close();
    expect(await rows.toArray()).toEqual([]);
    const signal = AbortSignal.abort(new Error('never mind'));
    const aborted = queryWikis('s2', 'select 1', { ...onTheFarm(), signal });
    await expect(aborted.toArray()).rejects.toThrow('never mind');
  });
});
