import { describe, expect, inject, it, vi } from 'vitest';
import { takeNoRows } from '../../src/protocol/packets.js';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { ignoreResults, type ReplicaConnection } from '../../src/replica/connection.js';
import type { Target } from '../../src/target/target.js';
import { tlsWith } from '../examples.js';
import type { Users } from '../farm/users.js';
import {
  catchSqlError,
  loginAs,
  makeSectionTarget,
  makeSocketTarget,
  makeTcpTarget,
  openConnection,
  queryRows,
} from './open-connection.js';

const noTls = tlsWith({ enabled: false });

async function withConnection<T>(
  connectionPromise: Promise<ReplicaConnection>,
  callback: (connection: ReplicaConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectionPromise;
  try {
    return await callback(connection);
  } finally {
    connection.close();
  }
}

const cipherSql =
  "select variable_value <> '' from information_schema.session_status where variable_name = 'ssl_cipher'";

describe('a login', () => {
  it.each<keyof Users>(['research', 'tlsOnly', 'noPassword', 'oddPassword', 'admin'])(
    'works as %s',
    async (user) => {
      const rows = await withConnection(
        openConnection(makeSectionTarget('s2', 'itwiki'), loginAs(user)),
        (connection) => queryRows(connection, 'select current_user()'),
      );
      expect(rows).toEqual([`${inject('farm').users[user].name}@%`]);
    },
  );

  it('works with a client certificate', async () => {
    const { caFile, clientCertificate } = inject('farm');
    const { certificate, key } = getPaths(clientCertificate);
    const tls = tlsWith({ ca: caFile, cert: certificate, key });
    const login = loginAs('certificateOnly', { tls });
    const rows = await withConnection(openConnection(makeSectionTarget('s2'), login), (it) =>
      queryRows(it, 'select 1'),
    );
    expect(rows).toEqual(['1']);
  });

  it('works through a socket file', async () => {
    const socketPath = inject('farm').endpoints.s2.socket;
    const target = makeSocketTarget(socketPath);
    const rows = await withConnection(openConnection(target, loginAs('research')), (it) =>
      queryRows(it, 'select 1'),
    );
    expect(rows).toEqual(['1']);
  });

  it('uses TLS if the server offers it, but not with --skip-ssl', async () => {
    const tls = await withConnection(
      openConnection(makeSectionTarget('s2'), loginAs('research')),
      (it) => queryRows(it, cipherSql),
    );
    const login = loginAs('research', { tls: noTls });
    const plain = await withConnection(openConnection(makeSectionTarget('s2'), login), (it) =>
      queryRows(it, cipherSql),
    );
    expect([tls, plain]).toEqual([['1'], ['0']]);
  });

  it('checks the certificate and its host name if requested', async () => {
    const { caFile, endpoints } = inject('farm');
    const buildVerifyLogin = (ca: string | undefined) =>
      loginAs('research', { tls: tlsWith({ ca, verifyServerCert: true }) });
    const named = await withConnection(
      openConnection(makeSectionTarget('s2'), buildVerifyLogin(caFile)),
      (it) => queryRows(it, 'select 1'),
    );
    expect(named).toEqual(['1']);
    const wrongName = {
      ...makeTcpTarget('other.eqiad.wmnet', endpoints.s2.port),
      lookup: async () => [endpoints.s2.address],
    };
    expect(await catchSqlError(openConnection(wrongName, buildVerifyLogin(caFile)))).toBe(
      '2026 (HY000): TLS/SSL error: Validation of SSL server certificate failed',
    );
    expect(
      await catchSqlError(openConnection(makeSectionTarget('s2'), buildVerifyLogin(undefined))),
    ).toMatch(/^2026 \(HY000\): TLS\/SSL error: /);
    expect(
      await catchSqlError(
        openConnection(makeSectionTarget('s2'), buildVerifyLogin('/no/such.pem')),
      ),
    ).toBe('2026 (HY000): TLS/SSL error: No such file or directory (2)');
  });

  it('leaves no socket open if it fails', async () => {
    const sockets = () =>
      process.getActiveResourcesInfo().filter((name) => /TCP/.test(name)).length;
    const before = sockets();
    const { caFile, endpoints } = inject('farm');
    const wrongName = {
      ...makeTcpTarget('other.eqiad.wmnet', endpoints.s2.port),
      lookup: async () => [endpoints.s2.address],
    };
    const buildVerifyLogin = (ca: string | undefined) =>
      loginAs('research', { tls: tlsWith({ ca, verifyServerCert: true }) });
    const wrongKey = tlsWith({ cert: caFile, key: '/no/such' });
    const logins = [
      () =>
        openConnection(makeSectionTarget('s2'), loginAs('research', { characterSet: 'klingon' })),
      () => openConnection(makeSectionTarget('s2'), buildVerifyLogin(undefined)),
      () => openConnection(makeSectionTarget('s2'), buildVerifyLogin('/no/such.pem')),
      () => openConnection(wrongName, buildVerifyLogin(caFile)),
      () => openConnection(makeSectionTarget('s2'), loginAs('research', { tls: wrongKey })),
      () => openConnection(makeSectionTarget('s2'), loginAs('research', { password: 'wrong' })),
      () =>
        openConnection(
          makeSectionTarget('s2'),
          loginAs('research', { password: 'wrong', tls: noTls }),
        ),
    ];
    for (const login of logins) expect(await catchSqlError(login())).toMatch(/^(2019|2026|1045) /);
    // The server would close the connection after 10 seconds. Sockets of earlier tests may close,
    // too.
    await vi.waitFor(() => expect(sockets()).toBeLessThanOrEqual(before), { timeout: 3000 });
  });

  it('reports a missing key file', async () => {
    const tls = tlsWith({ cert: inject('farm').caFile, key: '/no/such' });
    // The client prints a different number each time.
    expect(
      await catchSqlError(openConnection(makeSectionTarget('s2'), loginAs('research', { tls }))),
    ).toBe("2026 (HY000): File '/no/such' not found (Errcode: 2)");
  });

  it('uses compression if requested', async () => {
    const login = loginAs('research', { compress: true });
    const rows = await withConnection(
      openConnection(makeSectionTarget('s2'), login),
      async (it) => [
        ...(await queryRows(it, "show status like 'Compression'")),
        ...(await queryRows(it, "select repeat('abc', 100000)")),
      ],
    );
    expect(rows[0]).toMatch(/ON$/);
    expect(rows[1]?.endsWith('abc'.repeat(100_000))).toBe(true);
  });

  it.each([
    // The default collation of a character set depends on the version of the server.
    ['utf8mb4', 'utf8mb4_(general|uca1400_ai)_ci'],
    ['utf8', 'utf8mb3_(general|uca1400_ai)_ci'],
    ['LATIN1', 'latin1_swedish_ci'],
    ['binary', 'binary'],
    ['koi8r', 'koi8r_general_ci'],
  ])('uses the character set %s', async (characterSet, collation) => {
    const login = loginAs('research', { characterSet });
    const rows = await withConnection(openConnection(makeSectionTarget('s2'), login), (it) =>
      queryRows(it, 'select @@collation_connection, @@character_set_client'),
    );
    expect(rows[0]).toMatch(new RegExp(collation));
  });
});

describe('the errors of a failed login are those of the client', () => {
  it.each<[string, () => Promise<ReplicaConnection>, RegExp]>([
    [
      'wrong password',
      () => openConnection(makeSectionTarget('s2'), loginAs('research', { password: 'wrong' })),
      /^1045 \(28000\): Access denied for user 'research'@'.*' \(using password: YES\)$/,
    ],
    [
      'TLS required but not used',
      () => openConnection(makeSectionTarget('s2'), loginAs('tlsOnly', { tls: noTls })),
      /^1045 \(28000\): Access denied for user 'tls_only'/,
    ],
    [
      'unknown database',
      () => openConnection(makeSectionTarget('s2', 'nosuchwiki'), loginAs('admin')),
      /^1049 \(42000\): Unknown database 'nosuchwiki'$/,
    ],
    [
      'closed port',
      () => openConnection(makeTcpTarget('127.0.0.1', 1), loginAs('research')),
      /^2002 \(HY000\): Can't connect to server on '127.0.0.1' \(115\)$/,
    ],
    [
      'unknown host',
      () =>
        openConnection(
          { ...makeTcpTarget('no.such', 3312), lookup: async () => [] },
          loginAs('research'),
        ),
      /^2005 \(HY000\): Unknown server host 'no.such' \(-2\)$/,
    ],
    [
      'no socket file',
      () => openConnection(makeSocketTarget('/no/such.sock'), loginAs('research')),
      /^2002 \(HY000\): Can't connect to local server through socket '\/no\/such.sock' \(2\)$/,
    ],
    [
      'unknown character set',
      () =>
        openConnection(makeSectionTarget('s2'), loginAs('research', { characterSet: 'klingon' })),
      /^2019 \(00000\): Can't initialize character set klingon \(path: compiled_in\)$/,
    ],
  ])('%s', async (_name, connect, expected) => {
    expect(await catchSqlError(connect())).toMatch(expected);
  });

  it('tries the next endpoint if the first refuses the connection', async () => {
    const { host, port, address } = inject('farm').endpoints.s2;
    const target: Target = {
      ...makeTcpTarget(host, 1),
      address: {
        kind: 'tcp',
        endpoints: [
          { host, port: 1 },
          { host, port },
        ],
      },
      lookup: async () => [address],
    };
    const connection = await openConnection(target, loginAs('research'));
    expect(connection.endpoint).toEqual({ host, port });
    connection.close();
  });
});

describe('statements', () => {
  it('run one after another, with errors between them', async () => {
    await withConnection(
      openConnection(makeSectionTarget('s2', 'itwiki'), loginAs('research')),
      async (it) => {
        expect(await queryRows(it, 'select 1')).toEqual(['1']);
        expect(await catchSqlError(queryRows(it, 'select nothing'))).toMatch(
          /^1054 \(42S22\): Unknown column/,
        );
        expect(await queryRows(it, 'select 2; select 3')).toEqual(['2', '3']);
        expect(await catchSqlError(queryRows(it, 'select 4; select nothing; select 5'))).toMatch(
          /^1054/,
        );
        expect(await queryRows(it, 'set @a = 1')).toEqual(['OK 0']);
      },
    );
  });

  it('of 16 MB and more are sent and received completely', async () => {
    const login = loginAs('research', { maxAllowedPacket: 32 * 1024 * 1024 });
    await withConnection(openConnection(makeSectionTarget('staging'), login), async (it) => {
      const size = 0xffffff + 10;
      const [row] = await queryRows(it, `select '${'x'.repeat(size)}'`);
      expect(row?.endsWith('x'.repeat(size))).toBe(true);
    });
  });

  it('that change the database succeed or report an error', async () => {
    await withConnection(
      openConnection(makeSectionTarget('s2', 'itwiki'), loginAs('admin')),
      async (it) => {
        await it.useDatabase(Buffer.from('mysql'));
        expect(await queryRows(it, 'select database()')).toEqual(['mysql']);
        expect(await catchSqlError(it.useDatabase(Buffer.from('nosuchwiki')))).toMatch(
          /^1049 \(42000\)/,
        );
      },
    );
  });

  it('update the sql_mode that determines how statements are parsed', async () => {
    await withConnection(
      openConnection(makeSectionTarget('s2'), loginAs('research')),
      async (it) => {
        expect(it.sqlMode).toEqual(defaultSqlMode);
        await queryRows(it, "set sql_mode = 'NO_BACKSLASH_ESCAPES'");
        expect(it.sqlMode).toEqual({ noBackslashEscapes: true, ansiQuotes: false });
        await queryRows(it, "set sql_mode = 'ORACLE'");
        expect(it.sqlMode).toEqual({ noBackslashEscapes: false, ansiQuotes: true });
        // An error does not undo the effect of earlier statements in the same text.
        await catchSqlError(
          it.query(Buffer.from("set sql_mode = ''; select nothing"), ignoreResults),
        );
        expect(it.sqlMode).toEqual(defaultSqlMode);
      },
    );
  });

  it('fail with 1927 or 2026 if the connection is killed, and with 2006 afterwards', async () => {
    await withConnection(openConnection(makeSectionTarget('s2'), loginAs('admin')), async (it) => {
      const killed = catchSqlError(queryRows(it, 'select sleep(20)'));
      await withConnection(openConnection(it.getServerTarget(), loginAs('admin')), (other) =>
        queryRows(other, `kill ${it.threadId}`),
      );
      expect(await killed).toMatch(/^(1927|2026) /);
      expect(await catchSqlError(queryRows(it, 'select 1'))).toMatch(/^(2026|2006) /);
      expect(await catchSqlError(queryRows(it, 'select 1'))).toBe(
        '2006 (HY000): Server has gone away',
      );
    });
  });

  it.each(['row', 'takeRows'] as const)(
    'fail with the error that the handler throws in %s',
    async (method) => {
      const handler = {
        ...ignoreResults,
        [method]: () => {
          throw new Error('no room');
        },
      };
      const sql = Buffer.from("select seq, repeat('x', 1000) from seq_1_to_1000");
      const connection = await openConnection(
        makeSectionTarget('s2', 'itwiki'),
        loginAs('research'),
      );
      await expect(connection.query(sql, handler)).rejects.toThrow('no room');
      connection.destroy();
    },
  );

  it('stop reading the server while the output is blocked', async () => {
    await withConnection(
      openConnection(makeSectionTarget('s2', 'itwiki'), loginAs('research')),
      async (it) => {
        let rows = 0;
        let release: () => void = () => {};
        const blocked = new Promise<void>((resolve) => {
          release = resolve;
        });
        const sql = "select repeat('x', 1000) from seq_1_to_50000";
        const done = it.query(Buffer.from(sql), {
          ok: () => {},
          resultSet: () => {},
          row: () => rows++,
          takeRows: takeNoRows,
          endOfRows: () => {},
          backPressure: () => blocked,
        });
        const state = `select state from information_schema.processlist where id = ${it.threadId}`;
        await withConnection(openConnection(it.getServerTarget(), loginAs('admin')), (other) =>
          vi.waitFor(
            async () => expect(await queryRows(other, state)).toContain('Writing to net'),
            {
              timeout: 20_000,
            },
          ),
        );
        const whileHeld = rows;
        release();
        await done;
        expect(rows).toBe(50_000);
        expect(whileHeld).toBeLessThan(1000);
      },
    );
  });
});

function getPaths(pair: object): { certificate: string; key: string } {
  const [certificate, key] = Object.values(pair) as [string, string];
  return { certificate, key };
}

describe('progress reports', () => {
  async function collectReports(progressReports: boolean): Promise<string[]> {
    const login = loginAs('admin', { progressReports });
    return withConnection(
      openConnection(makeSectionTarget('s2', 'itwiki'), login),
      async (connection) => {
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
      },
    );
  }

  it('arrive if the login requests them', async () => {
    expect((await collectReports(true))[0]).toBe('1 of 2 copy to tmp table');
  });

  it('do not arrive otherwise', async () => {
    expect(await collectReports(false)).toEqual([]);
  });
});
