import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runClient, runInBash } from '../farm/run.js';
import {
  buildAuthSwitch,
  buildGreeting,
  echoAsError,
  type ScriptedServer,
  type Step,
  scramble,
  startScriptedServer,
} from '../replica/scripted-server.js';
import {
  asUser,
  type ClientDifference,
  type ComparableRun,
  obsoleteWarning,
  toComparable,
  withoutDifferences,
  withoutPlugin,
} from './compare.js';

/*
 * Passwords and names that are not UTF-8: both programs send the same bytes. bash passes them, since
 * Node.js passes only UTF-8 to another program.
 */

const { directory, endpoints } = inject('farm');
const { address, port } = endpoints.s2;
const place = mkdtempSync(join(directory, 'bytes-'));

/** "pä 'ß" in latin1, and two bytes that are not valid in UTF-8 there. */
const password = Buffer.from("p\xe4 '\xdf\xff\xc3", 'latin1');
/** The same for bash. */
const quotedPassword = "$'p\\xe4 \\'\\xdf\\xff\\xc3'";
const passwordLine = Buffer.concat([Buffer.from('password="'), password, Buffer.from('"')]);
const user = 'bytes_password';
const queryUser = `-u${user} -e 'select current_user()'`;
const endpoint = `-h ${address} -P ${port} --default-character-set=utf8mb4`;

const runAsAdmin = async (sql: string) => {
  const { stderr } = await runClient('s2', [...asUser('admin'), '-e', sql]);
  expect(stderr).toBe('');
};

const servers: ScriptedServer[] = [];

beforeAll(() => {
  const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest();
  const hash = `*${sha1(sha1(password)).toString('hex')}`;
  return runAsAdmin(
    `create or replace user ${user}@'%' identified via mysql_native_password using '${hash}'`,
  );
});

afterAll(async () => {
  for (const server of servers) server.close();
  await runAsAdmin(`drop user ${user}@'%'`);
});

/** Returns the option `--defaults-file` of a new file with these lines. */
function optionFile(name: string, ...lines: (string | Buffer)[]): string {
  const path = join(place, `${name}.cnf`);
  const parts = ['[client]', ...lines].flatMap((line) => [Buffer.from(line), Buffer.from('\n')]);
  writeFileSync(path, Buffer.concat(parts));
  return `--defaults-file=${path}`;
}

/** Adds the option of referenceArguments that some client versions need, unless all are printed. */
function withReferenceOption(line: string): string {
  if (line.includes('--print-defaults')) return line;
  const first = /\$program(?: --(?:no-defaults|defaults-file=\S+))?/;
  return line.replace(first, '$& --disable-ssl-verify-server-cert');
}

/** Runs a command line with each program as `$program`, and expects the same result. */
async function expectSameLine(
  line: string,
  input?: Buffer,
  differences: ClientDifference[] = [],
): Promise<ComparableRun> {
  const options = { env: { MYSQL_PWD: undefined }, ...(input !== undefined && { input }) };
  const run = async (program: string, words: string) =>
    toComparable(await runInBash(`program=${program}; ${words}`, options).ended, withoutPlugin);
  const [client, ours] = await Promise.all([
    run('mariadb', withReferenceOption(line)),
    run('analytics-mysql', line),
  ]);
  expect(ours).toEqual(withoutDifferences(client, differences));
  return ours;
}

const loggedIn = { stdout: `current_user()\n${user}@%\n`, stderr: '', code: 0 };

