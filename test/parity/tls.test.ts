import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { referenceArguments } from '../farm/reference-client.js';
import { clientArguments, program, runClient, runInBash, runOursWarm } from '../farm/run.js';
import { buildGreeting, echoAsError, startScriptedServer } from '../replica/scripted-server.js';
import { expectSame, type OutcomeDifference, runBoth, toComparable } from './compare.js';
import { makeOddCertificates, type ServerName, serverNames } from './odd-certificates.js';
import { startTlsProxy, type TlsProxy } from './tls-proxy.js';

const farm = inject('farm');
const { address, port, socket } = farm.endpoints.s2;
const directory = mkdtempSync(join(farm.directory, 'tls-'));
const proxies = new Map<ServerName | 'none', TlsProxy>();

/** Prints the cipher and TLS version of the connection. */
const queryArgs = ['-e', "show status like 'ssl_cipher'; show status like 'ssl_version'"];

beforeAll(async () => {
  makeOddCertificates(directory, farm, address);
  proxies.set('none', await startTlsProxy(address, port, undefined));
  for (const name of serverNames) {
    const [cert, key] = ['pem', 'key'].map((ext) =>
      readFileSync(join(directory, `${name}.${ext}`)),
    );
    proxies.set(name, await startTlsProxy(address, port, { cert, key }));
  }
});

afterAll(() => {
  for (const proxy of proxies.values()) proxy.close();
});

/** Runs both programs in the directory of the certificates and expects the same result. */
function expectSameTls(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  outcome?: OutcomeDifference,
): Promise<void> {
  return expectSame([...args, ...queryArgs], {
    cwd: directory,
    env,
    outcome,
    mask: unifyOpensslErrors,
  });
}

/**
 * Replaces error texts of OpenSSL that depend on its version, since the client and Node.js may use
 * different ones: 3.5 has another name for alerts (error 0A000410), and reports itself that no
 * version is allowed (0A0000BF), which 3.0 leaves to the server (0A00042E).
 */
function unifyOpensslErrors(text: string): string {
  return text
    .replace('sslv3 alert handshake failure', 'ssl/tls alert handshake failure')
    .replace('tlsv1 alert protocol version', 'no protocols available');
}

const encrypted = /Ssl_version\tTLSv1\.[23]/;
const unencrypted = /Ssl_version\t\n/;

/** A case in which clients since 11.8 differ from 10.11, whose behavior this program follows. */
const differsSince118 = (reason: string, client: RegExp, ours: RegExp): OutcomeDifference => ({
  since: '11.8',
  reason,
  client,
  ours,
});
const checksName = differsSince118(
  'the client checks the host name as soon as an authority is given',
  /Hostname verification failed/,
  encrypted,
);
const otherMessage = differsSince118(
  'the client prints another message',
  /Hostname verification failed/,
  /Validation of SSL server certificate failed/,
);
const checkedByPassword = differsSince118(
  'the client uses the password to check a certificate of an unknown authority',
  encrypted,
  /unable to get local issuer certificate|self-signed certificate|Validation of SSL/,
);
const plainRefused = differsSince118(
  '--skip-ssl after the verification option turns TLS off, but the proxy requires TLS',
  /Lost connection to server/,
  encrypted,
);
const checkedWithList = differsSince118(
  'a revocation list turns certificate verification on',
  /unable to get local issuer certificate/,
  encrypted,
);
/** Keys are the options, after the name of the server or test case if there is one. */
const differences: Record<string, OutcomeDifference> = {
  '--ssl-ca=ca.pem': checksName,
  '--ssl-ca=both.pem': checksName,
  '--ssl-capath=capath': checksName,
  '--ssl-capath=empty:capath': checksName,
  '--skip-ssl --ssl-capath=capath': checksName,
  '--tls-version=TLSv1.0,TLSv1.3': differsSince118(
    'the client ignores a gap between versions',
    encrypted,
    /no protocols available/,
  ),
  '--skip-ssl --tls-version=TLSv1.2': differsSince118(
    '--tls-version turns TLS on',
    encrypted,
    unencrypted,
  ),
  '--ssl-ca=ca.pem --ssl-verify-server-cert --skip-ssl': differsSince118(
    'a later --skip-ssl turns verification off',
    unencrypted,
    /self-signed certificate in certificate chain/,
  ),
  'none: --ssl-ca=ca.pem --ssl-verify-server-cert --skip-ssl': differsSince118(
    'a later --skip-ssl turns verification off',
    unencrypted,
    /SSL is required/,
  ),
  'other: --ssl-ca=ca.pem': checksName,
  'other: --ssl-ca=ca.pem --ssl-verify-server-cert': otherMessage,
  'Debian’s: --ssl-verify-server-cert': checkedByPassword,
  'Debian’s: --ssl-verify-server-cert --skip-ssl': {
    ...plainRefused,
    ours: /unable to get local issuer certificate/,
  },
  'SSL_CERT_FILE: --ssl-verify-server-cert --skip-ssl': plainRefused,
  'SSL_CERT_DIR: --ssl-verify-server-cert --skip-ssl': plainRefused,
  'revoked: --ssl-crl=crl.pem': checkedWithList,
  'revoked: --ssl-crlpath=crlpath': checkedWithList,
  // Observed with Debian 13: in some runs the client refuses the certificate, as this program does.
  'revoked: --ssl-crlpath=crlpath --ssl-crl=clean.pem --ssl-verify-server-cert': {
    ...checkedByPassword,
    isOccasional: true,
  },
  'socket: --ssl-ca=ca.pem --ssl-verify-server-cert': checkedByPassword,
};

