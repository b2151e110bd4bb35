import { spawnSync } from 'node:child_process';
import { closeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildExternalCommand } from '../../src/cli/external-client.js';
import { formatDefaults } from '../../src/cli/format-defaults.js';
import { readSettings } from '../../src/cli/read-settings.js';
import { openAnonymousFile } from '../../src/files/anonymous-file.js';
import type { Target } from '../../src/target/target.js';
import { targetWith } from '../examples.js';
import { bareEnvironment, scratchDirectory } from './client.js';

const directory = scratchDirectory();
const file = join(directory, 'x.cnf');
const system = { interactive: () => false, optionFiles: [] };

const target = targetWith({
  section: 's2',
  address: {
    kind: 'tcp',
    endpoints: [
      { host: 'db1.test', port: 3312 },
      { host: 'db2.test', port: 3312 },
    ],
  },
});

function settingsOf(argv: string[], optionFile: string) {
  writeFileSync(file, optionFile);
  return readSettings(['--client=mariadb', `--defaults-file=${file}`, ...argv], {}, system);
}

function buildCommand(argv: string[], optionFile = '', to: Partial<Target> = {}) {
  const settings = settingsOf(argv, optionFile);
  if (settings.client === undefined) throw new Error('no --client');
  return buildExternalCommand(settings.client, settings, { ...target, ...to });
}

/** Returns the arguments that the client reads from an option file at descriptor 3. */
function readBack(text: string): string {
  const args = ['--defaults-file=/dev/fd/3', '--print-defaults'];
  const descriptor = openAnonymousFile(text);
  const stdio = ['ignore', 'pipe', 'inherit', descriptor] as const;
  const { stdout } = spawnSync('mariadb', args, { env: bareEnvironment, stdio: [...stdio] });
  closeSync(descriptor);
  return stdout.toString().split('\n').slice(1).join('\n');
}

describe('the command of --client', () => {
  const place = ['-h', 'db1.test', '-P', '3312'];
  const cases: [argv: string[], args: string[]][] = [
    [['itwiki'], [...place, 'itwiki']],
    [
      ['itwiki', '-BNe', 'x'],
      [...place, '--batch', '--skip-column-names', '--execute=x', 'itwiki'],
    ],
    [
      ['-h', 'own', 'itwiki', '-P5'],
      [...place, '--host=own', '--port=5', 'itwiki'],
    ],
    [
      ['itwiki', '-psecret', '-ubob'],
      [...place, '--user=bob', 'itwiki'],
    ],
    [
      ['itwiki', '-p'],
      [...place, '-p', 'itwiki'],
    ],
    [
      ['itwiki', '-p', '--password=x'],
      [...place, 'itwiki'],
    ],
    [
      ['itwiki', '--skip-password'],
      [...place, 'itwiki'],
    ],
    [
      ['-Da', '-X', '--tee=f'],
      [...place, '--database=a', '--xml', '--tee=f', 'a'],
    ],
    [
      ['a', '--ssl-mode=REQUIRED', '-Zq'],
      [...place, '--ssl-mode=REQUIRED', '-Zq', 'a'],
    ],
    [
      ['--use-x1', '--', '--', '-odd'],
      [...place, '--', '-odd'],
    ],
    [['--section=s2'], place],
  ];
  it.each(cases)('has for %j the arguments %j', (argv, args) => {
    const { command, args: given } = buildCommand(argv);
    expect([command, ...given]).toEqual(['mariadb', '--defaults-file=/dev/fd/3', ...args]);
  });

  it('has -h localhost with a socket, which overrides a host of the environment', () => {
    const { args } = buildCommand(['a', '-S/s'], '', { address: { kind: 'socket', path: '/s' } });
    expect(args.slice(1)).toEqual(['-h', 'localhost', '-S', '/s', '--socket=/s', 'a']);
  });

  it('has the database of the target instead of the name of the wiki', () => {
    expect(buildCommand(['a'], '', { database: 'b' }).args.at(-1)).toBe('b');
  });

  const files: [optionFile: string, argv: string[], line: string][] = [
    ['[client]\nuser=a\npassword=b\n', [], '--user=a --password=b '],
    ['[client]\nuser=a\npassword=b\n', ['-pc'], '--user=a --password=c '],
    ['[client]\npassword=b\n', ['--skip-password'], '--password= '],
    ['[client]\npassword=b\n', ['-p'], ''],
    ['[mysql]\nquick\nskip-ssl\nprompt=x\n', [], '--quick --skip-ssl --prompt=x '],
    ['[client]\nhost=h\nport=1\nsocket=s\nuser=a\n', [], '--user=a '],
    ['[client]\nssl-mode=x\n', [], '--ssl-mode=x '],
    ['[client]\nuser=" a # b "\n', [], '--user= a # b  '],
    [`[client]\nuser="a\\"b'c\\\\d\\se\\tf"\n`, [], `--user=a"b'c\\d e\tf `],
    ['', ['-p\'a"b\\s#c; d é'], `--password='a"b\\s#c; d é `],
    ['', ['-p=\\'], '--password==\\ '],
  ];
  it.each(files)(
    'has an option file for %j %j that the client reads as %j',
    (optionFile, argv, line) => {
      expect(readBack(buildCommand(argv, optionFile).optionFileText)).toBe(`${line}\n`);
    },
  );

  it('passes options that are too long for an option file as arguments', () => {
    const long = `a${'"'.repeat(3000)}`;
    const { args, optionFileText } = buildCommand(
      ['a'],
      `[client]\ninit-command=${long}\nuser=u\n`,
    );
    expect(args[1]).toBe(`--init-command=${long}`);
    expect(optionFileText).toBe('[client]\nuser="u"\n');
  });
});

describe('--print-defaults', () => {
  it('prints the options in the format of the client, with passwords masked', () => {
    const optionFile = '[client]\nuser=a\npassword=secret\nhost=h\nquick\nnosuch\n';
    const settings = settingsOf(['-B', '-psecret', '--print-defaults', 'x'], optionFile);
    expect(settings.action).toBe('print-defaults');
    expect(formatDefaults(settings)).toBe(
      'analytics-mysql would have been started with the following arguments:\n' +
        '--user=a --password=***** --quick --nosuch -B -p***** x \n',
    );
  });
});
