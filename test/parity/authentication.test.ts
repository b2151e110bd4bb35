import { constants, createPrivateKey, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { clientArguments, runClient, runOursWarm } from '../farm/run.js';
import {
  buildAuthSwitch,
  buildError,
  buildGreeting,
  buildPacket,
  echoAsError,
  okPayload,
  type ScriptedServer,
  type Step,
  scramble,
  startScriptedServer,
} from '../replica/scripted-server.js';
import { type ClientDifference, expectSame, obsoleteWarning, withoutPlugin } from './compare.js';
import { startTlsTerminator } from './tls-proxy.js';

const servers: ScriptedServer[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Expects the same result from both programs on a server that replays these steps for each. */
async function expectSameOnServer(
  steps: Step[],
  args: string[] = [],
  input = '',
  differences: ClientDifference[] = [],
): Promise<void> {
  const server = await startScriptedServer(steps);
  servers.push(server);
  // The client sends a password in clear text on any connection.
  const login = ['-uresearch', '-psecret', '--enable-cleartext-plugin'];
  const endpoint = ['-h', '127.0.0.1', '-P', String(server.port), ...login];
  const all = [obsoleteWarning, ...differences];
  await expectSame([...endpoint, ...args, '-e', 'select 1'], { input, differences: all });
}

/** Some client versions accept only the authentication plugins of their list, whatever is in it. */
const restrictedPlugins = (ours: string): ClientDifference => ({
  since: '11.8',
  reason: 'its list of authentication plugins does not contain this one',
  client:
    /ERROR 5010 \(HY000\): Authentication plugin '.*' couldn't be found in restricted_auth plugin list\./,
  ours,
});

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Reports the encrypted password that the client sent, decrypted as the server would see it. */
const echoDecrypted = (sent: Buffer): Buffer => {
  try {
    const key = createPrivateKey(privateKey);
    const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
    const scrambled = privateDecrypt(options, sent);
    return echoAsError(Buffer.from(scrambled.map((byte, i) => byte ^ (scramble[i % 20] ?? 0))));
  } catch {
    return echoAsError(sent);
  }
};
/** An AuthMoreData packet. */
const buildAuthMoreData = (data: Buffer | string): Buffer =>
  Buffer.concat([Buffer.of(1), Buffer.from(data)]);
const withNul = Buffer.concat([scramble, Buffer.of(0)]);
/** Sends the public key if the client asks for it, which it does with a single byte. */
const sendKey = (sent: Buffer): Buffer =>
  sent.length === 1 ? buildAuthMoreData(publicKey) : echoAsError(sent);

const fastAuthThenError = Buffer.concat([
  buildPacket(4, buildAuthMoreData('\x03')),
  buildPacket(5, buildError(1045, 'no', '28000')),
]);

const passwords: [string, string[]][] = [
  ['a password', []],
  ['no password', ['--skip-password']],
  ['a password outside ASCII', ['-pgeheim ü']],
];

describe.each(passwords)(
  'sends the client’s bytes to a server that switches the plugin, with %s',
  (_name, args) => {
    it.each<[string, Step[]]>([
      ['mysql_native_password', [buildAuthSwitch('mysql_native_password', withNul), echoAsError]],
      ['client_ed25519', [buildAuthSwitch('client_ed25519', 'x'.repeat(32)), echoAsError]],
      [
        'client_ed25519, followed by a NUL',
        [buildAuthSwitch('client_ed25519', `${'x'.repeat(32)}\0`), echoAsError],
      ],
      ['mysql_clear_password', [buildAuthSwitch('mysql_clear_password', ''), echoAsError]],
      ['caching_sha2_password', [buildAuthSwitch('caching_sha2_password', withNul), echoAsError]],
      [
        'caching_sha2_password that the server has not cached',
        [
          buildAuthSwitch('caching_sha2_password', withNul),
          buildAuthMoreData('\x04'),
          sendKey,
          echoDecrypted,
        ],
      ],
      [
        'caching_sha2_password that the server has cached',
        [buildAuthSwitch('caching_sha2_password', withNul), { raw: fastAuthThenError }],
      ],
      ['sha256_password', [buildAuthSwitch('sha256_password', withNul), sendKey, echoDecrypted]],
      ['dialog', [buildAuthSwitch('dialog', '\x05Password: '), echoAsError]],
      [
        'dialog, followed by an error',
        [buildAuthSwitch('dialog', '\x04Password: '), buildError(1045, 'no', '28000')],
      ],
      ['nosuch', [buildAuthSwitch('nosuch', 'x'), echoAsError]],
      ['a name with a slash', [buildAuthSwitch('../x', 'x'), echoAsError]],
      [
        'mysql_clear_password, and sends more data',
        [buildAuthSwitch('mysql_clear_password', ''), buildAuthMoreData('x'), echoAsError],
      ],
      ['auth_gssapi_client', [buildAuthSwitch('auth_gssapi_client', 'x'), echoAsError]],
    ])('%s', (_plugin, steps) => expectSameOnServer([buildGreeting(), ...steps], args));
  },
);

/** Starts a server with TLS or a socket file, which runs the steps after the client's response. */
async function startPrivateServer(
  connection: 'tls' | 'socket',
  steps: Step[],
): Promise<{ args: string[]; close(): void }> {
  const inner = await startScriptedServer([buildGreeting(), ...steps]);
  servers.push(inner);
  if (connection === 'tls') {
    const { cert, key } = inject('farm').clientCertificate;
    const identity = { cert: readFileSync(cert), key: readFileSync(key) };
    const proxy = await startTlsTerminator(inner.port, identity);
    return { args: ['-h', '127.0.0.1', '-P', String(proxy.port)], close: () => proxy.close() };
  }
  const path = join(mkdtempSync(join(inject('farm').directory, 'private-')), 'socket');
  const forward = createServer((client) => {
    const server = connect(inner.port, '127.0.0.1');
    for (const socket of [client, server]) socket.on('error', () => {});
    client.pipe(server).pipe(client);
  });
  forward.listen(path);
  await once(forward, 'listening');
  return { args: ['-h', 'localhost', '-S', path], close: () => forward.close() };
}

describe('a server whose greeting names another plugin', () => {
  it.each(['mysql_clear_password', 'caching_sha2_password', 'sha256_password', 'nosuch'])(
    '%s',
    (plugin) => expectSameOnServer([buildGreeting(plugin), buildError(1045, 'no', '28000')]),
  );

  it('an empty name', () =>
    expectSameOnServer([buildGreeting(''), buildError(1045, 'no', '28000')], [], '', [
      restrictedPlugins('ERROR 1045 (28000): no'),
    ]));
});

describe('a server that asks questions with the dialog plugin', () => {
  it.each<[string, Step[]]>([
    ['a question with echo', [buildAuthSwitch('dialog', '\x03Name: '), echoAsError]],
    ['an empty question', [buildAuthSwitch('dialog', ''), echoAsError]],
  ])('%s', (_name, steps) =>
    expectSameOnServer([buildGreeting(), ...steps], [], 'answer\nsecond\n'),
  );
});

/** An AuthNextFactor packet. */
const buildNextFactor = (plugin: string, data: Buffer | string): Buffer =>
  Buffer.concat([Buffer.of(2), Buffer.from(`${plugin}\0`), Buffer.from(data)]);

/** The greeting of a server that offers a second factor (MULTI_FACTOR_AUTHENTICATION). */
const greetingWithFactors = (() => {
  const greeting = buildGreeting();
  const capabilities = greeting.indexOf(0) + 1 + 4 + 8 + 1;
  const upper = capabilities + 2 + 1 + 2;
  greeting.writeUInt16LE(greeting.readUInt16LE(upper) | (1 << 12), upper);
  return greeting;
})();

describe.each([
  ['a server', buildGreeting()],
  ['a server that offers it', greetingWithFactors],
])('gives no second factor to %s', (_name, greeting) => {
  const toNative = buildAuthSwitch('mysql_native_password', withNul);
  it.each<[string, Step[]]>([
    ['mysql_clear_password', [buildNextFactor('mysql_clear_password', '')]],
    ['mysql_native_password', [buildNextFactor('mysql_native_password', withNul)]],
    ['client_ed25519', [buildNextFactor('client_ed25519', 'x'.repeat(32))]],
    ['dialog', [buildNextFactor('dialog', '\x05Password: ')]],
    ['sha256_password', [buildNextFactor('sha256_password', withNul)]],
    ['nosuch', [buildNextFactor('nosuch', '')]],
    ['after another plugin', [toNative, buildNextFactor('mysql_clear_password', '')]],
    [
      'after a password in clear text',
      [buildAuthSwitch('mysql_clear_password', ''), buildNextFactor('mysql_clear_password', '')],
    ],
    ['twice', [toNative, toNative, buildNextFactor('mysql_native_password', withNul)]],
    ['in a truncated packet', [Buffer.of(2)]],
  ])('%s', async (_case, steps) => {
    await expectSameOnServer([greeting, ...steps, echoAsError]);
    await expectSameOnServer([greeting, ...steps, echoAsError], ['--skip-password']);
  });
});

describe('sends a password in clear text only over TLS or a socket file', () => {
  const text = (plugin: string, form = 'unencrypted') =>
    `ERROR 2059 (HY000): Authentication plugin '${plugin}' would send the password ${form}: ` +
    'use TLS or a socket file, or --enable-cleartext-plugin to send it anyway\n';
  const cases: [string, string, Buffer][] = [
    ['mysql_clear_password', 'mysql_clear_password', buildAuthSwitch('mysql_clear_password', '')],
    ['dialog with a password', 'dialog', buildAuthSwitch('dialog', '\x05Password: ')],
    ['dialog with a visible answer', 'dialog', buildAuthSwitch('dialog', '\x03Name: ')],
    ['dialog without a question', 'dialog', buildAuthSwitch('dialog', '')],
  ];
  const runOn = async (steps: Step[], args: string[]) => {
    const received: Buffer[] = [];
    const record = (payload: Buffer) => {
      received.push(payload);
      return echoAsError(payload);
    };
    const server = await startScriptedServer([...steps, record]);
    servers.push(server);
    const endpoint = ['-h', '127.0.0.1', '-P', String(server.port), '-uresearch', '-psecret'];
    const { stdout, stderr } = await runOursWarm([...endpoint, ...args, '-e', 'select 1'], {
      input: 'answer\n',
    });
    return { received, stdout: stdout.toString(), stderr };
  };

  it.each(cases)('%s', async (_name, plugin, request) => {
    const steps = [buildGreeting(), request];
    for (const args of [[], ['--skip-ssl'], ['--ssl'], ['-C'], ['--default-auth', plugin]]) {
      expect(await runOn(steps, args)).toEqual({ received: [], stdout: '', stderr: text(plugin) });
    }
  });

  it.each(cases)('%s, when the greeting names the plugin', async (_name, plugin, request) => {
    const steps = [buildGreeting(plugin), request];
    expect(await runOn(steps, [])).toEqual({ received: [], stdout: '', stderr: text(plugin) });
  });

  it.each<[string, Step[], number]>([
    ['sha256_password', [buildAuthSwitch('sha256_password', withNul)], 0],
    [
      'caching_sha2_password',
      [buildAuthSwitch('caching_sha2_password', withNul), buildAuthMoreData('\x04')],
      0,
    ],
  ])('not with a key that the server sends: %s', async (plugin, steps, answers) => {
    const { received, stderr } = await runOn([buildGreeting(), ...steps], []);
    expect({ received: received.length, stderr }).toEqual({
      received: answers,
      stderr: text(plugin, 'encrypted with a key of unknown origin'),
    });
    expect(await runOn([buildGreeting(), ...steps], ['--skip-password'])).not.toMatchObject({
      stderr: expect.stringContaining('ERROR 2059'),
    });
  });

  it('in other modes, too', async () => {
    const request = buildAuthSwitch('mysql_clear_password', '');
    const { received, stderr } = await runOn(
      [buildGreeting(), request],
      ['--wikis=itwiki', '--retries=0'],
    );
    expect(received).toEqual([]);
    expect(stderr).toContain('--enable-cleartext-plugin to send it anyway');
  });

  it.each(cases)('%s, over TLS and through a socket file', async (_name, plugin, request) => {
    const sent = request.includes('Name') ? 'answer\0' : 'secret\0';
    const error = `ERROR 1045 (28000): received ${Buffer.from(sent).toString('hex')}\n`;
    for (const connection of ['tls', 'socket'] as const) {
      const server = await startPrivateServer(connection, [request, echoAsError]);
      const args = [...server.args, '-uresearch', '-psecret', '-e', 'select 1'];
      const { stderr } = await runOursWarm(args, { input: 'answer\n' });
      server.close();
      expect(stderr, `${plugin} with ${connection}`).toContain(error);
    }
  });

  it('enable-cleartext-plugin in an option file allows it', async () => {
    const file = join(mkdtempSync(join(inject('farm').directory, 'cleartext-')), 'x.cnf');
    writeFileSync(file, '[client]\nenable-cleartext-plugin\nuser=research\npassword=secret\n');
    const server = await startScriptedServer([
      buildGreeting(),
      buildAuthSwitch('mysql_clear_password', ''),
      echoAsError,
    ]);
    servers.push(server);
    const endpoint = ['-h', '127.0.0.1', '-P', String(server.port), '-e', 'select 1'];
    const { stderr } = await runOursWarm([`--defaults-file=${file}`, ...endpoint]);
    expect(stderr).toBe(
      `ERROR 1045 (28000): received ${Buffer.from('secret\0').toString('hex')}\n`,
    );
  });
});

describe('a server that refuses the connection', () => {
  it.each<[string, Step[]]>([
    ['has too many connections', [buildError(1040, 'Too many connections')]],
    [
      'has too many connections, with a SQL state',
      [buildError(1040, 'Too many connections', '08004')],
    ],
    [
      'blocks the host',
      [buildError(1129, "Host 'x' is blocked because of many connection errors")],
    ],
    ['does not know the host', [buildError(1130, "Host 'x' is not allowed to connect")]],
    ['refuses the user', [buildGreeting(), buildError(1045, 'Access denied', '28000')]],
    ['refuses, without a SQL state', [buildGreeting(), buildError(1045, 'Access denied')]],
    [
      'requires a new password',
      [buildGreeting(), buildError(1862, 'Your password has expired', 'HY000')],
    ],
    [
      'is a proxy without servers',
      [buildGreeting(), buildError(2002, 'No server available', 'HY000')],
    ],
    ['closes the connection at once', ['end']],
    ['closes the connection during the greeting', [{ raw: Buffer.of(50, 0, 0, 0, 10), end: true }]],
    ['closes the connection after the client’s response', [buildGreeting(), 'end']],
    [
      'closes the connection after the password',
      [buildGreeting(), buildAuthSwitch('mysql_native_password', withNul), 'end'],
    ],
    ['speaks protocol 9', [Buffer.from('\x093.20\0')]],
    ['speaks HTTP', [{ raw: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }]],
    ['sends an empty greeting', [Buffer.alloc(0)]],
    ['answers with an invalid packet', [buildGreeting(), Buffer.from('nonsense')]],
    ['accepts the login, then closes the connection', [buildGreeting(), okPayload, 'end']],
  ])('%s', async (_name, steps) => {
    await expectSameOnServer(steps);
    await expectSameOnServer(steps, ['--skip-ssl', '--skip-password']);
  });

  it('sends a greeting that ends after the version', async () => {
    const steps = [Buffer.from('\x0a10.11\0')];
    const text =
      "ERROR 2013 (HY000): Lost connection to server at 'reading authorization packet', system error: EAGAIN";
    await expectSameOnServer(steps, [], '', [restrictedPlugins(text)]);
    await expectSameOnServer(steps, ['--skip-ssl', '--skip-password'], '', [
      restrictedPlugins(text),
    ]);
  });

  it.each<[string, Step[]]>([
    ['never sends a greeting', [{ raw: Buffer.alloc(0) }]],
    ['never answers the login', [buildGreeting(), { raw: Buffer.alloc(0) }]],
  ])('%s', (_name, steps) => expectSameOnServer(steps, ['--connect-timeout=1']));
});

describe('logs in to a real server as the client does', () => {
  const { socket } = inject('farm').endpoints.s2;
  const { users } = inject('farm');
  const loginArgs = (name: string, password = '') => [`-u${name}`, password && `-p${password}`];
  const noPassword = ['--skip-password'];

  it.each<[string, string[]]>([
    ...Object.values(users).map(({ name, password }): [string, string[]] => [
      name,
      loginArgs(name, password),
    ]),
    ['a wrong password', loginArgs(users.research.name, 'wrong')],
    ['no password', [...loginArgs(users.research.name), ...noPassword]],
    ['a password for an account without one', loginArgs(users.noPassword.name, 'wrong')],
    ['an unknown user', loginArgs('nobody', 'wrong')],
    ['an unknown user without a password', ['-unobody', ...noPassword]],
    ['a name outside ASCII', ['-uü', ...noPassword]],
    ['a name with quotes', [`-ua'b"c`, ...noPassword]],
    ['a long name', [`-u${'x'.repeat(200)}`, ...noPassword]],
    ['a wrong password with ed25519', loginArgs(users.ed25519.name, 'wrong')],
    ['a wrong password of an account with an expired one', loginArgs(users.expired.name, 'wrong')],
    ['a wrong password of a locked account', loginArgs(users.locked.name, 'wrong')],
  ])('%s', async (name, args) => {
    const login = args.filter((word, i) => word !== '' || args[i - 1] === '-u');
    const mask = /^(an unknown user|a name|a long name)/.test(name)
      ? withoutPlugin
      : (text: string) => text;
    await expectSame([...login, '-e', 'select user(), current_user()'], { mask });
  });

  it.each([users.research, users.unixSocket, users.locked])(
    '$name through the socket',
    ({ name, password }) =>
      expectSame([
        ...['-h', 'localhost', '-S', socket],
        ...loginArgs(name, password).filter((word) => word !== ''),
        ...['-e', 'select user(), current_user()'],
      ]),
  );

  it('an expired password on a server that disconnects such accounts', async () => {
    const section = 's8';
    const { admin, expired } = users;
    const setDisconnect = (value: string) =>
      runClient(section, [
        ...loginArgs(admin.name, admin.password),
        ...['-e', `set global disconnect_on_expired_password = ${value}`],
      ]);
    await setDisconnect('on');
    for (const option of ['--connect-expired-password', '--skip-connect-expired-password']) {
      const login = loginArgs(expired.name, expired.password);
      await expectSame([...login, option, '-e', 'select 1'], { section });
    }
    await setDisconnect('off');
  });

  it.each(['itwiki', 'nosuchwiki', 'mysql', '', 'd'.repeat(100), 'a`b', 'ü'])(
    'the database %s',
    async (database) => {
      await expectSame(['-D', database, '-e', 'select database()']);
      await expectSame([`--database=${database}`, '-e', 'select database()', '--skip-ssl']);
    },
  );

  it.each(['mysql_native_password', 'client_ed25519', 'dialog', 'nosuch', '../x', ''])(
    '--default-auth=%s changes nothing',
    (plugin) => expectSame([`--default-auth=${plugin}`, '-e', 'select current_user()']),
  );

  it.each(['--compress', '-C', '--skip-compress', '-C --skip-ssl', '-C -h localhost'])(
    '%s',
    (options) =>
      expectSame([
        ...options.split(' '),
        ...['-S', socket, '--protocol=', '-e'],
        "show status like 'Compression'; select repeat('x', 100000) as x",
      ]),
  );
});

describe('reads a password without a terminal as the client does', () => {
  it.each<[string, string[], string]>([
    ['-p', ['-p'], 'readonly-4-all\n'],
    ['--password', ['--password'], 'readonly-4-all\n'],
    ['a wrong password', ['-p'], 'wrong\nselect 1;\n'],
    ['an empty password', ['-p'], '\nselect 1;\n'],
    ['empty input', ['-p'], ''],
    ['input without a newline', ['-p'], 'readonly-4-all'],
    ['CRLF', ['-p'], 'readonly-4-all\r\n'],
    ['-p followed by -pPASSWORD', ['-p', '-preadonly-4-all'], 'select 1;\n'],
    ['-pPASSWORD followed by -p', ['-preadonly-4-all', '-p'], 'readonly-4-all\n'],
    ['--password=', ['--password='], 'select 1;\n'],
    ['--skip-password', ['--skip-password'], 'select 1;\n'],
  ])('%s', (_name, args, input) => expectSame(args, { input }));

  it('uses the system user’s name if the name is empty', async () => {
    const { stderr, ...client } = await runClient('s2', ['-u', '', '-pwrong', '-e', 'select 1']);
    const ours = await runOursWarm([
      ...clientArguments('s2'),
      '-u',
      '',
      '-pwrong',
      '-e',
      'select 1',
    ]);
    // This program prints one more line, which says that no user name was found.
    const [error = ''] = ours.stderr.split('\n');
    expect({ ...ours, stderr: withoutPlugin(error) }).toEqual({
      ...client,
      stderr: withoutPlugin(stderr.trimEnd()),
    });
  });

  it('reads the password from MYSQL_PWD', async () => {
    const { name, password } = inject('farm').users.oddPassword;
    for (const MYSQL_PWD of [password, 'wrong', '']) {
      await expectSame([`-u${name}`, '--skip-password', '-e', 'select 1'], { env: { MYSQL_PWD } });
    }
  });
});