/** Returns the options that connect to the proxy with that certificate. */
function proxyArgs(server: ServerName | 'none'): string[] {
  return ['-h', address, '-P', String(proxies.get(server)?.port)];
}

describe('handles files and values of the --ssl options as the client does', () => {
  it.each([
    '--ssl',
    '--skip-ssl',
    '--ssl-ca=ca.pem',
    '--ssl-ca=/no/such',
    '--ssl-ca=empty.pem',
    '--ssl-ca=capath',
    '--ssl-ca=selfSigned.pem',
    '--ssl-ca=both.pem',
    '--ssl-ca=',
    '--ssl-ca=crl.pem',
    '--ssl-capath=capath',
    '--ssl-capath=empty:capath',
    '--ssl-capath=empty',
    '--ssl-capath=/no/such',
    '--ssl-capath=',
    '--ssl-cert=client.pem',
    '--ssl-key=client.key',
    '--ssl-cert=client.pem --ssl-key=client.key',
    '--ssl-cert=client.pem --ssl-key=other.key',
    '--ssl-cert=client.key --ssl-key=client.pem',
    '--ssl-cert=client.pem --ssl-key=junk.pem',
    '--ssl-cert=client.pem --ssl-key=empty.pem',
    '--ssl-cert=junk.pem',
    '--ssl-cert=empty.pem',
    '--ssl-cert=capath',
    '--ssl-cert=/no/such',
    '--ssl-key=/no/such',
    '--ssl-cipher=AES128-SHA',
    '--ssl-cipher=bogus',
    '--ssl-cipher=TLS_AES_128_GCM_SHA256',
    '--ssl-cipher=TLS_AES_128_GCM_SHA256:AES128-SHA',
    '--ssl-cipher=ECDHE-ECDSA-AES128-GCM-SHA256 --tls-version=TLSv1.2',
    '--ssl-cipher=AES128-SHA --tls-version=TLSv1.2',
    '--ssl-cipher=',
    '--ssl-crl=/no/such',
    '--ssl-crl=junk.pem',
    '--ssl-crl=crl.pem',
    '--ssl-crl=',
    '--ssl-crlpath=crlpath',
    '--ssl-crlpath=/no/such',
    '--ssl-crlpath=',
    '--tls-version=TLSv1.2',
    '--tls-version=TLSv1.3',
    '--tls-version=TLSv1.1',
    '--tls-version=TLSv1.1,TLSv1.2',
    '--tls-version=TLSv1.0,TLSv1.3',
    '--tls-version=TLSv1.2foo',
    '--tls-version=tlsv1.2',
    '--tls-version=bogus',
    '--skip-ssl --ssl-cipher=AES128-SHA',
    '--skip-ssl --ssl-capath=capath',
    '--skip-ssl --tls-version=TLSv1.2',
    '--ssl-ca=ca.pem --ssl-verify-server-cert --skip-ssl',
  ])('%s', (options) => expectSameTls(options.split(' '), {}, differences[options]));

  it('a file without read permission', async () => {
    // As root, both programs can read it.
    const secret = join(directory, 'secret');
    mkdirSync(secret, { mode: 0 });
    for (const option of ['ca', 'cert', 'crl'])
      await expectSameTls([`--ssl-${option}=secret/x.pem`]);
  });
});

