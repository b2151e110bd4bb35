import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it, vi } from 'vitest';
import { query, ReplicaError } from '../../src/library/index.js';
import { credentialsFile, emptyDirectory } from '../e2e/home.js';
import { errorOf, farmOptions } from './farm-options.js';

/** Returns the statements that run on the server and contain `mark`. */
async function runningStatements(mark: string): Promise<{ state: string; examined: number }[]> {
  return query<{ state: string; examined: number }>(
    'itwiki',
    `select state, examined_rows as examined from information_schema.processlist
     where info like '%${mark}%' and id <> connection_id()`,
    farmOptions(),
  ).toArray();
}

const waitUntilGone = (mark: string) =>
  vi.waitFor(async () => expect(await runningStatements(mark)).toEqual([]), { timeout: 20_000 });
const waitUntilRunning = (mark: string) =>
  vi.waitFor(async () => expect(await runningStatements(mark)).toHaveLength(1), {
    timeout: 20_000,
  });

/** Returns a statement whose result is larger than the buffers of sockets. */
const longStatement = (mark: string) =>
  `select seq, repeat('x', 2000) as x from seq_1_to_200000 /* ${mark} */`;

describe('a query', () => {
  it('returns the rows of its only statement that has some', async () => {
    const sql = 'set @a = 5; select @a as a; -- done';
    expect(await query('itwiki', sql, farmOptions()).toArray()).toEqual([{ a: 5n }]);
  });

  it('may name its databases itself if it has a section but no wiki', async () => {
    const sql = 'select count(*) as n from itwiki.page';
    const rows = query(undefined, sql, { ...farmOptions(), section: 's2' });
    expect(await rows.toArray()).toEqual([{ n: 200n }]);
  });

  it('is held back while the program does not read, and then continues', async () => {
    const rows = query('itwiki', longStatement('slowly read'), farmOptions());
    const iterator = rows[Symbol.asyncIterator]();
    await iterator.next();
    await vi.waitFor(
      async () =>
        expect(await runningStatements('slowly read')).toMatchObject([{ state: 'Writing to net' }]),
      { timeout: 20_000 },
    );
    const before = process.memoryUsage.rss();
    let examined = -1;
    await vi.waitFor(
      async () => {
        const last = examined;
        examined = (await runningStatements('slowly read'))[0]?.examined ?? -1;
        expect(examined).toBe(last);
      },
      { timeout: 20_000 },
    );
    expect(process.memoryUsage.rss() - before).toBeLessThan(50e6);
    expect(await runningStatements('slowly read')).toHaveLength(1);
    let count = 1;
    while (!(await iterator.next()).done) count++;
    expect(count).toBe(200_000);
  });

  it('ends on the server when the loop is left', async () => {
    for await (const row of query('itwiki', longStatement('left early'), farmOptions())) {
      expect(row.seq).toBe(1n);
      break;
    }
    await waitUntilGone('left early');
  });

  it('ends on the server when a row cannot be converted', async () => {
    const sql =
      "select if(seq = 5, x'ff', repeat('x', 2000)) as x from seq_1_to_200000 /* odd row */";
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const row of query('itwiki', sql, farmOptions())) seen.push(row);
    };
    expect(await errorOf(reading())).toMatch(/^not-utf8: column 'x'/);
    expect(seen).toHaveLength(4);
    await waitUntilGone('odd row');
  });

  it('can be closed at any time, more than once', async () => {
    const early = query('itwiki', 'select 1', farmOptions());
    await early.close();
    expect(await early.toArray()).toEqual([]);
    const late = query('itwiki', 'select sleep(60) /* closed */', farmOptions());
    const reading = late.toArray();
    await waitUntilRunning('closed');
    await Promise.all([late.close(), late.close()]);
    expect(await reading).toEqual([]);
    await waitUntilGone('closed');
  });

  it('can be read only once', async () => {
    const rows = query('itwiki', 'select 1', farmOptions());
    await rows.toArray();
    expect(await errorOf(rows.toArray())).toMatch(/^read-before: /);
  });

  it('answers several concurrent calls of next in order', async () => {
    const rows = query('itwiki', 'select seq from seq_1_to_2', farmOptions());
    const iterator = rows[Symbol.asyncIterator]();
    const three = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    expect(three.map(({ value }) => value)).toEqual([{ seq: 1n }, { seq: 2n }, undefined]);
  });

  it('does not listen to signals of the process', async () => {
    const count = () =>
      ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'].map((it) => process.listenerCount(it));
    const before = count();
    const iterator = query('itwiki', longStatement('signals'), farmOptions())[
      Symbol.asyncIterator
    ]();
    await iterator.next();
    expect(count()).toEqual(before);
    await iterator.return?.();
  });
});

