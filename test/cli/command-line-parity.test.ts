import { describe, expect, it } from 'vitest';
import { clientOptions } from '../../src/cli/client-options.js';
import { readSettings } from '../../src/cli/read-settings.js';
import type { Settings } from '../../src/cli/settings.js';
import { Failure } from '../../src/failure.js';
import { mariadb } from './client.js';

const system = { interactive: () => false, optionFiles: [] };

function readSettingsOf(argv: string[]): Settings {
  return readSettings(['--no-defaults', ...argv], {}, system);
}

const asText = (value: boolean) => (value ? 'TRUE' : 'FALSE');

/** The options whose values the client prints in --help, and where this program has them. */
const shown: Record<string, (settings: Settings) => string> = {
  'binary-mode': ({ input }) => asText(input.binaryMode),
  'column-names': ({ output }) => asText(output.columnNames),
  comments: ({ input }) => asText(input.comments),
  compress: ({ connect }) => asText(connect.compress),
  'connect-timeout': ({ connect }) => String(connect.connectTimeout),
  delimiter: ({ input }) => input.delimiter,
  force: ({ input }) => asText(input.force),
  'init-command': ({ connect }) => connect.initCommands[0] ?? '(No default value)',
  'line-numbers': ({ input }) => asText(input.lineNumbers),
  'max-allowed-packet': ({ connect }) => String(connect.maxAllowedPacket),
  'named-commands': ({ input }) => asText(input.namedCommands),
  quick: ({ output }) => asText(output.quick),
  raw: ({ output }) => asText(output.raw),
  ssl: ({ connect }) => asText(connect.tls.enabled),
  'ssl-ca': ({ connect }) => connect.tls.ca ?? '(No default value)',
  'ssl-verify-server-cert': ({ connect }) => asText(connect.tls.verifyServerCert),
  table: ({ output }) => asText(output.format.name === 'table'),
  unbuffered: ({ output }) => asText(output.unbuffered),
  user: ({ connect }) => connect.user ?? '(No default value)',
  vertical: ({ output }) => asText(output.format.name === 'vertical'),
};

function readClientValues(argv: string[]): Record<string, string> {
  const { stdout, stderr } = mariadb(['--no-defaults', ...argv, '--help']);
  const values: Record<string, string> = {};
  const table = stdout.slice(stdout.indexOf('\n---------'));
  for (const [, name, value] of table.matchAll(/^([a-z-]+) +(\S.*)$/gm)) {
    if (name !== undefined && value !== undefined && name in shown) values[name] = value;
  }
  expect(Object.keys(values)).toHaveLength(Object.keys(shown).length);
  return { ...values, stderr };
}

function readProgramValues(argv: string[]): Record<string, string> {
  const settings = readSettingsOf(argv);
  const values = Object.entries(shown).map(([name, read]) => [name, read(settings)]);
  const stderr = settings.warnings.map((line) => `${line}\n`).join('');
  return { ...Object.fromEntries(values), stderr: stderr.replaceAll('analytics-mysql', 'mariadb') };
}

describe('options have the same values as in the mariadb client', () => {
  const lines: string[][] = [
    [],
    ['-BNe', 'x', '-tq'],
    ['--table=ON', '--quick=on', '--raw=1'],
    ['--vertical=True'],
    ['--column-names=off', '--line-numbers=0', '--comments=FALSE'],
    ['--table=maybe', '--table=', '--vertical=yes', '--raw=2'],
    ['-t', '--table=maybe'],
    ['--skip-table', '--disable-line-numbers', '--enable-quick', '--loose-raw'],
    ['--disable-table=0', '--skip-quick=1', '--enable-comments=0'],
    ['--skip-loose-quick', '--loose-skip-column-names', '--skip-enable-table', '--maximum-raw'],
    ['--SKIP-Column_Names', '--NAMED_commands'],
    ['--loose-nosuch', '--loose_nosuch=1', '--LOOSE-Foo', '--skip-loose-nosuch', '--loose-skip-x1'],
    ['--ssl=maybe', '--ssl-verify-server-cert=2'],
    ['--skip-ssl', '--ssl-ca=x'],
    ['--ssl-ca=x', '--skip-ssl'],
    ['--skip-ssl', '--ssl-verify-server-cert'],
    ['--vert', '--delim', '//', '--named', '--li=0', '--connect_t=3'],
    ['--f', '--tab', '--un', '--in=x'],
    ['--autoset-quick', '--AUTOSET_table=1', '--skip-autoset-column-names', '--autoset-tab=0'],
    ['--autoset-skip-comments', '--loose-autoset-raw', '--autoset-loose-line-numbers=0'],
    ['--loose-autoset-nosuch', '--autoset-enable-vertical=maybe', '--autoset-autoset-named'],
    ...['5', '5k', '5K', '2m', ' 5', '+5', '0', '00005', '5kb', '', '43201', '1e9', 'k'].map(
      (text) => [`--connect-timeout=${text}`],
    ),
    ...['1G', '1k', '1T', '5000', '0', '4096', '4097', '16384'].map((text) => [
      '--max-allowed-packet',
      text,
    ]),
    ['--skip-max-allowed-packet', '--skip-connect-timeout', '--skip-delimiter'],
    ['--delimiter=abcdefghijklmnopqrstuvwxyz'],
    ['--delimiter=xx', '--skip-delimiter'],
    ['--skip-delimiter=0'],
    ['--enable-table=off', '--enable-quick=0', '--enable-raw=maybe', '--enable-ssl=0'],
    ['--enable-delimiter', '--enable-connect-timeout=5'],
    ['--enable-delimiter=0', '--enable-skip-table'],
    ['-f', '-e', 'x'],
    ['-e', 'x', '-f'],
    ['-e', 'x', '-f', '-e', 'y'],
    ['--user', '--batch'],
    ['-u', '-'],
    ['--skip-user'],
    ['--init-command=a', '--init-command=b'],
    ['--auto-rehash=0', '--reconnect=maybe', '--prompt=x', '--net-buffer-length=1', '-A', '-b'],
  ];
  it.each(lines.map((argv) => [argv]))('%j', (argv) => {
    expect(readProgramValues(argv)).toEqual(readClientValues(argv));
  });
});

