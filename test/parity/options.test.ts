import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../src/cli/read-settings.js';
import { Failure, formatFailure } from '../../src/failure.js';
import {
  clientArguments,
  environment,
  type RunOptions,
  runMariadb,
  runOursWarm,
} from '../farm/run.js';
import {
  type ClientDifference,
  type ComparableRun,
  expectSame,
  obsoleteWarning,
  toComparable,
  withoutDifferences,
} from './compare.js';

const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-parity-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Options that make a valid command line fail at a closed port, so that no server is needed. */
const closedPort = ['--host=127.0.0.1', '--port=1', '--protocol=tcp'];

/** Expects the same result from both programs, without the options that connect to the farm. */
async function expectSameWithoutServer(
  args: string[],
  options: RunOptions = {},
  differences: ClientDifference[] = [],
): Promise<void> {
  const [client, ours] = await Promise.all([runMariadb(args, options), runOursWarm(args, options)]);
  expect(toComparable(ours)).toEqual(withoutDifferences(toComparable(client), differences));
}

/**
 * Parses a command line in this process and returns the result that the program would have for it,
 * since starting a process would take most of the time. Throws if the command line is valid.
 */
function parseInvalid(args: string[], cwd = process.cwd()): ComparableRun {
  const system = { interactive: () => false, optionFiles: [] };
  const previousCwd = process.cwd();
  process.chdir(cwd);
  try {
    readSettings(args, environment(undefined), system);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const stderr = formatFailure(error).map((line) => `${line}\n`);
    return { stdout: '', stderr: stderr.join(''), code: error.exitStatus, signal: null };
  } finally {
    process.chdir(previousCwd);
  }
  throw new Error('the command line was not refused');
}

/** Expects the same error messages and exit status from both programs. */
async function expectSameErrors(args: string[], cwd?: string): Promise<void> {
  const client = await runMariadb(args, cwd === undefined ? {} : { cwd });
  expect(parseInvalid(args, cwd)).toEqual(toComparable(client));
}

it('a run of the program gives the errors that parsing in this process gives', async () => {
  const args = ['--no-defaults', '--nosuch', '--s', '--batch=1', '--table=maybe', '--u'];
  expect(toComparable(await runOursWarm(args))).toEqual(parseInvalid(args));
});