describe('logs in with a password that is not UTF-8', () => {
  it('in an option file', async () => {
    const line = `$program ${optionFile('password', passwordLine)} ${endpoint} ${queryUser}`;
    expect(await expectSameLine(line)).toMatchObject(loggedIn);
  });

  it('in an option file, through another client', async () => {
    const options = `${optionFile('client', passwordLine)} ${endpoint} ${queryUser}`;
    const { ended } = runInBash(`analytics-mysql --client=mariadb ${options}`);
    expect(toComparable(await ended)).toMatchObject(loggedIn);
  });

  it('in an option file, for many wikis', async () => {
    await runAsAdmin(`grant select on itwiki.* to ${user}@'%'`);
    const options = `${optionFile('wikis', passwordLine)} ${endpoint} ${queryUser}`;
    const { ended } = runInBash(`analytics-mysql --wikis=itwiki -s ${options}`);
    expect(toComparable(await ended)).toMatchObject({
      stdout: `itwiki\t${user}@%\n`,
      stderr: '',
    });
  });

  it('on the command line', async () => {
    const line = `$program --no-defaults ${endpoint} ${queryUser} -p${quotedPassword}`;
    expect(await expectSameLine(line)).toMatchObject(loggedIn);
  });

  it('in MYSQL_PWD', async () => {
    const line = `MYSQL_PWD=${quotedPassword} $program --no-defaults ${endpoint} ${queryUser}`;
    expect(await expectSameLine(line)).toMatchObject(loggedIn);
  });

  it('on standard input', async () => {
    const line = `$program --no-defaults ${endpoint} ${queryUser} -p`;
    const input = Buffer.concat([password, Buffer.from('\n')]);
    expect((await expectSameLine(line, input)).stdout).toBe(loggedIn.stdout);
  });

  it('but not with a similar one', async () => {
    const similar = quotedPassword.replace('xdf', 'xde');
    const line = `$program --no-defaults ${endpoint} ${queryUser} -p${similar}`;
    expect((await expectSameLine(line)).stderr).toContain('ERROR 1045');
  });
});

describe('answers a server with the client’s bytes', () => {
  const withNul = Buffer.concat([scramble, Buffer.of(0)]);
  it.each<[string, Step[]]>([
    ['mysql_native_password', [buildAuthSwitch('mysql_native_password', withNul)]],
    ['client_ed25519', [buildAuthSwitch('client_ed25519', 'x'.repeat(32))]],
    ['mysql_clear_password', [buildAuthSwitch('mysql_clear_password', '')]],
    ['caching_sha2_password', [buildAuthSwitch('caching_sha2_password', withNul)]],
    ['dialog', [buildAuthSwitch('dialog', '\x05Password: ')]],
  ])('%s', async (name, steps) => {
    const server = await startScriptedServer([buildGreeting(), ...steps, echoAsError]);
    servers.push(server);
    const file = optionFile(name, passwordLine, 'enable-cleartext-plugin');
    const line = `$program ${file} -h 127.0.0.1 -P ${server.port} -ux -e 'select 1'`;
    const { stderr } = await expectSameLine(line, undefined, [obsoleteWarning]);
    expect(stderr).toContain('received');
  });
});

describe('sends names that are not UTF-8 unchanged', () => {
  const login = `$program --no-defaults ${endpoint} ${asUser('research').join(' ')}`;
  const name = "$'n\\xe4m\\xff'";
  it.each([
    ['a user', `$program --no-defaults ${endpoint} -pwrong -u${name} -e 'select 1'`],
    ['a database', `${login} -D${name} -e 'select 1'`],
    ['a database as an argument', `${login} -e 'select 1' ${name}`],
  ])('%s', async (_name, line) => {
    const { stderr } = await expectSameLine(line);
    expect(stderr).toMatch(/ERROR (1045|1300)/);
  });

  it('in an option file', async () => {
    const file = optionFile('names', Buffer.from('user=\xe4\xff', 'latin1'), 'password=wrong');
    const { stderr } = await expectSameLine(`$program ${file} ${endpoint} -e 'select 1'`);
    expect(stderr).toContain('ERROR 1045');
  });
});

it('prints the bytes of an option file with --print-defaults', async () => {
  const file = optionFile('shown', Buffer.from('user=\xe4\xff', 'latin1'));
  const line = `$program ${file} --print-defaults | tail -n 1`;
  expect((await expectSameLine(line)).stdout).toContain('--user=\xe4\xff');
});