describe.each(serverNames)('with a server certificate of kind %s', (server) => {
  it.each(['--ssl', '--ssl-ca=ca.pem', '--ssl-ca=ca.pem --ssl-verify-server-cert'])(
    '%s',
    (options) =>
      expectSameTls(
        [...proxyArgs(server), ...options.split(' ')],
        {},
        differences[`${server}: ${options}`],
      ),
  );
});

describe('a server without TLS', () => {
  /** The names of the options that require TLS over TCP, as the message has them. */
  const requiring = ['ca', 'capath', 'cert', 'key', 'cipher', 'crl', 'crlpath'];
  const refusal = (option: string) =>
    'ERROR 2026 (HY000): TLS/SSL error: SSL is required, but the server does not support it; ' +
    `${option} requires it, use --skip-ssl to connect without\n`;
  const refused = (option: string) => ({ stdout: '', stderr: refusal(option), code: 1 });

  it.each([
    '--ssl',
    '--tls-version=TLSv1.3',
    '--ssl --tls-version=TLSv1.2,TLSv1.3',
    '--skip-ssl',
    '--ssl-ca=ca.pem --skip-ssl',
    '--ssl-key=/no/such --skip-ssl',
    '--ssl-cipher=AES128-SHA --ssl=0',
    '--ssl-verify-server-cert',
    '--ssl-ca=ca.pem --ssl-verify-server-cert',
    '--ssl-ca=ca.pem --ssl-verify-server-cert --skip-ssl',
  ])('is handled as by the client with %s', (options) =>
    expectSameTls(
      [...proxyArgs('none'), ...options.split(' ')],
      {},
      differences[`none: ${options}`],
    ),
  );

  it.each(
    requiring.flatMap((name) => [
      [`--ssl-${name}=/no/such`, `ssl-${name}`],
      [`--ssl-${name}=`, `ssl-${name}`],
      [`--skip-ssl --ssl-${name}=ca.pem`, `ssl-${name}`],
      [`--ssl-${name}=ca.pem --skip-ssl --ssl`, `ssl-${name}`],
    ]),
  )('is refused with %s, unlike by the client', async (options, name) => {
    const args = [...proxyArgs('none'), ...options.split(' '), '-e', 'select 1'];
    const { client, ours } = await runBoth(args, { cwd: directory });
    expect(ours).toMatchObject(refused(name));
    // Since 11.8 the client requires TLS, too, for some of these options.
    if (client.code === 0) expect(client.stdout).toBe('1\n1\n');
    else expect(client.stderr).toContain('ERROR 2026');
  });

  it.each(requiring)('is refused with ssl-%s in an option file', async (name) => {
    const file = join(directory, `${name}.cnf`);
    const { name: user, password } = farm.users.research;
    writeFileSync(file, `[client]\nuser=${user}\npassword=${password}\nssl-${name}=ca.pem\n`);
    const run = async (more: string[]) => {
      const args = [`--defaults-file=${file}`, ...proxyArgs('none'), ...more, '-e', 'select 1'];
      const { stdout, stderr, code } = await runOursWarm(args, { cwd: directory });
      return { stdout: stdout.toString(), stderr, code };
    };
    expect(await run([])).toEqual(refused(`ssl-${name}`));
    expect(await run(['--skip-ssl'])).toEqual({ stdout: '1\n1\n', stderr: '', code: 0 });
  });

  it('receives nothing before it is refused', async () => {
    const received: string[] = [];
    const record = (payload: Buffer) => {
      received.push(payload.toString('hex'));
      return echoAsError(payload);
    };
    const server = await startScriptedServer([buildGreeting(), record]);
    try {
      const endpoint = ['-h', '127.0.0.1', '-P', String(server.port)];
      for (const name of requiring) {
        const args = ['-uresearch', '-psecret', `--ssl-${name}=ca.pem`, '-e', 'select 1'];
        const { stderr } = await runOursWarm([...endpoint, ...args], { cwd: directory });
        expect(stderr).toBe(refusal(`ssl-${name}`));
      }
      expect(received).toEqual([]);
      await runOursWarm([...endpoint, '-uresearch', '-psecret', '-e', 'select 1']);
      expect(received).toHaveLength(1);
    } finally {
      server.close();
    }
  });

  it('is refused in the other modes, too', async () => {
    const login = [...clientArguments('s2'), ...proxyArgs('none'), '--ssl-ca=ca.pem'];
    for (const args of [
      ['-e', 'connect itwiki'],
      ['--wikis', 'itwiki', '--retries=0', '-e', 'select 1'],
    ]) {
      const { stderr, stdout } = await runOursWarm([...login, ...args], { cwd: directory });
      expect({ stdout: stdout.toString(), stderr }).toEqual({
        stdout: '',
        stderr: expect.stringContaining(refusal('ssl-ca').slice('ERROR 2026 (HY000): '.length, -1)),
      });
    }
  });

  it('is accepted through a socket file', async () => {
    const path = join(directory, 'plain.sock');
    const forward = createServer((client) => {
      const server = connect(proxies.get('none')?.port ?? 0, address);
      for (const socket of [client, server]) socket.on('error', () => {});
      client.pipe(server).pipe(client);
    });
    forward.listen(path);
    await once(forward, 'listening');
    try {
      for (const name of requiring) {
        await expectSameTls(['-h', 'localhost', '-S', path, `--ssl-${name}=ca.pem`]);
      }
    } finally {
      forward.close();
    }
  });
});

