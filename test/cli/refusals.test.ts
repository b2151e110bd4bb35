import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/cli/read-settings.js';
import { Failure } from '../../src/failure.js';
import { scratchDirectory } from './client.js';

const system = { interactive: () => false, optionFiles: [] };
const directory = scratchDirectory();

function refusal(argv: string[]): string {
  try {
    readSettings(argv, { ANALYTICS_MYSQL_CREDENTIALS_DIR: directory }, system);
    return 'none';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.exitStatus} ${error.code}: ${error.message}`;
  }
}

describe('refuses invalid options that the client does not refuse', () => {
  const cases: [argv: string[], refusal: string][] = [
    [['--debug'], "12 disabled-option: ERROR: Option 'debug' used, but is disabled"],
    [['--use-x1=1'], "4 no-value: option '--use-x1' cannot take an argument"],
    [
      ['--completion=tcsh'],
      "13 bad-choice: unknown value 'tcsh' for --completion; use bash, zsh or fish",
    ],
    [['--section'], "5 needs-value: option '--section' requires an argument"],
    [
      ['--passwort=secret'],
      "7 unknown-option: unknown variable 'passwort=*****'; did you mean --password?",
    ],
    [['--csv'], "2 unknown-option: unknown option '--csv'; did you mean --format=csv?"],
    [['--md=x'], "7 unknown-option: unknown variable 'md=x'; did you mean --format=markdown?"],
    [['--outptu', 'x'], "2 unknown-option: unknown option '--outptu'; did you mean --output?"],
    [
      ['--skip-redonly'],
      "2 unknown-option: unknown option '--skip-redonly'; did you mean --skip-read-only?",
    ],
    [
      ['--wiki-'],
      "2 unknown-option: unknown option '--wiki-'; did you mean --wiki-timeout, --wiki-column or --wiki-fields?",
    ],
    [['--Verbsoe'], "2 unknown-option: unknown option '--Verbsoe'; did you mean --verbose?"],
    [
      ['--print-target', '--format=xml'],
      "13 bad-format: unknown format 'xml' for --print-target; use text, json or jdbc",
    ],
    [
      ['--format=text'],
      "13 bad-format: unknown format 'text'; use tsv, csv, json, jsonl, parquet, table, " +
        'vertical, html, xml, markdown or wikitable',
    ],
    [
      ['--print-target', '--output=x'],
      '13 output-alone: --output cannot be used with --print-target',
    ],
    [['--client=x', '--format=csv'], '13 output-alone: --format cannot be used with --client'],
    [['--output='], '13 no-output: --output needs a file name, or - for standard output'],
    [
      ['--binary-as-text', '-e', 'x'],
      '13 text-format: --binary-as-text needs --format=parquet; other formats write bytes unchanged',
    ],
    [['--timestamps=us'], "13 bad-choice: unknown value 'us' for --timestamps; use iso"],
    [
      ['--output=x.parquet.gz'],
      '13 compressed-twice: parquet files are already compressed; remove .gz or .zst from the file name',
    ],
    [
      ['--format=jsonl', '--binary-as-hex'],
      '13 bytes-twice: --binary-as-hex cannot be used with jsonl, which encodes binary data itself',
    ],
    [
      ['--protocol=foo'],
      "1 bad-protocol: Unknown option to protocol: foo. Alternatives are: 'TCP','SOCKET','PIPE'",
    ],
    [['--protocol=pipe'], '1 bad-protocol: ERROR 2047 (HY000): Wrong or unknown protocol'],
    [['--delimiter='], '1 bad-delimiter: the delimiter must not be empty'],
    [
      ['--no-defaults', '--defaults-file=x'],
      '13 defaults-conflict: --no-defaults cannot be used with --defaults-file or ' +
        '--defaults-extra-file',
    ],
    [['a', '--print-target', '--nosuch'], "2 unknown-option: unknown option '--nosuch'"],
  ];
  it.each(cases)('%j', (argv, expected) => {
    expect(refusal(argv)).toBe(expected);
  });

  it('warns about a delimiter with a backslash, and keeps the previous delimiter', () => {
    const settings = readSettings(['--delimiter=a\\b'], {}, system);
    expect(settings.input.delimiter).toBe(';');
    expect(settings.warnings).toEqual(['ERROR: DELIMITER cannot contain a backslash character']);
  });
});

describe('refuses an argument that is not the only database, and says where it belongs', () => {
  const places = 'write SQL in quotes after -e, a file of SQL after <';
  const cases: [argv: string[], refusal: string][] = [
    [
      ['itwiki', 'q.sql'],
      `unexpected argument 'q.sql' besides the database 'itwiki': ${places} (< q.sql), several wikis after --wikis`,
    ],
    [
      ['queries/q', 'itwiki'],
      `unexpected argument 'queries/q' besides the database 'itwiki': ${places} (< queries/q), several wikis after --wikis`,
    ],
    [
      ['itwiki', 'nlwiki', 'enwiki'],
      `unexpected argument 'nlwiki' besides the database 'itwiki': ${places}, several wikis after --wikis (--wikis itwiki,nlwiki)`,
    ],
    [
      ['itwiki', 'select', '1'],
      `unexpected argument 'select' besides the database 'itwiki': ${places}, several wikis after --wikis`,
    ],
    [
      ["select 'secret'", 'itwiki', '--print-target'],
      `unexpected argument 'select …' besides the database 'itwiki': ${places}, several wikis after --wikis`,
    ],
    [
      ['itwiki', '\u001b[2J'],
      `unexpected argument '\\x1b[2J' besides the database 'itwiki': ${places} (< \\x1b[2J), several wikis after --wikis`,
    ],
    ...[
      ['-p', 'hunter2', 'itwiki'],
      ['itwiki', '--password', 'hunter2'],
      ['-Bp', 'a', 'b'],
    ].map((argv): [string[], string] => [
      argv,
      'more than one database given; write a password directly after -p (-pPASSWORD)',
    ]),
  ];
  it.each(cases)('%j', (argv, expected) => {
    expect(refusal(argv)).toBe(`1 extra-argument: ${expected}`);
  });

  const followed: [argv: string[], refusal: string][] = [
    [
      ['itwiki', '--output', '-e', 'select 1'],
      "option '--output' requires an argument but is followed by '-e'; use --output=FILE if the FILE begins with '-'",
    ],
    [
      ['--wikis', '-psecret', '-e', 'select 1'],
      "option '--wikis' requires an argument but is followed by '-p'; use --wikis=EXPR if the EXPR begins with '-'",
    ],
    [
      ['--section', '--execute=select 1', 'itwiki'],
      "option '--section' requires an argument but is followed by '--execute'; use --section=NAME if the NAME begins with '-'",
    ],
  ];
  it.each(followed)('%j', (argv, expected) => {
    expect(refusal(argv)).toBe(`5 needs-value: ${expected}`);
  });

  it('takes `-`, `-1` and joined values for values', () => {
    expect(refusal(['itwiki', '--output', '-', '-e', 'x'])).toBe('none');
    expect(refusal(['itwiki', '--output=-e', '-e', 'x'])).toBe('none');
    expect(refusal(['--wikis=all', '--throttle', '-1', '-e', 'x'])).toContain("'-1' is not a");
  });
});

describe('invalid options in an option file', () => {
  const file = join(directory, 'x.cnf');
  const cases: [text: string, refusal: string][] = [
    ['prompt=x\npager=less\nauto-rehash\nno-beep\nskip-reconnect\n', 'none'],
    ['html=0\nskip-tee\nlocal-infile=0\nloose-nosuch=1\n', 'none'],
    ['nosuch', `2 unknown-option: unknown option '--nosuch'`],
    ['qiuck', `2 unknown-option: unknown option '--qiuck'; did you mean --quick?`],
    ['outptu=x', `7 unknown-option: unknown variable 'outptu=x'`],
    ['nosuch=1', `7 unknown-option: unknown variable 'nosuch=1'`],
    ['user', `5 needs-value: option '--user' requires an argument`],
    ['ski', `3 ambiguous-option: ambiguous option '--ski' (skip-column-names, skip-line-numbers)`],
    ['connect-timeout=x', `9 bad-suffix: Unknown suffix 'x' used for variable 'connect_timeout'`],
    ['batch=1', `4 no-value: option '--batch' cannot take an argument`],
  ];
  it.each(cases)('%j', (text, expected) => {
    writeFileSync(file, `[mysql]\n${text}`);
    const found = refusal([`--defaults-file=${file}`]);
    expect(found.slice(0, expected.length)).toBe(expected);
    expect(refusal(['itwiki', '--print-target', `--defaults-file=${file}`])).toBe('none');
  });

  it('ignores host, port, socket and protocol in an option file', () => {
    writeFileSync(file, '[client]\nhost=h\nport=1\nsocket=/s\nprotocol=tcp\nhos=x\nloose-port=2\n');
    const settings = readSettings([`--defaults-file=${file}`, '--client=x'], {}, system);
    expect(settings.target).toMatchObject({ address: undefined, port: undefined });
    expect(settings.client?.fileOptions).toEqual([]);
  });

  it('prefers the command line to option files, and the database argument to both', () => {
    writeFileSync(file, '[client]\nuser=file\npassword=file\ndatabase=file\nquick\n');
    const read = (argv: string[]) => readSettings([`--defaults-file=${file}`, ...argv], {}, system);
    expect(read([]).target.wiki).toBe('file');
    expect(read(['-Dline']).target.wiki).toBe('line');
    expect(read(['-Dline', 'alone']).target.wiki).toBe('alone');
    expect(read(['-uline', '-pline']).connect).toMatchObject({ user: 'line', password: 'line' });
    expect(read(['--skip-quick']).output.quick).toBe(false);
  });
});