describe('an AbortSignal', () => {
  it('prevents the query if it is already aborted', async () => {
    const options = { ...farmOptions(), signal: AbortSignal.abort(new Error('never mind')) };
    await expect(query('nosuchwiki', 'select 1', options).toArray()).rejects.toThrow('never mind');
  });

  it('ends the statement on the server', async () => {
    const controller = new AbortController();
    const options = { ...farmOptions(), signal: controller.signal };
    const rows = query('itwiki', 'select sleep(60) /* aborted */', options);
    const error = rows.toArray().catch((reason: unknown) => reason);
    await waitUntilRunning('aborted');
    controller.abort();
    expect(await error).toBe(controller.signal.reason);
    await waitUntilGone('aborted');
  });

  it('discards rows that have already arrived', async () => {
    const controller = new AbortController();
    const options = { ...farmOptions(), signal: controller.signal };
    const iterator = query('itwiki', 'select seq from seq_1_to_100', options)[
      Symbol.asyncIterator
    ]();
    await iterator.next();
    controller.abort();
    await expect(iterator.next()).rejects.toBe(controller.signal.reason);
  });
});

describe('errors', () => {
  const errorWith = (options: object, wiki = 'itwiki', sql = 'select 1') =>
    errorOf(query(wiki, sql, { ...farmOptions(), ...options }).toArray());

  it.each<[string, () => Promise<string>, RegExp]>([
    ['an unknown wiki', () => errorWith({}, 'itwikki'), /^unknown-database: .*did you mean itwiki/],
    [
      'an unknown column',
      () => errorWith({}, 'itwiki', 'select nothing'),
      /^1054 \(42S22\): Unknown column 'nothing'/,
    ],
    [
      'a missing table',
      () => errorWith({}, 'nlwiki', 'select * from all_types'),
      /^1146 \(42S02\): Table 'nlwiki/,
    ],
    ['an empty statement', () => errorWith({}, 'itwiki', ''), /^1065 \(42000\): Query was empty/],
    ['two result sets', () => errorWith({}, 'itwiki', 'select 1; select 2'), /^second-result: /],
    [
      'a wrong password',
      () => errorWith({ password: 'x' }),
      /^1045 \(28000\): Access denied for user 'research'/,
    ],
    [
      'a port without a server',
      () => errorWith({ host: '127.0.0.1', port: 1 }),
      /^2002 \(HY000\): Can't connect/,
    ],
    ['a missing checkout', () => errorWith({ mwConfigPath: '/no/such' }), /^no-mw-config: /],
    ['an invalid name server', () => errorWith({ nameservers: ['x y'] }), /^bad-nameserver: /],
    [
      'an invalid certificate',
      () => errorWith({ tls: { verifyServerCert: true } }),
      /^2026 \(HY000\): TLS/,
    ],
    [
      'a missing option file',
      () => errorWith({ defaultsFile: '/no/such', noDefaults: false }),
      /Could not open|\/no\/such/,
    ],
  ])('%s', async (_name, run, expected) => {
    expect(await run()).toMatch(expected);
  });

  it('of a login without a user name say where credentials were searched', async () => {
    const { user: _, password: __, ...options } = farmOptions();
    const error = await query('itwiki', 'select 1', options)
      .toArray()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ReplicaError);
    expect(error).toMatchObject({
      // 1698 if the server has no user of that name.
      errno: expect.toSatisfy((errno) => errno === 1045 || errno === 1698),
      hint: expect.stringContaining('use -u'),
    });
  });

  it('reject columns() as they reject the rows', async () => {
    const rows = query('itwiki', 'select nothing', farmOptions());
    expect(await errorOf(rows.columns())).toMatch(/^1054 /);
    expect(await errorOf(rows.toArray())).toMatch(/^1054 /);
  });
});

describe('the login', () => {
  const currentUser = async (options: object) => {
    const { user: _, password: __, noDefaults: ___, ...targetOptions } = farmOptions();
    const sql = 'select current_user() as who';
    return query('itwiki', sql, { ...targetOptions, ...options }).toArray();
  };

  it('uses the user of option files and credentials', async () => {
    const file = join(emptyDirectory(), 'odd.cnf');
    credentialsFile(file, 'oddPassword');
    const { name } = inject('farm').users.oddPassword;
    const expected = [{ who: `${name}@%` }];
    expect(await currentUser({ defaultsFile: file })).toEqual(expected);
    expect(await currentUser({ defaultsExtraFile: file })).toEqual(expected);
    expect(await currentUser({ noDefaults: true, credentials: file })).toEqual(expected);
  });

  it('never asks for a password on a terminal', async () => {
    const file = join(emptyDirectory(), 'asking.cnf');
    writeFileSync(file, '[client]\nuser=research\npassword\n');
    expect(await errorOf(currentUser({ defaultsFile: file }))).toMatch(/^no-password: /);
  });

  it('runs the initCommands', async () => {
    const options = { ...farmOptions(), initCommands: ['set @a = 1', 'set @b = @a + 1'] };
    expect(await query('itwiki', 'select @b as b', options).toArray()).toEqual([{ b: 2n }]);
  });

  it('can disable TLS', async () => {
    const sql = "show status like 'ssl_cipher'";
    const options = { ...farmOptions(), tls: false as const, rows: 'array' as const };
    expect(await query('itwiki', sql, options).toArray()).toEqual([['Ssl_cipher', '']]);
  });
});