describe('reports an invalid option as the client does', () => {
  it.each<[string[]]>([
    // unknown names
    [['--nosuch']],
    [['--nosuch=1']],
    [['--nosuch=']],
    [['--NO-Such_X=a b']],
    [['--a b']],
    [['---']],
    [['---foo']],
    [['--S_']],
    [['--loosenosuch']],
    [['--skip-nosuch']],
    [['--skip-nosuch=1']],
    [['--maximum-nosuch=2']],
    [['--enable-foo']],
    [['-y']],
    [['-By']],
    [['-yz']],
    [['-t0']],
    [['-N0']],
    [['-b=1']],
    [['-Byz', '--nosuch']],
    [['--loose-nosuch', '--foo']],
    [['--loose_nosuch=1', '--LOOSE-Foo', '--foo']],
    [['--skip-loose-nosuch', '--loose-skip-x1', '--loose-disable-foo=3', '--foo']],
    // ambiguous prefixes
    ...['s', 'ski', 'c', 'd', 'e', 'h', 'i', 'l', 'm', 'q', 'r', 't', 'v', 'a', 'b'].map(
      (name): [string[]] => [[`--${name}`, '--foo']],
    ),
    ...['se', 'si', 'ss', 'ssl-', 'sa', 'def', 'co', 'col', 'com', 'pr', 'pro', 'bi', 'max'].map(
      (name): [string[]] => [[`--${name}`]],
    ),
    [['--conn=5']],
    [['--c=']],
    [['--u=x']],
    [['--=3']],
    [['--=']],
    [['--skip-']],
    [['--skip-=1']],
    [['--loose-']],
    [['--disable-']],
    [['--maximum-']],
    [['--skip-s']],
    [['--loose-s']],
    [['--loose-ski']],
    [['--LOOSE_S']],
    [['--Skip-Loose-C']],
    [['--loose-skip-s']],
    [['--loose-loose-s']],
    [['--skip-enable-q']],
    [['--maximum-s']],
    [['--disable-s=1']],
    [['--skip-loose-s=2']],
    [['--loose-d=5']],
    // unambiguous prefixes
    [['--vert', '--delim', '//', '--named', '--li=0', '--foo']],
    [['--CONNECT_T=3', '--foo']],
    [['--prot=foo']],
    [['--ssl-v=x', '--foo']],
    [['--pass', '--foo']],
    [['--enable-skip-c']],
    [['--enable-batch', '--enable-loose-batch', '--maximum-batch', '--foo']],
    // missing and unexpected values
    [['--batch=1']],
    [['--silent=2']],
    [['--disable-batch']],
    [['--skip-batch=1']],
    [['--loose-batch=1']],
    [['--loose-skip-batch', '--foo']],
    [['--skip-column-names=0']],
    [['--skip-skip-column-names']],
    [['--wait=1']],
    [['--help=1']],
    [['--skip-help']],
    [['--loose-help=1']],
    [['--help=1', '--version=1']],
    [['--connect-timeout']],
    [['--loose-connect-timeout']],
    [['--exec']],
    [['-e']],
    [['-u']],
    [['-P']],
    [['-Be']],
    // numbers
    ...['abc', '5Q', '5.5', '5 ', '-3', '-0', '--5', '99999999999999999999', '0x10', 'x1'].map(
      (value): [string[]] => [[`--connect-timeout=${value}`]],
    ),
    ...[' 5', '+5', '', '5k', '5kb', '5e', '43201', '1e9'].map((value): [string[]] => [
      [`--connect-timeout=${value}`, '--foo'],
    ]),
    ...['1', '99999P', '99999E', '17179869184G', '4097', '3G'].map((value): [string[]] => [
      [`--max-allowed-packet=${value}`, '--foo'],
    ]),
    [['--port=99999999999', '--foo']],
    [['--net-buffer-length=1', '--net-buffer-length=99999999999', '--foo']],
    [['--skip-connect-timeout=x', '--skip-port', '--skip-max-allowed-packet=5x', '--foo']],
    [['--loose-port=x', '--foo']],
    [['--skip-loose-port=x', '--foo']],
    [['--connect-timeout', '--batch']],
    [['-Px1', '-y']],
    [['-P', 'x']],
    // booleans and enumerations
    [['--table=maybe', '--quick=', '--vertical=yes', '--raw=2', '--foo']],
    [['--secure-auth=x', '--reconnect=x', '--no-beep=maybe', '--auto-rehash=y', '--foo']],
    [['--ssl=x', '--ssl-verify-server-cert=2', '--foo']],
    [['--disable-table=maybe', '--enable-quick=maybe', '--foo']],
    [['--protocol=foo']],
    [['--protocol=', '--foo']],
    [['--delimiter=a\\b', '--foo']],
    // debugging, which this build of the client does not support
    [['--debug']],
    [['--debug=d:t']],
    [['--skip-debug']],
    [['--loose-debug=x', '--loose-skip-debug', '--foo']],
    [['-#']],
    [['-#t']],
    [['-B#d:t,/tmp/x']],
    [['--debug', '--nosuch']],
    // several errors
    [['--nosuch', '--batch=1']],
    [['--batch=1', '--nosuch']],
    [['--nosuch', '-e']],
    [['--connect-timeout=x', '--connect-timeout']],
    [['--nosuch', '--s', '--batch=1', '--nosuch=1', '--u']],
    [['--nosuch=1', '--nosuch']],
    [['--nosuch', '--table=maybe', '--ver']],
    [['--nosuch', '--protocol=foo', '--foo']],
    [['--protocol=foo', '--nosuch']],
    [['--protocol=foo', '--help']],
    [['--nosuch', '--delimiter=a\\b']],
    [['a', '--nosuch', 'b']],
    [['-psecret', '--password=x', '--nosuch']],
    [['--skip-user', '--skip-execute', '--skip-delimiter', '--user', '--nosuch', '--foo']],
  ])('%j', async (args) => {
    await expectSameErrors(['--no-defaults', ...args]);
  });
});

