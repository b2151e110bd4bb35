import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it, vi } from 'vitest';
import { query, ReplicaError } from '../../src/library/index.js';
import { credentialsFile, emptyDirectory } from '../e2e/home.js';
import { errorOf, onTheFarm } from './options.js';

/** What runs on the server whose text holds `mark`, as the user who runs it sees it. */
async function running(mark: string): Promise<{ state: string; examined: number }[]> {
  return query<{ state: string; examined: number }>(
    'itwiki',
    `select state, examined_rows as examined from information_schema.processlist
     where info like '%${mark}%' and id <> connection_id()`,
    onTheFarm(),
  ).toArray();
}

const gone = (mark: string) =>
  vi.waitFor(async () => expect(await running(mark)).toEqual([]), { timeout: 20_000 });
const begun = (mark: string) =>
  vi.waitFor(async () => expect(await running(mark)).toHaveLength(1), { timeout: 20_000 });

/** More than what sockets hold. */
const long = (mark: string) =>
  `select seq, repeat('x', 2000) as x from seq_1_to_200000 /* ${mark} */`;

describe('a query', () => {
  it('gives the rows of its one statement that has some', async () => {
    const sql = 'set @a = 5; select @a as a; -- done';
    expect(await query('itwiki', sql, onTheFarm()).toArray()).toEqual([{ a: 5n }]);
  });

  it('on a section names databases itself', async () => {
    const sql = 'select count(*) as n from itwiki.page';
    const rows = query(undefined, sql, { ...onTheFarm(), section: 's2' });
    expect(await rows.toArray()).toEqual([{ n: 200n }]);
  });

  it('is held back while nobody reads, and goes on', async () => {
    const rows = query('itwiki', long('slowly read'), onTheFarm());
    const iterator = rows[Symbol.asyncIterator]();
    await iterator.next();
    await vi.waitFor(
      async () => expect(await running('slowly read')).toMatchObject([{ state: 'Writing to net' }]),
      { timeout: 20_000 },
    );
    const before = process.memoryUsage.rss();
    let examined = -1;
    await vi.waitFor(
      async () => {
        const last = examined;
        examined = (await running('slowly read'))[0]?.examined ?? -1;
        expect(examined).toBe(last);
      },
      { timeout: 20_000 },
    );
    expect(process.memoryUsage.rss() - before).toBeLessThan(50e6);
    expect(await running('slowly read')).toHaveLength(1);
    let count = 1;
    while (!(await iterator.next()).done) count++;
    expect(count).toBe(200_000);
  });

  it('ends on the server when the loop is left', async () => {
    for await (const row of query('itwiki', long('left early'), onTheFarm())) {
      expect(row.seq).toBe(1n);
      break;
    }
    await gone('left early');
  });

  it('ends on the server when a row is wrong', async () => {
    const sql =
      "select if(seq = 5, x'ff', repeat('x', 2000)) as x from seq_1_to_200000 /* odd row */";
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const row of query('itwiki', sql, onTheFarm())) seen.push(row);
    };
    expect(await errorOf(reading())).toMatch(/^not-utf8: column 'x'/);
    expect(seen).toHaveLength(4);
    await gone('odd row');
  });

  it('can be closed at any time, more than once', async () => {
    const early = query('itwiki', 'select 1', onTheFarm());
    await early.close();
    expect(await early.toArray()).toEqual([]);
    const late = query('itwiki', 'select sleep(60) /* closed */', onTheFarm());
    const reading = late.toArray();
    await begun('closed');
    await Promise.all([late.close(), late.close()]);
    expect(await reading).toEqual([]);
    await gone('closed');
  });

  it('is read once', async () => {
    const rows = query('itwiki', 'select 1', onTheFarm());
    await rows.toArray();
    expect(await errorOf(rows.toArray())).toMatch(/^read-before: /);
  });

  it('gives several rows that are asked for at once, in their order', async () => {
    const rows = query('itwiki', 'select seq from seq_1_to_2', onTheFarm());
    const iterator = rows[Symbol.asyncIterator]();
    const three = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    expect(three.map(({ value }) => value)).toEqual([{ seq: 1n }, { seq: 2n }, undefined]);
  });

  it('listens to no signals', async () => {
    const count = () =>
      ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'].map((it) => process.listenerCount(it));
    const before = count();
    const iterator = query('itwiki', long('signals'), onTheFarm())[Symbol.asyncIterator]();
    await iterator.next();
    expect(count()).toEqual(before);
    await iterator.return?.();
  });
});

