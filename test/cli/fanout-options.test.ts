import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientOptions } from '../../src/cli/client-options.js';
import { findOption } from '../../src/cli/find-option.js';
import { normalizeName, type OwnOption } from '../../src/cli/option.js';
import { ownOptions } from '../../src/cli/own-options.js';
import { readSettings } from '../../src/cli/read-settings.js';
import { Failure } from '../../src/failure.js';
import { scratchDirectory } from './client.js';

const directory = scratchDirectory();

function read(argv: string[], interactive = false) {
  const system = { interactive: () => interactive, optionFiles: [] };
  return readSettings(argv, { ANALYTICS_MYSQL_CREDENTIALS_DIR: directory }, system);
}

function refusal(argv: string[], interactive = false): string {
  try {
    read(argv, interactive);
    return 'none';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.exitStatus} ${error.code}: ${error.message}`;
  }
}

const defaults = read(['--wikis=all']).fanout;

it.each([
  [['--wikis=all'], 30],
  [['--wikis=all', '--connect-timeout=0'], 0],
  [['--wikis=all', '--connect-timeout=99'], 99],
  [['itwiki'], 0],
])('limits the time to connect with %j to %i s', (argv, seconds) => {
  expect(read(argv).connect.connectTimeout).toBe(seconds);
});

describe('the options of --wikis', () => {
  const cases: [argv: string[], change: Record<string, unknown>][] = [
    [
      ['--wikis=all'],
      { perSection: 1, readOnly: true, maxStatementTime: 3600, throttle: 0, retries: 3 },
    ],
    [['--wikis', 'wikipedia - closed'], { wikis: 'wikipedia - closed' }],
    [['--wikis=s1', '--wikis=s2'], { wikis: 's2' }],
    [['--wikis=all', '--except', 's3'], { except: 's3' }],
    [['--wikis=all', '--dry-run'], { dryRun: true }],
    [['--wikis=all', '--plan', 'json'], { plan: 'json' }],
    [['--wikis=all', '--per-section=16'], { perSection: 16 }],
    [['--wikis=all', '--skip-read-only'], { readOnly: false }],
    [['--wikis=all', '--max-statement-time=0'], { maxStatementTime: 0 }],
    [['--wikis=all', '--max-statement-time=.5'], { maxStatementTime: 0.5 }],
    [['--wikis=all', '--wiki-timeout=.5'], { wikiTimeout: 0.5 }],
    [['--wikis=all', '--throttle', '2.25'], { throttle: 2.25 }],
    [['--wikis=all', '--wiki-column=db'], { wikiColumn: 'db', wikiColumnGiven: true }],
    [['--wikis=all', '--wiki-column='], { wikiColumn: undefined, wikiColumnGiven: true }],
    [['--wikis=all', '--wiki-column', ''], { wikiColumn: undefined, wikiColumnGiven: true }],
    [['--wikis=all', '--unordered', '--output=-'], { unordered: true }],
    [['--wikis=all', '--union-columns'], { unionColumns: true }],
    [['--wikis=all', '--fail-fast'], { failFast: true }],
    [
      ['--wikis=all', '--resume', '--output=x.csv'],
      { earlierRun: { action: 'resume', maxAge: undefined } },
    ],
    [
      ['--wikis=all', '--resume=12h', '--output=x.csv'],
      { earlierRun: { action: 'resume', maxAge: 43_200 } },
    ],
    [
      ['--wikis=all', '--resume=30m', '--output=x.csv', '--quiet'],
      { earlierRun: { action: 'resume', maxAge: 1800 }, quiet: true },
    ],
    [['--wikis=all', '--restart', '--output=x/'], { earlierRun: { action: 'restart' } }],
    [['--wikis=all', '--retries=0'], { retries: 0 }],
    [['--WIKIS=all', '--per_section=2'], { perSection: 2 }],
    [['--wikis=all', '-e', 'select 1', '--use-x1', '--section=x1'], {}],
    // Abbreviations that are not a prefix of an option of the client.
    [['--wikis=all', '--exc=s3', '--dry'], { except: 's3', dryRun: true }],
    [['--wikis=all', '--skip-rea', '--thro=1'], { readOnly: false, throttle: 1 }],
  ];
  it.each(cases)('%j', (argv, change) => {
    expect(read(argv).fanout).toEqual({ ...defaults, ...change });
  });

  it('ignores the database of an option file with --wikis', () => {
    const file = join(directory, 'database.cnf');
    writeFileSync(file, '[client]\ndatabase=itwiki\n[mysql]\none-database\n');
    const alone = read([`--defaults-file=${file}`, '-e', 'x']);
    const many = read([`--defaults-file=${file}`, '--wikis=all', '-e', 'x']);
    expect(alone.target.wiki).toBe('itwiki');
    expect(many.target.wiki).toBeUndefined();
  });

  it('gives no fanout settings without --wikis, or for --help and --print-defaults', () => {
    expect(read(['itwiki', '-e', 'x']).fanout).toBeUndefined();
    expect(read(['--help', '--dry-run']).fanout).toBeUndefined();
    expect(read(['--wikis=all', '--print-defaults']).fanout).toBeUndefined();
  });

  it('can be used with --print-target', () => {
    const settings = read(['--wikis=all', '--except=s3', '--print-target', '--format=jdbc']);
    expect(settings.fanout).toEqual({ ...defaults, except: 's3' });
    expect([settings.action, settings.printTargetFormat]).toEqual(['print-target', 'jdbc']);
  });

  it.each([
    ['--print-target', '--no-such-file'],
    ['--dry-run', 'none'],
    ['--plan=json', 'none'],
  ])('%s does not need credentials', (word) => {
    const argv = ['--credentials=/no/such/file', '--wikis=all', '-e', 'x'];
    expect(refusal(argv)).toMatch(/^13 credentials-missing/);
    expect(refusal([...argv, word])).toBe('none');
  });
});

describe('--provenance', () => {
  it.each([[['itwiki']], [['--wikis=all']]])('needs --output with a file: %j', (argv) => {
    expect(read([...argv, '--output=x.csv', '--provenance']).output.provenance).toBe(true);
    expect(read([...argv, '--output=x.csv']).output.provenance).toBe(false);
    const text = '13 no-output: --provenance needs --output with a file or directory';
    expect(refusal([...argv, '--provenance'])).toBe(text);
    expect(refusal([...argv, '--provenance', '--output=-'])).toBe(text);
  });
});

describe('--output with --wikis', () => {
  it.each([
    ['edits/', 'tsv'],
    ['edits.parquet/', 'parquet'],
    ['{wiki}.csv.gz', 'csv'],
    ['out/{wiki}/edits.json', 'json'],
    [directory, 'tsv'],
    ['edits.parquet', 'parquet'],
  ])('accepts %s and infers the format %s', (path, format) => {
    const { output } = read(['--wikis=all', '--output', path]);
    expect([output.file, output.format.name]).toEqual([path, format]);
  });
});

describe('refuses options that cannot be used together, with one line', () => {
  const needs = (name: string) => `13 needs-wikis: --${name} needs --wikis`;
  const cases: [argv: string[], refusal: string][] = [
    [['--except=s1'], needs('except')],
    [['itwiki', '--dry-run'], needs('dry-run')],
    [['itwiki', '--plan=json'], needs('plan')],
    [['itwiki', '--per-section=2'], needs('per-section')],
    [['itwiki', '--skip-read-only'], needs('skip-read-only')],
    [
      ['itwiki', '--print-target', '--max-statement-time=5'],
      '13 output-alone: --max-statement-time cannot be used with --print-target',
    ],
    [
      ['--wikis=all', '--print-target', '--max-statement-time=5'],
      '13 output-alone: --max-statement-time cannot be used with --print-target',
    ],
    [
      ['itwiki', '--client=mariadb', '--max-statement-time=5'],
      '13 output-alone: --max-statement-time cannot be used with --client',
    ],
    [
      ['itwiki', '--max-statement-time=x'],
      "13 bad-number: --max-statement-time 'x' is not a number of seconds from 0 to 31536000",
    ],
    [['itwiki', '--wiki-timeout=5'], needs('wiki-timeout')],
    [['itwiki', '--throttle=5'], needs('throttle')],
    [['itwiki', '--wiki-column='], needs('wiki-column')],
    [['itwiki', '--wiki-fields=size'], needs('wiki-fields')],
    [['--list-wikis'], needs('list-wikis')],
    [['--list-lists', '--wikis=all'], '13 fanout-clash: --wikis cannot be used with --list-lists'],
    [
      ['--list-lists', 'itwiki'],
      '13 fanout-clash: a database name cannot be used with --list-lists',
    ],
    [
      ['--list-wikis', '--wikis=all', '--throttle=1'],
      '13 fanout-clash: --throttle cannot be used with --list-wikis',
    ],
    [
      ['--list-wikis', '--wikis=all', '--output=x'],
      '13 output-alone: --output cannot be used with --list-wikis',
    ],
    [
      ['--list-wikis', '--wikis=all', '--wiki-fields=dbname,port'],
      "13 bad-wiki-fields: unknown field 'port' in --wiki-fields; use dbname, section, family, size, language, closed, private",
    ],
    [
      ['--print-target', '--wikis=all', '--wiki-fields=port,host,port'],
      "13 bad-wiki-fields: --wiki-fields names 'port' twice",
    ],
    [
      ['--wikis=all', '--wiki-fields=dbname'],
      "13 bad-wiki-fields: unknown field 'dbname' in --wiki-fields; use section, family, size, language, closed, private",
    ],
    [['itwiki', '--unordered'], needs('unordered')],
    [['itwiki', '--union-columns'], needs('union-columns')],
    [['itwiki', '--fail-fast'], needs('fail-fast')],
    [['itwiki', '--resume'], needs('resume')],
    [['itwiki', '--retries=1'], needs('retries')],
    [['itwiki', '--print-target', '--retries=1'], needs('retries')],
    [['--output=edits/'], '13 odd-output: --output with a directory or {wiki} needs --wikis'],
    [['--output={wiki}.csv'], '13 odd-output: --output with a directory or {wiki} needs --wikis'],
    [['--wikis='], '13 no-wikis: --wikis needs the names of wikis or lists, such as s2,enwiki'],
    [
      ['--wikis=all', '--except', ' '],
      '13 no-wikis: --except needs the names of wikis or lists, such as s2,enwiki',
    ],
    [
      ['itwiki', '--wikis=all'],
      "13 fanout-clash: unexpected argument 'itwiki' with --wikis: write all wikis into one quoted expression (--wikis 'all,itwiki'), SQL in quotes after -e, a file of SQL after <",
    ],
    [
      ['--wikis=wikipedia', '-', 'closed'],
      "13 fanout-clash: unexpected argument '-' with --wikis: write all wikis into one quoted expression (--wikis 'wikipedia - closed'), SQL in quotes after -e, a file of SQL after <",
    ],
    [
      ['--wikis=all', 'query.sql'],
      "13 fanout-clash: unexpected argument 'query.sql' with --wikis: write all wikis into one quoted expression, SQL in quotes after -e, a file of SQL after < (< query.sql)",
    ],
    [
      ['--wikis=all', '-p', 'hunter2'],
      '13 fanout-clash: a database name cannot be used with --wikis; write a password directly after -p (-pPASSWORD)',
    ],
    [
      ['-Ditwiki', '--wikis=all'],
      '13 fanout-clash: --database cannot be used with --wikis: name the wikis in --wikis only',
    ],
    [['--client=x', '--wikis=all'], '13 fanout-clash: --client cannot be used with --wikis'],
    [
      ['--tee=x', '--wikis=all'],
      '13 fanout-clash: --tee cannot be used with --wikis: use --output',
    ],
    [
      ['-o', '--wikis=all'],
      '13 fanout-clash: --one-database cannot be used with --wikis: name the wikis in --wikis only',
    ],
    [
      ['-f', '--wikis=all'],
      '13 fanout-clash: --force cannot be used with --wikis: the other wikis continue anyway',
    ],
    [['--skip-force', '--wikis=all'], 'none'],
    [
      ['--wikis=all', '--dry-run', '--plan=json'],
      '13 fanout-clash: --plan cannot be used with --dry-run',
    ],
    [
      ['--wikis=all', '--dry-run', '--print-target'],
      '13 fanout-clash: --dry-run cannot be used with --print-target',
    ],
    [['--wikis=all', '--plan=yaml'], "13 bad-choice: unknown value 'yaml' for --plan; use json"],
    [
      ['--wikis=all', '--per-section=0'],
      "13 bad-number: --per-section '0' is not a whole number from 1 to 16",
    ],
    [
      ['--wikis=all', '--per-section=17'],
      "13 bad-number: --per-section '17' is not a whole number from 1 to 16",
    ],
    [
      ['--wikis=all', '--retries=many'],
      "13 bad-number: --retries 'many' is not a whole number from 0 to 100",
    ],
    [
      ['--wikis=all', '--max-statement-time=-1'],
      "13 bad-number: --max-statement-time '-1' is not a number of seconds from 0 to 31536000",
    ],
    [
      ['--wikis=all', '--throttle=1e3'],
      "13 bad-number: --throttle '1e3' is not a number of seconds from 0 to 3600",
    ],
    [['--wikis=all', '--resume'], '13 no-output: --resume needs --output with a file or directory'],
    [
      ['--wikis=all', '--restart'],
      '13 no-output: --restart needs --output with a file or directory',
    ],
    [
      ['--wikis=all', '--restart', '--resume=1h', '--output=x'],
      '13 fanout-clash: --restart cannot be used with --resume',
    ],
    [
      ['--wikis=all', '--resume', '12h', '--output=x'],
      '13 bad-age: write the age in the same word as --resume: --resume=12h',
    ],
    [
      ['--wikis=all', '--resume=12', '--output=x'],
      "13 bad-age: --resume '12' is not an age such as 30m, 12h or 2d",
    ],
    [
      ['--wikis=all', '--unordered', '--output=x.csv'],
      '13 fanout-clash: --unordered cannot be used with --output: files keep the order of the wikis',
    ],
    [
      ['--wikis=all', '--output=x/', '--format=parquet', '--wiki-column=wiki'],
      '13 fanout-clash: --wiki-column cannot be used with a directory of Parquet files: the names of its directories already give the column wiki_db',
    ],
    [['--wikis=all', '--output=x/', '--format=parquet', '--wiki-column='], 'none'],
    [['--wikis=all', '--output={wiki}.parquet', '--wiki-column=wiki'], 'none'],
    [
      ['--print-target', '--provenance'],
      '13 output-alone: --provenance cannot be used with --print-target',
    ],
  ];
  it.each(cases)('%j', (argv, expected) => {
    expect(refusal(argv)).toBe(expected);
  });

  it('refuses --wikis on a terminal without statements', () => {
    expect(refusal(['--wikis=all'], true)).toBe(
      '13 fanout-alone: --wikis needs statements: use -e or standard input',
    );
    expect(refusal(['--wikis=all', '-e', 'x'], true)).toBe('none');
    expect(refusal(['--wikis=all', '--print-target'], true)).toBe('none');
  });
});

describe('refuses options as their table says', () => {
  const sampleValue = (option: OwnOption): string => {
    if (option.kind === 'flag') return '';
    if (option.kind === 'number') return `=${option.limits.min}`;
    return `=${(option.kind === 'value' && option.choices?.[0]) || 'x'}`;
  };
  const optionsThatNeed = (...what: OwnOption['needs'][]) =>
    ownOptions.filter(({ needs }) => needs !== undefined && what.includes(needs));

  it.each(optionsThatNeed('wikis', 'wikis-run'))('refuses --$name without --wikis', (option) => {
    const text = `13 needs-wikis: --${option.name} needs --wikis`;
    expect(refusal([`--${option.name}${sampleValue(option)}`])).toBe(text);
  });

  it.each(optionsThatNeed('wikis-run'))('refuses --$name with --print-target', (option) => {
    const argv = ['--wikis=all', '--print-target', `--${option.name}${sampleValue(option)}`];
    const text = `13 fanout-clash: --${option.name} cannot be used with --print-target`;
    expect(refusal(argv)).toBe(text);
  });

  it.each(optionsThatNeed('batch'))('refuses --$name in the shell and with --client', (option) => {
    const word = `--${option.name}${sampleValue(option)}`;
    expect(refusal([word], true)).toContain(`--${option.name} needs -e or standard input`);
    expect(refusal(['--client=x', word])).toContain(
      `--${option.name} cannot be used with --client`,
    );
  });

  const refused = clientOptions.filter(({ insteadWithWikis }) => insteadWithWikis !== undefined);
  it.each(refused)('refuses --$name with --wikis', ({ name, kind, insteadWithWikis }) => {
    const word = `--${name}${kind === 'string' ? '=x' : ''}`;
    const text = `13 fanout-clash: --${name} cannot be used with --wikis: ${insteadWithWikis}`;
    expect(refusal(['--wikis=all', word])).toBe(text);
  });
});

describe('the names of the options that the client does not have', () => {
  const names: string[] = ownOptions.map(({ name }) => name);

  it.each(names)('--%s is not an option of the client', (name) => {
    expect(findOption(name)).toMatchObject({ problem: 'unknown' });
  });

  it('are not a prefix of an option of the client', () => {
    const prefixes = clientOptions.flatMap(({ name }) =>
      Array.from(name, (_, at) => normalizeName(name.slice(0, at + 1))),
    );
    expect(prefixes.filter((prefix) => names.includes(prefix))).toEqual([]);
  });
});