describe('accepts or ignores an option as the client does', () => {
  it.each<[string[], ClientDifference[]?]>([
    [[]],
    [['--enable-'], [obsoleteWarning]],
    [['--server-arg=x', '--SERVER_arg=y']],
    [['--enable-cleartext-plugin', '-s'], [obsoleteWarning]],
    [['--server-arg=x', '--table=maybe', '-t']],
    [['--debug-check', '--skip-debug-check']],
    [['--character-sets-dir=/nosuch', '--skip-character-sets-dir']],
    [['--secure-auth', '--sigint-ignore', '-i', '-b', '-A', '-L', '-n']],
    [['--net-buffer-length=5000', '--prompt=x', '--no-auto-rehash']],
    [['--loose-debug']],
    [['--loose-nosuch', '--loose-nosuch=1']],
    [['--loose-connect-timeout=x']],
    [['--skip-connect-timeout=5x']],
    [['--connect-timeout=5e']],
    [['-']],
    [['--table=maybe', '--SSL=maybe', '--Ra']],
  ])('%j', async (args, differences) => {
    await expectSameWithoutServer(['--no-defaults', ...args, ...closedPort], {}, differences);
  });
});

describe('reports an error in an option file as the client does', () => {
  const file = join(directory, 'x.cnf');
  const included = join(directory, 'in.cnf');
  const missing = join(directory, 'none');
  it.each<[text: string, args?: string[]]>([
    ['[mysql]\nnosuch\n'],
    ['[mysql]\nnosuch = a b\n'],
    ['[mysql]\nnosuch=1\n', ['--foo']],
    ['[mysql]\nconnect-timeout=x\n[client]\nfoo\n', ['--bar']],
    ['[mysql]\nski\n'],
    ['[mysql]\nbatch=1\n'],
    ['[mysql]\nuser\n'],
    ['[mysql]\nexecute\n'],
    ['[mysql]\ntable=x\nssl=x\nconnect-timeout=99999\n', ['--foo']],
    ['[mysql]\nverb\n', ['--foo']],
    ['[mysql]\nloose-nosuch\nloose-foo=1\n', ['--foo']],
    ['[mysql]\ndelimiter="a\\\\b"\n', ['--foo']],
    ['[mysql]\ndebug\n', ['--foo']],
    ['[mysql]\ndebug=x\n', ['--foo']],
    ['[mysql]\n-foo\n--foo\n=5\n=\na b\n'],
    ['[mysql]\nloose-s=1\nskip-s\n'],
    ['nosuch\n', ['--foo']],
    ['nosuch\n', ['--help']],
    ['[mysql\n', ['--version']],
    ['[mysql]\nbar\n!include\n'],
    ['!includedir\n'],
    [`!includedir ${missing}\n`],
    [`!include ${missing}\n[mysql]\nfoo\n`],
    [`!include ${included}\n[mysql]\nbar\n`, ['--foo']],
    [`!includedir ${directory}\n`, ['--foo']],
  ])('%j %j', async (text, args = []) => {
    writeFileSync(file, text);
    writeFileSync(included, 'foo\n');
    await expectSameErrors([`--defaults-file=${file}`, ...args]);
  });

  it.each<[string[]]>([
    [[`--defaults-file=${missing}`]],
    [[`--defaults-extra-file=${missing}`, '--foo']],
    [['--defaults-file=none', '--foo']],
    [['--defaults-file=', '--foo']],
    [[`--defaults-file=${directory}`, '--foo']],
  ])('if it cannot be read: %j', async (args) => {
    await expectSameErrors(args, directory);
  });
});