describe('a signal', () => {
  it('that was given before lets nothing begin', async () => {
    const options = { ...onTheFarm(), signal: AbortSignal.abort(new Error('never mind')) };
    await expect(query('nosuchwiki', 'select 1', options).toArray()).rejects.toThrow('never mind');
  });

  it('ends the statement on the server', async () => {
    const controller = new AbortController();
    const options = { ...onTheFarm(), signal: controller.signal };
    const rows = query('itwiki', 'select sleep(60) /* aborted */', options);
    const error = rows.toArray().catch((reason: unknown) => reason);
    await begun('aborted');
    controller.abort();
    expect(await error).toBe(controller.signal.reason);
    await gone('aborted');
  });

  it('ends the rows that have come, too', async () => {
    const controller = new AbortController();
    const options = { ...onTheFarm(), signal: controller.signal };
    const iterator = query('itwiki', 'select seq from seq_1_to_100', options)[
      Symbol.asyncIterator
    ]();
    await iterator.next();
    controller.abort();
    await expect(iterator.next()).rejects.toBe(controller.signal.reason);
  });
});

describe('errors', () => {
  const asked = (options: object, wiki = 'itwiki', sql = 'select 1') =>
    errorOf(query(wiki, sql, { ...onTheFarm(), ...options }).toArray());

  it.each<[string, () => Promise<string>, RegExp]>([
    ['a wrong wiki', () => asked({}, 'itwikki'), /^unknown-database: .*did you mean itwiki/],
    [
      'wrong SQL',
      () => asked({}, 'itwiki', 'select nothing'),
      /^1054 \(42S22\): Unknown column 'nothing'/,
    ],
    [
      'no table',
      () => asked({}, 'nlwiki', 'select * from all_types'),
      /^1146 \(42S02\): Table 'nlwiki/,
    ],
    ['no SQL', () => asked({}, 'itwiki', ''), /^1065 \(42000\): Query was empty/],
    ['two results', () => asked({}, 'itwiki', 'select 1; select 2'), /^second-result: /],
    [
      'a wrong password',
      () => asked({ password: 'x' }),
      /^1045 \(28000\): Access denied for user 'research'/,
    ],
    [
      'nobody listens',
      () => asked({ host: '127.0.0.1', port: 1 }),
      /^2002 \(HY000\): Can't connect/,
    ],
    ['no checkout', () => asked({ mwConfigPath: '/no/such' }), /^no-mw-config: /],
    ['no name server', () => asked({ nameservers: ['x y'] }), /^bad-nameserver: /],
    ['a bad certificate', () => asked({ tls: { verifyServerCert: true } }), /^2026 \(HY000\): TLS/],
    [
      'no file',
      () => asked({ defaultsFile: '/no/such', noDefaults: false }),
      /Could not open|\/no\/such/,
    ],
  ])('%s', async (_name, ask, expected) => {
    expect(await ask()).toMatch(expected);
  });

  it('of a login without a name say where credentials were looked for', async () => {
    const { user: _, password: __, ...options } = onTheFarm();
    const error = await query('itwiki', 'select 1', options)
      .toArray()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ReplicaError);
    expect(error).toMatchObject({
      // 1698 where the server has no user of that name.
      errno: expect.toSatisfy((errno) => errno === 1045 || errno === 1698),
      hint: expect.stringContaining('give -u'),
    });
  });

  it('end the columns as they end the rows', async () => {
    const rows = query('itwiki', 'select nothing', onTheFarm());
    expect(await errorOf(rows.columns())).toMatch(/^1054 /);
    expect(await errorOf(rows.toArray())).toMatch(/^1054 /);
  });
});

describe('who logs in', () => {
  const whoIs = async (options: object) => {
    const { user: _, password: __, noDefaults: ___, ...place } = onTheFarm();
    const sql = 'select current_user() as who';
    return query('itwiki', sql, { ...place, ...options }).toArray();
  };

  it('is said by option files and credentials', async () => {
    const file = join(emptyDirectory(), 'odd.cnf');
    credentialsFile(file, 'oddPassword');
    const { name } = inject('farm').users.oddPassword;
    const expected = [{ who: `${name}@%` }];
    expect(await whoIs({ defaultsFile: file })).toEqual(expected);
    expect(await whoIs({ defaultsExtraFile: file })).toEqual(expected);
    expect(await whoIs({ noDefaults: true, credentials: file })).toEqual(expected);
  });

  it('is never asked on a terminal', async () => {
    const file = join(emptyDirectory(), 'asking.cnf');
    writeFileSync(file, '[client]\nuser=research\npassword\n');
    expect(await errorOf(whoIs({ defaultsFile: file }))).toMatch(/^no-password: /);
  });

  it('is heard with statements to begin with', async () => {
    const options = { ...onTheFarm(), initCommands: ['set @a = 1', 'set @b = @a + 1'] };
    expect(await query('itwiki', 'select @b as b', options).toArray()).toEqual([{ b: 2n }]);
  });

  it('can do so without TLS', async () => {
    const sql = "show status like 'ssl_cipher'";
    const options = { ...onTheFarm(), tls: false as const, rows: 'array' as const };
    expect(await query('itwiki', sql, options).toArray()).toEqual([['Ssl_cipher', '']]);
  });
});
