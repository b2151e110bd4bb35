import { describe, expect, inject, it, vi } from 'vitest';
import { leaveRows } from '../../src/protocol/packets.js';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { ignoreResults, type ReplicaConnection } from '../../src/replica/connection.js';
import type { Target } from '../../src/target/target.js';
import { tlsWith } from '../examples.js';
import type { Users } from '../farm/users.js';
import { errorOf, loginAs, open, rowsOf, targetAt, targetAtSocket, targetOf } from './open.js';

const noTls = tlsWith({ enabled: false });

async function using<T>(
  opening: Promise<ReplicaConnection>,
  use: (connection: ReplicaConnection) => Promise<T>,
): Promise<T> {
  const connection = await opening;
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

const cipherSql =
  "select variable_value <> '' from information_schema.session_status where variable_name = 'ssl_cipher'";

describe('logging in', () => {
  it.each<keyof Users>(['research', 'tlsOnly', 'noPassword', 'oddPassword', 'admin'])(
    'works as %s',
    async (user) => {
      const rows = await using(open(targetOf('s2', 'itwiki'), loginAs(user)), (connection) =>
        rowsOf(connection, 'select current_user()'),
      );
      expect(rows).toEqual([`${inject('farm').users[user].name}@%`]);
    },
  );

  it('works with a client certificate', async () => {
    const { caFile, clientCertificate } = inject('farm');
    const { certificate, key } = pathsOf(clientCertificate);
    const tls = tlsWith({ ca: caFile, cert: certificate, key });
    const login = loginAs('certificateOnly', { tls });
    const rows = await using(open(targetOf('s2'), login), (it) => rowsOf(it, 'select 1'));
    expect(rows).toEqual(['1']);
  });

  it('works through a socket file', async () => {
    const socketPath = inject('farm').places.s2.socket;
    const target = targetAtSocket(socketPath);
    const rows = await using(open(target, loginAs('research')), (it) => rowsOf(it, 'select 1'));
    expect(rows).toEqual(['1']);
  });

  it('uses TLS where the server offers it, and not with --skip-ssl', async () => {
    const tls = await using(open(targetOf('s2'), loginAs('research')), (it) =>
      rowsOf(it, cipherSql),
    );
    const login = loginAs('research', { tls: noTls });
    const plain = await using(open(targetOf('s2'), login), (it) => rowsOf(it, cipherSql));
    expect([tls, plain]).toEqual([['1'], ['0']]);
  });

  it('checks the certificate when asked to, and its host name', async () => {
    const { caFile, places } = inject('farm');
    const verify = (ca: string | undefined) =>
      loginAs('research', { tls: tlsWith({ ca, verifyServerCert: true }) });
    const named = await using(open(targetOf('s2'), verify(caFile)), (it) => rowsOf(it, 'select 1'));
    expect(named).toEqual(['1']);
    const wrongName = {
      ...targetAt('other.eqiad.wmnet', places.s2.port),
      lookup: async () => [places.s2.address],
    };
    expect(await errorOf(open(wrongName, verify(caFile)))).toBe(
      '2026 (HY000): TLS/SSL error: Validation of SSL server certificate failed',
    );
    expect(await errorOf(open(targetOf('s2'), verify(undefined)))).toMatch(
      /^2026 \(HY000\): TLS\/SSL error: /,
    );
    expect(await errorOf(open(targetOf('s2'), verify('/no/such.pem')))).toBe(
      '2026 (HY000): TLS/SSL error: No such file or directory (2)',
    );
  });

  it('leaves no socket behind where it fails', async () => {
    const sockets = () =>
      process.getActiveResourcesInfo().filter((name) => /TCP/.test(name)).length;
    const before = sockets();
    const { caFile, places } = inject('farm');
    const wrongName = {
      ...targetAt('other.eqiad.wmnet', places.s2.port),
      lookup: async () => [places.s2.address],
    };
    const verify = (ca: string | undefined) =>
      loginAs('research', { tls: tlsWith({ ca, verifyServerCert: true }) });
    const wrongKey = tlsWith({ cert: caFile, key: '/no/such' });
    const logins = [
      () => open(targetOf('s2'), loginAs('research', { characterSet: 'klingon' })),
      () => open(targetOf('s2'), verify(undefined)),
      () => open(targetOf('s2'), verify('/no/such.pem')),
      () => open(wrongName, verify(caFile)),
      () => open(targetOf('s2'), loginAs('research', { tls: wrongKey })),
      () => open(targetOf('s2'), loginAs('research', { password: 'wrong' })),
      () => open(targetOf('s2'), loginAs('research', { password: 'wrong', tls: noTls })),
    ];
    for (const login of logins) expect(await errorOf(login())).toMatch(/^(2019|2026|1045) /);
    // The server itself would hang up after 10 seconds. Sockets of earlier tests may close meanwhile.
    await vi.waitFor(() => expect(sockets()).toBeLessThanOrEqual(before), { timeout: 3000 });
  });

  it('tells of a key that is not there', async () => {
    const tls = tlsWith({ cert: inject('farm').caFile, key: '/no/such' });
    // The client's number is another each time.
    expect(await errorOf(open(targetOf('s2'), loginAs('research', { tls })))).toBe(
      "2026 (HY000): File '/no/such' not found (Errcode: 2)",
    );
  });

  it('speaks compressed when asked to', async () => {
    const login = loginAs('research', { compress: true });
    const rows = await using(open(targetOf('s2'), login), async (it) => [
      ...(await rowsOf(it, "show status like 'Compression'")),
      ...(await rowsOf(it, "select repeat('abc', 100000)")),
    ]);
    expect(rows[0]).toMatch(/ON$/);
    expect(rows[1]?.endsWith('abc'.repeat(100_000))).toBe(true);
  });

  it.each([
    // The server's version decides which collation is a set's default.
    ['utf8mb4', 'utf8mb4_(general|uca1400_ai)_ci'],
    ['utf8', 'utf8mb3_(general|uca1400_ai)_ci'],
    ['LATIN1', 'latin1_swedish_ci'],
    ['binary', 'binary'],
    ['koi8r', 'koi8r_general_ci'],
  ])('speaks the character set %s', async (characterSet, collation) => {
    const login = loginAs('research', { characterSet });
    const rows = await using(open(targetOf('s2'), login), (it) =>
      rowsOf(it, 'select @@collation_connection, @@character_set_client'),
    );
    expect(rows[0]).toMatch(new RegExp(collation));
  });
});

describe('errors of connecting are those of the client', () => {
  it.each<[string, () => Promise<ReplicaConnection>, RegExp]>([
    [
      'wrong password',
      () => open(targetOf('s2'), loginAs('research', { password: 'wrong' })),
      /^1045 \(28000\): Access denied for user 'research'@'.*' \(using password: YES\)$/,
    ],
    [
      'TLS required and not used',
      () => open(targetOf('s2'), loginAs('tlsOnly', { tls: noTls })),
      /^1045 \(28000\): Access denied for user 'tls_only'/,
    ],
    [
      'unknown database',
      () => open(targetOf('s2', 'nosuchwiki'), loginAs('admin')),
      /^1049 \(42000\): Unknown database 'nosuchwiki'$/,
    ],
    [
      'nobody listens',
      () => open(targetAt('127.0.0.1', 1), loginAs('research')),
      /^2002 \(HY000\): Can't connect to server on '127.0.0.1' \(115\)$/,
    ],
    [
      'unknown host',
      () => open({ ...targetAt('no.such', 3312), lookup: async () => [] }, loginAs('research')),
      /^2005 \(HY000\): Unknown server host 'no.such' \(-2\)$/,
    ],
    [
      'no socket file',
      () => open(targetAtSocket('/no/such.sock'), loginAs('research')),
      /^2002 \(HY000\): Can't connect to local server through socket '\/no\/such.sock' \(2\)$/,
    ],
    [
      'unknown character set',
      () => open(targetOf('s2'), loginAs('research', { characterSet: 'klingon' })),
      /^2019 \(00000\): Can't initialize character set klingon \(path: compiled_in\)$/,
    ],
  ])('%s', async (_name, connect, expected) => {
    expect(await errorOf(connect())).toMatch(expected);
  });

  it('tries the next endpoint when the first refuses', async () => {
    const { host, port, address } = inject('farm').places.s2;
    const target: Target = {
      ...targetAt(host, 1),
      address: {
        kind: 'tcp',
        endpoints: [
          { host, port: 1 },
          { host, port },
        ],
      },
      lookup: async () => [address],
    };
    const connection = await open(target, loginAs('research'));
    expect(connection.endpoint).toEqual({ host, port });
    connection.close();
  });
});

describe('statements', () => {
  it('run one after the other, errors between them', async () => {
    await using(open(targetOf('s2', 'itwiki'), loginAs('research')), async (it) => {
      expect(await rowsOf(it, 'select 1')).toEqual(['1']);
      expect(await errorOf(rowsOf(it, 'select nothing'))).toMatch(
        /^1054 \(42S22\): Unknown column/,
      );
      expect(await rowsOf(it, 'select 2; select 3')).toEqual(['2', '3']);
      expect(await errorOf(rowsOf(it, 'select 4; select nothing; select 5'))).toMatch(/^1054/);
      expect(await rowsOf(it, 'set @a = 1')).toEqual(['OK 0']);
    });
  });

  it('of 16 MB and more go out and come back whole', async () => {
    const login = loginAs('research', { maxAllowedPacket: 32 * 1024 * 1024 });
    await using(open(targetOf('staging'), login), async (it) => {
      const size = 0xffffff + 10;
      const [row] = await rowsOf(it, `select '${'x'.repeat(size)}'`);
      expect(row?.endsWith('x'.repeat(size))).toBe(true);
    });
  });

  it('that change the database: USE, or its error', async () => {
    await using(open(targetOf('s2', 'itwiki'), loginAs('admin')), async (it) => {
      await it.useDatabase(Buffer.from('mysql'));
      expect(await rowsOf(it, 'select database()')).toEqual(['mysql']);
      expect(await errorOf(it.useDatabase(Buffer.from('nosuchwiki')))).toMatch(/^1049 \(42000\)/);
    });
  });

  it('know the mode that decides how statements are read', async () => {
    await using(open(targetOf('s2'), loginAs('research')), async (it) => {
      expect(it.sqlMode).toEqual(defaultSqlMode);
      await rowsOf(it, "set sql_mode = 'NO_BACKSLASH_ESCAPES'");
      expect(it.sqlMode).toEqual({ noBackslashEscapes: true, ansiQuotes: false });
      await rowsOf(it, "set sql_mode = 'ORACLE'");
      expect(it.sqlMode).toEqual({ noBackslashEscapes: false, ansiQuotes: true });
      // An error does not take back what came before it in the same text.
      await errorOf(it.query(Buffer.from("set sql_mode = ''; select nothing"), ignoreResults));
      expect(it.sqlMode).toEqual(defaultSqlMode);
    });
  });

  it('end with 1927 or 2026 when the connection is killed, and 2006 afterwards', async () => {
    await using(open(targetOf('s2'), loginAs('admin')), async (it) => {
      const killed = errorOf(rowsOf(it, 'select sleep(20)'));
      await using(open(it.sameServer(), loginAs('admin')), (other) =>
        rowsOf(other, `kill ${it.threadId}`),
      );
      expect(await killed).toMatch(/^(1927|2026) /);
      expect(await errorOf(rowsOf(it, 'select 1'))).toMatch(/^(2026|2006) /);
      expect(await errorOf(rowsOf(it, 'select 1'))).toBe('2006 (HY000): Server has gone away');
    });
  });

  it.each(['row', 'takeRows'] as const)('fail with what the handler throws: %s', async (method) => {
    const handler = {
      ...ignoreResults,
      [method]: () => {
        throw new Error('no room');
      },
    };
    const sql = Buffer.from("select seq, repeat('x', 1000) from seq_1_to_1000");
    const connection = await open(targetOf('s2', 'itwiki'), loginAs('research'));
    await expect(connection.query(sql, handler)).rejects.toThrow('no room');
    connection.destroy();
  });

  it('hold the server back while the output is full', async () => {
    await using(open(targetOf('s2', 'itwiki'), loginAs('research')), async (it) => {
      let rows = 0;
      let release: () => void = () => {};
      const full = new Promise<void>((resolve) => {
        release = resolve;
      });
      const sql = "select repeat('x', 1000) from seq_1_to_50000";
      const done = it.query(Buffer.from(sql), {
        ok: () => {},
        resultSet: () => {},
        row: () => rows++,
        takeRows: leaveRows,
        endOfRows: () => {},
        pressure: () => full,
      });
      const state = `select state from information_schema.processlist where id = ${it.threadId}`;
      await using(open(it.sameServer(), loginAs('admin')), (other) =>
        vi.waitFor(async () => expect(await rowsOf(other, state)).toContain('Writing to net'), {
          timeout: 20_000,
        }),
      );
      const whileHeld = rows;
      release();
      await done;
      expect(rows).toBe(50_000);
      expect(whileHeld).toBeLessThan(1000);
    });
  });
});

function pathsOf(pair: object): { certificate: string; key: string } {
  const [certificate, key] = Object.values(pair) as [string, string];
  return { certificate, key };
}

describe('progress reports', () => {
  async function reportsOf(progressReports: boolean): Promise<string[]> {
    const login = loginAs('admin', { progressReports });
    return using(open(targetOf('s2', 'itwiki'), login), async (connection) => {
      const reports: string[] = [];
      const run = (sql: string) =>
        connection.query(Buffer.from(sql), {
          ...ignoreResults,
          progress: ({ stage, stages, what }) =>
            reports.push(`${stage} of ${stages} ${Buffer.from(what)}`),
        });
      await run('create temporary table long_one select seq from seq_1_to_30000');
      await run('alter table long_one engine=myisam, add key (seq)');
      return reports;
    });
  }

  it('come where the login asks for them', async () => {
    expect((await reportsOf(true))[0]).toBe('1 of 2 copy to tmp table');
  });

  it('and nowhere else', async () => {
    expect(await reportsOf(false)).toEqual([]);
  });
});