describe('--print-defaults', () => {
  const file = join(directory, 'print.cnf');
  it.each<[text: string, args: string[]]>([
    ['', []],
    ['', ['-e', 'select 1', '-BN', '--table', 'db', '--', '-x', '--', 'y']],
    ['', ['--Deli=//', '-ux', '-u', 'y', '--nosuch', 'a', 'b', '--help', '--Foo_Bar=3']],
    ['', ['-V', '--foo']],
    ['', ['-pd', '--foo', '-h']],
    ['[mysql]\nuser=a b\nauto-rehash\nprompt="a\\tb"\n', ['-t', 'it']],
    ['[mysql]\nNo_Such=1\nskip-x\nverb\n=5\nloose-foo = #x\ninit-command=\n', []],
    ['[client]\na\n[mysql]\nb=1\n[client-mariadb]\nc = "d"\nhelp\n', ['x']],
  ])('%j %j', async (text, args) => {
    writeFileSync(file, text);
    const line = [`--defaults-file=${file}`, '--print-defaults', ...args];
    const [client, ours] = await Promise.all([runMariadb(line), runOursWarm(line)]);
    // The client prints passwords; this program prints asterisks.
    const stdout = client.stdout
      .toString('latin1')
      .replace('mariadb would', 'analytics-mysql would');
    expect(toComparable(ours)).toEqual(
      toComparable({ ...client, stdout: Buffer.from(stdout.replace('-pd', '-p*****'), 'latin1') }),
    );
  });
});

describe('--help and --version', () => {
  it.each<[string[]]>([
    [['--nosuch', '--help']],
    [['--help', '--nosuch']],
    [['--table=x', '-?', '-y']],
    [['-I']],
    [['--nosuch', '-V']],
    [['-V', '--nosuch']],
    [['--batch=1', '--vers']],
  ])('%j: the same except for the text', async (args) => {
    const line = ['--no-defaults', ...args];
    const [client, ours] = await Promise.all([runMariadb(line), runOursWarm(line)]);
    const withoutText = ({ stdout, ...result }: ComparableRun) => ({
      ...result,
      hasStdout: stdout !== '',
    });
    expect(withoutText(toComparable(ours))).toEqual(withoutText(toComparable(client)));
  });

  it.each([[['a', 'b']], [['a', 'b', 'c', '--table=x']]])(
    '%j: one line on standard error in place of the help of the client',
    async (args) => {
      const line = ['--no-defaults', ...args];
      const [client, ours] = await Promise.all([runMariadb(line), runOursWarm(line)]);
      const { stdout, stderr, ...result } = toComparable(ours);
      const wanted = toComparable(client);
      expect(wanted.stdout).toContain('Usage: ');
      const text = /^analytics-mysql: unexpected argument 'b' besides the database 'a'.*\n/m;
      expect(stderr).toMatch(text);
      const others = { ...result, stdout: wanted.stdout, stderr: stderr.replace(text, '') };
      expect([stdout, others]).toEqual(['', wanted]);
    },
  );

  it.each(['[mysql]\nfoo\nhelp\nbar\n', '[client]\nversion\n'])(
    'in an option file: %j',
    async (text) => {
      const file = join(directory, 'help.cnf');
      writeFileSync(file, text);
      const line = [`--defaults-file=${file}`, '--foo'];
      const [client, ours] = await Promise.all([runMariadb(line), runOursWarm(line)]);
      const withoutText = ({ stdout, ...result }: ComparableRun) => result;
      expect(withoutText(toComparable(ours))).toEqual(withoutText(toComparable(client)));
    },
  );
});

describe('with a connection to a server', () => {
  it.each<[string[]]>([
    [['-i', 'itwiki', '-e', 'select count (*) from page; select now () > 1']],
    [['itwiki', '-e', 'select now () > 1']],
    [['--sigint-ignore', '--debug-check', '--server-arg=x', '-e', 'select 1']],
    [['--loose-nosuch', '--loose-port=x', '--table=maybe', '--ver', '-e', 'select 1']],
    [['--user=research', '--skip-execute', '-e', '+1', '--disable-table=0']],
  ])('%j', async (args) => {
    await expectSame(args);
  });

  it('-P uses the lowest 16 bits of its value', async () => {
    const line = clientArguments('s2');
    const port = Number(line[line.indexOf('-P') + 1]) + 65536;
    await expectSame(['-P', String(port), '-e', 'select 1']);
  });

  it('--debug-info prints the same report except for its numbers', async () => {
    const line = [...clientArguments('s2'), '-T', '-e', 'select 1'];
    const [client, ours] = await Promise.all([runMariadb(line), runOursWarm(line)]);
    const maskNumbers = (text: string) => text.replaceAll(/\d+/g, '0').replaceAll('0.0', '0');
    expect(maskNumbers(ours.stderr)).toBe(maskNumbers(client.stderr));
    expect(ours.stdout).toEqual(client.stdout);
  });
});