describe('uses the authorities of the system if no option gives one', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['Debian’s', { SSL_CERT_FILE: undefined }],
    ['SSL_CERT_FILE', { SSL_CERT_FILE: 'ca.pem' }],
    ['SSL_CERT_DIR', { SSL_CERT_FILE: undefined, SSL_CERT_DIR: 'empty:capath' }],
  ])('%s', async (name, env) => {
    for (const options of ['--ssl-verify-server-cert', '--ssl-verify-server-cert --skip-ssl']) {
      await expectSameTls(
        [...proxyArgs('good'), ...options.split(' ')],
        env,
        differences[`${name}: ${options}`],
      );
    }
  });
});

describe('handles revocation lists as the client does', () => {
  it.each([
    '--ssl-crl=crl.pem',
    '--ssl-crl=clean.pem',
    '--ssl-crl=ca.pem',
    '--ssl-crlpath=crlpath',
    '--ssl-crlpath=empty',
    '--ssl-crlpath=crlpath --ssl-crl=clean.pem --ssl-verify-server-cert',
  ])('%s', async (options) => {
    for (const server of ['good', 'revoked'] as const) {
      await expectSameTls([...proxyArgs(server), '--ssl-ca=ca.pem', ...options.split(' ')]);
    }
    await expectSameTls(
      [...proxyArgs('revoked'), ...options.split(' ')],
      {},
      differences[`revoked: ${options}`],
    );
  });
});

