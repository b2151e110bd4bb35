import { constants, createPrivateKey, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { clientArguments, runClient, runOurs } from '../farm/run.js';
import {
  error,
  greeting,
  ok,
  packet,
  type ScriptedServer,
  type Step,
  scramble,
  startScriptedServer,
  switchTo,
  tellHeard,
} from '../replica/scripted-server.js';
import { type ClientDifference, expectSame, withoutPlugin } from './compare.js';

const servers: ScriptedServer[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Compares on a server that does these steps for each of the two. */
async function sameAt(
  steps: Step[],
  args: string[] = [],
  input = '',
  differences: ClientDifference[] = [],
): Promise<void> {
  const server = await startScriptedServer(steps);
  servers.push(server);
  const place = ['-h', '127.0.0.1', '-P', String(server.port), '-uresearch', '-psecret'];
  await expectSame([...place, ...args, '-e', 'select 1'], { input, differences });
}

/** Clients of some versions take only the ways to log in that they list, whatever they may be. */
const restricted = (ours: string): ClientDifference => ({
  since: '11.8',
  reason: 'its list of ways to log in does not hold this one',
  client:
    /ERROR 5010 \(HY000\): Authentication plugin '.*' couldn't be found in restricted_auth plugin list\./,
  ours,
});

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Tells the password that was sent encrypted, as the server would see it. */
const tellDecrypted = (heard: Buffer): Buffer => {
  try {
    const key = createPrivateKey(privateKey);
    const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
    const mixed = privateDecrypt(options, heard);
    return tellHeard(Buffer.from(mixed.map((byte, i) => byte ^ (scramble[i % 20] ?? 0))));
  } catch {
    return tellHeard(heard);
  }
};
const more = (data: Buffer | string): Buffer => Buffer.concat([Buffer.of(1), Buffer.from(data)]);
const withNul = Buffer.concat([scramble, Buffer.of(0)]);
const askedForKey = (heard: Buffer): Buffer =>
  heard.length === 1 ? more(publicKey) : tellHeard(heard);

const remembered = Buffer.concat([packet(4, more('\x03')), packet(5, error(1045, 'no', '28000'))]);

const passwords: [string, string[]][] = [
  ['a password', []],
  ['none', ['--skip-password']],
  ['one outside ASCII', ['-pgeheim ü']],
];

describe.each(passwords)('what is sent to a server that asks in another way: %s', (_name, args) => {
  it.each<[string, Step[]]>([
    ['mysql_native_password', [switchTo('mysql_native_password', withNul), tellHeard]],
    ['client_ed25519', [switchTo('client_ed25519', 'x'.repeat(32)), tellHeard]],
    [
      'client_ed25519, a NUL behind',
      [switchTo('client_ed25519', `${'x'.repeat(32)}\0`), tellHeard],
    ],
    ['mysql_clear_password', [switchTo('mysql_clear_password', ''), tellHeard]],
    ['caching_sha2_password', [switchTo('caching_sha2_password', withNul), tellHeard]],
    [
      'caching_sha2_password that the server does not remember',
      [switchTo('caching_sha2_password', withNul), more('\x04'), askedForKey, tellDecrypted],
    ],
    [
      'caching_sha2_password that the server remembers',
      [switchTo('caching_sha2_password', withNul), { raw: remembered }],
    ],
    ['sha256_password', [switchTo('sha256_password', withNul), askedForKey, tellDecrypted]],
    ['dialog', [switchTo('dialog', '\x05Password: '), tellHeard]],
    ['dialog, then in', [switchTo('dialog', '\x04Password: '), error(1045, 'no', '28000')]],
    ['nosuch', [switchTo('nosuch', 'x'), tellHeard]],
    ['a name with a slash', [switchTo('../x', 'x'), tellHeard]],
    ['auth_gssapi_client', [switchTo('auth_gssapi_client', 'x'), tellHeard]],
  ])('%s', (_plugin, steps) => sameAt([greeting(), ...steps], args));
});

describe('a server whose greeting names another way', () => {
  it.each(['mysql_clear_password', 'caching_sha2_password', 'sha256_password', 'nosuch'])(
    '%s',
    (plugin) => sameAt([greeting(plugin), error(1045, 'no', '28000')]),
  );

  it('none', () =>
    sameAt([greeting(''), error(1045, 'no', '28000')], [], '', [
      restricted('ERROR 1045 (28000): no'),
    ]));
});

describe('dialog asks', () => {
  it.each<[string, Step[]]>([
    ['with echo', [switchTo('dialog', '\x03Name: '), tellHeard]],
    ['nothing', [switchTo('dialog', ''), tellHeard]],
  ])('%s', (_name, steps) => sameAt([greeting(), ...steps], [], 'answer\nsecond\n'));
});

describe('a server that does not let us in', () => {
  it.each<[string, Step[]]>([
    ['is full', [error(1040, 'Too many connections')]],
    ['is full, with a SQL state', [error(1040, 'Too many connections', '08004')]],
    ['blocks the host', [error(1129, "Host 'x' is blocked because of many connection errors")]],
    ['does not know the host', [error(1130, "Host 'x' is not allowed to connect")]],
    ['refuses the user', [greeting(), error(1045, 'Access denied', '28000')]],
    ['refuses, without a SQL state', [greeting(), error(1045, 'Access denied')]],
    ['wants a new password', [greeting(), error(1862, 'Your password has expired', 'HY000')]],
    ['is a proxy without servers', [greeting(), error(2002, 'No server available', 'HY000')]],
    ['hangs up at once', ['end']],
    ['hangs up in the greeting', [{ raw: Buffer.of(50, 0, 0, 0, 10), end: true }]],
    ['hangs up after our answer', [greeting(), 'end']],
    [
      'hangs up after our password',
      [greeting(), switchTo('mysql_native_password', withNul), 'end'],
    ],
    ['speaks protocol 9', [Buffer.from('\x093.20\0')]],
    ['speaks HTTP', [{ raw: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }]],
    ['greets with nothing', [Buffer.alloc(0)]],
    ['answers nonsense', [greeting(), Buffer.from('nonsense')]],
    ['lets us in, then hangs up', [greeting(), ok, 'end']],
  ])('%s', async (_name, steps) => {
    await sameAt(steps);
    await sameAt(steps, ['--skip-ssl', '--skip-password']);
  });

  it('greets in short', async () => {
    const steps = [Buffer.from('\x0a10.11\0')];
    const text =
      "ERROR 2013 (HY000): Lost connection to server at 'reading authorization packet', system error: EAGAIN";
    await sameAt(steps, [], '', [restricted(text)]);
    await sameAt(steps, ['--skip-ssl', '--skip-password'], '', [restricted(text)]);
  });

  it.each<[string, Step[]]>([
    ['never greets', [{ raw: Buffer.alloc(0) }]],
    ['never answers', [greeting(), { raw: Buffer.alloc(0) }]],
  ])('%s', (_name, steps) => sameAt(steps, ['--connect-timeout=1']));
});

describe('accounts of a real server', () => {
  const { socket } = inject('farm').places.s2;
  const { users } = inject('farm');
  const as = (name: string, password = '') => [`-u${name}`, password && `-p${password}`];
  const none = ['--skip-password'];

  it.each<[string, string[]]>([
    ...Object.values(users).map(({ name, password }): [string, string[]] => [
      name,
      as(name, password),
    ]),
    ['a wrong password', as(users.research.name, 'wrong')],
    ['no password', [...as(users.research.name), ...none]],
    ['a password that nobody asked for', as(users.noPassword.name, 'wrong')],
    ['nobody', as('nobody', 'wrong')],
    ['nobody without a password', ['-unobody', ...none]],
    ['a name outside ASCII', ['-uü', ...none]],
    ['a name with quotes', [`-ua'b"c`, ...none]],
    ['a long name', [`-u${'x'.repeat(200)}`, ...none]],
    ['a wrong password of ed25519', as(users.ed25519.name, 'wrong')],
    ['a wrong password, expired', as(users.expired.name, 'wrong')],
    ['a wrong password, locked', as(users.locked.name, 'wrong')],
  ])('%s', async (name, args) => {
    const login = args.filter((word, i) => word !== '' || args[i - 1] === '-u');
    const mask = /^(nobody|a name|a long name)/.test(name) ? withoutPlugin : (text: string) => text;
    await expectSame([...login, '-e', 'select user(), current_user()'], { mask });
  });

  it.each([users.research, users.unixSocket, users.locked])(
    '$name through the socket',
    ({ name, password }) =>
      expectSame([
        ...['-h', 'localhost', '-S', socket],
        ...as(name, password).filter((word) => word !== ''),
        ...['-e', 'select user(), current_user()'],
      ]),
  );

  it('an expired password where the server lets nobody in with one', async () => {
    const section = 's8';
    const { admin, expired } = users;
    const set = (value: string) =>
      runClient(section, [
        ...as(admin.name, admin.password),
        ...['-e', `set global disconnect_on_expired_password = ${value}`],
      ]);
    await set('on');
    for (const option of ['--connect-expired-password', '--skip-connect-expired-password']) {
      const login = as(expired.name, expired.password);
      await expectSame([...login, option, '-e', 'select 1'], { section });
    }
    await set('off');
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

describe('a password that is asked for, without a terminal', () => {
  it.each<[string, string[], string]>([
    ['-p', ['-p'], 'readonly-4-all\n'],
    ['--password', ['--password'], 'readonly-4-all\n'],
    ['a wrong one', ['-p'], 'wrong\nselect 1;\n'],
    ['an empty one', ['-p'], '\nselect 1;\n'],
    ['nothing to read', ['-p'], ''],
    ['no newline', ['-p'], 'readonly-4-all'],
    ['CRLF', ['-p'], 'readonly-4-all\r\n'],
    ['a given one behind it', ['-p', '-preadonly-4-all'], 'select 1;\n'],
    ['it behind a given one', ['-preadonly-4-all', '-p'], 'readonly-4-all\n'],
    ['--password=', ['--password='], 'select 1;\n'],
    ['--skip-password', ['--skip-password'], 'select 1;\n'],
  ])('%s', (_name, args, input) => expectSame(args, { input }));

  it('without a name it is the system’s', async () => {
    const { stderr, ...client } = await runClient('s2', ['-u', '', '-pwrong', '-e', 'select 1']);
    const ours = await runOurs([...clientArguments('s2'), '-u', '', '-pwrong', '-e', 'select 1']);
    // One more line says that no name was found.
    const [told = ''] = ours.stderr.split('\n');
    expect({ ...ours, stderr: withoutPlugin(told) }).toEqual({
      ...client,
      stderr: withoutPlugin(stderr.trimEnd()),
    });
  });

  it('MYSQL_PWD', async () => {
    const { name, password } = inject('farm').users.oddPassword;
    for (const MYSQL_PWD of [password, 'wrong', '']) {
      await expectSame([`-u${name}`, '--skip-password', '-e', 'select 1'], { env: { MYSQL_PWD } });
    }
  });
});