describe('refuses what the client refuses, with its message and exit code', () => {
  const lines: string[][] = [
    ['--nosuch'],
    ['--nosuch=1'],
    ['-y'],
    ['-By'],
    ['-t0'],
    ['---'],
    ['--loosenosuch'],
    ['--skip-nosuch'],
    ['--skip-nosuch=1'],
    ['--maximum-nosuch=2'],
    ['--enable-foo'],
    ...['s', 'ski', 'c', 'd', 'e', 'h', 'i', 'l', 'm', 'q', 'r', 't', 'v', 'a', 'b'].map((name) => [
      `--${name}`,
    ]),
    ...['se', 'si', 'ss', 'ssl-', 'sa', 'def', 'co', 'col', 'com', 'pr', 'pro', 'bi'].map(
      (name) => [`--${name}`],
    ),
    ['--u=x'],
    ['--=3'],
    ['--batch=1'],
    ['--silent=2'],
    ['--disable-batch'],
    ['--skip-column-names=0'],
    ['--skip-skip-column-names'],
    ['--wait=1'],
    ['--connect-timeout'],
    ['--exec'],
    ['-e'],
    ['-u'],
    ['--connect-timeout=abc'],
    ['--connect-timeout=5Q'],
    ['--connect-timeout=5.5'],
    ['--connect-timeout=5 '],
    ['--connect-timeout=-3'],
    ['--max-allowed-packet=99999999999999999999'],
    ['--max-allowed-packet=0x10'],
    ['--port=-1'],
    ['-Pabc'],
    ['--connect-timeout', '--batch'],
    ...['', '-nosuch', '-s', '-', '-qui', '-qui=1', '-batch=0', '-debug', '-debug=x'].map(
      (rest) => [`--autoset${rest}`],
    ),
    ...clientOptions.flatMap(({ kind, name }) =>
      kind === 'bare' || kind === 'boolean' || name === 'debug'
        ? []
        : [[`--autoset-${name}`], [`--autoset-${name}=x`], [`--loose-autoset-${name}=x`]],
    ),
    ...['skip-', 'enable-', 'maximum-', 'loose-'].flatMap((prefix) => [
      [`--${prefix}autoset-port=1`],
      [`--autoset-${prefix}port=1`],
    ]),
    ...['skip-autoset', 'enable-autoset', 'autoset-skip', 'autoset-enable', 'autoset-maximum'].map(
      (prefixes) => [`--${prefixes}-port`],
    ),
    ['--autoset-port', 'x'],
  ];
  it.each(lines.map((argv) => [argv]))('%j', (argv) => {
    const client = mariadb(['--no-defaults', ...argv]);
    // An invalid number prints a second line with the value; a prefix prints an Info line first.
    const first = client.stderr.split('\n').filter((line) => !line.startsWith('Info: '))[0];
    let message = '';
    let status = 0;
    try {
      readSettingsOf(argv);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      message = error.message;
      status = error.exitStatus;
    }
    expect({ message, status }).toEqual({
      message: first?.replace('mariadb: ', ''),
      status: client.status,
    });
  });
});

it('prints the warning of --loose-autoset-, after which the client crashes', () => {
  const argv = ['--loose-autoset-port', '--autoset-loose-delimiter'];
  for (const word of argv) {
    const client = mariadb(['--no-defaults', word]);
    const { warnings } = readSettingsOf([word]);
    expect(warnings.map((line) => line.replace('analytics-mysql', 'mariadb'))).toEqual([
      client.stderr.split('\n')[0],
    ]);
  }
});