describe('verifies the name localhost through a socket', () => {
  it.each([
    '--ssl',
    '--skip-ssl',
    '--ssl-ca=ca.pem',
    '--ssl-ca=selfSigned.pem',
    '--ssl-ca=ca.pem --ssl-verify-server-cert',
  ])('%s', (options) => {
    const args = ['-h', 'localhost', '-S', socket, ...options.split(' ')];
    return expectSameTls(args, {}, differences[`socket: ${options}`]);
  });
});

it('logs in to an account that requires a client certificate', async () => {
  const { name, password } = farm.users.certificateOnly;
  const login = [`-u${name}`, `-p${password}`];
  await expectSameTls(login);
  await expectSameTls([...login, '--ssl-cert=client.pem', '--ssl-key=client.key']);
});

describe('a private key with a passphrase', () => {
  const { name, password } = farm.users.certificateOnly;
  const passphrase = 'geheim ü';
  beforeAll(() => {
    const key = createPrivateKey(readFileSync(join(directory, 'client.key')));
    const encryption = { format: 'pem', cipher: 'aes-128-cbc', passphrase } as const;
    const write = (file: string, text: string | Buffer) =>
      writeFileSync(join(directory, file), text);
    write('pkcs8.key', key.export({ type: 'pkcs8', ...encryption }));
    write('sec1.key', key.export({ type: 'sec1', ...encryption }));
    write(
      'both.key',
      Buffer.concat([
        readFileSync(join(directory, 'client.pem')),
        readFileSync(join(directory, 'pkcs8.key')),
      ]),
    );
  });

  /** A process in a new session has no terminal, so that the passphrase is read from standard input. */
  const expectSameWithoutTerminal = async (line: string, input: string, wiki = 'itwiki') => {
    const login = [
      '--no-defaults',
      '-h',
      address,
      '-P',
      String(port),
      `-u${name}`,
      `-p${password}`,
    ];
    const args = [...login, ...line.split(' '), wiki, ...queryArgs];
    const run = async (command: string, words: string[]) => {
      const quoted = ['setsid', '-w', command, ...words].map(
        (word) => `'${word.replaceAll("'", `'\\''`)}'`,
      );
      const options = { input, cwd: directory, env: { HOME: directory } };
      return toComparable(await runInBash(quoted.join(' '), options).ended);
    };
    expect(await run(program, args)).toEqual(await run('mariadb', referenceArguments(args)));
  };

  it.each([
    '--ssl-cert=client.pem --ssl-key=pkcs8.key',
    '--ssl-cert=client.pem --ssl-key=sec1.key',
    '--ssl-cert=both.key',
    '--ssl-key=both.key',
    '--ssl-cert=client.pem --ssl-key=pkcs8.key --skip-ssl',
  ])('%s', async (line) => {
    for (const typed of [`${passphrase}\n`, 'wrong\n', '\n'])
      await expectSameWithoutTerminal(line, typed);
  });

  it('is asked for once for many wikis', async () => {
    const words = ['--ssl-cert=client.pem', '--ssl-key=pkcs8.key', '--wikis', 'itwiki,frwiki'];
    const login = [`-u${name}`, `-p${password}`];
    const line = [
      'setsid',
      '-w',
      program,
      '--no-defaults',
      ...login,
      ...words,
      '-e',
      "'do 1'",
    ].join(' ');
    const { stderr } = await runInBash(line, { input: `${passphrase}\n`, cwd: directory }).ended;
    expect(stderr.match(/Enter PEM pass phrase:/g)).toHaveLength(1);
    expect(stderr).toContain('2 wikis ok');
  });
});

it('the proxies present the intended certificates', async () => {
  const run = async (server: ServerName | 'none') => {
    const args = [
      ...proxyArgs(server),
      '--ssl-ca=ca.pem',
      '--ssl-verify-server-cert',
      ...queryArgs,
    ];
    const { stdout, stderr } = await runClient('s2', args, { cwd: directory });
    return stderr || stdout.toString();
  };
  expect(await run('none')).toContain('SSL is required');
  expect(await run('good')).toContain('TLSv1.3');
  expect(await run('expired')).toContain('certificate has expired');
});
