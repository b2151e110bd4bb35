import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatDefaults } from '../../src/cli/format-defaults.js';
import { type OwnOptionName, ownOptions } from '../../src/cli/own-options.js';
import { readSettings, realSystem } from '../../src/cli/read-settings.js';
import type { Settings } from '../../src/cli/settings.js';
import { Failure } from '../../src/failure.js';
import { temporaryDirectory } from '../temporary-directory.js';

let directory: string;
let env: NodeJS.ProcessEnv;
let interactive = false;

beforeEach(() => {
  directory = temporaryDirectory();
  mkdirSync(join(directory, 'config/analytics-mysql'), { recursive: true });
  mkdirSync(join(directory, 'credentials'));
  env = {
    HOME: directory,
    XDG_CONFIG_HOME: join(directory, 'config'),
    ANALYTICS_MYSQL_CREDENTIALS_DIR: join(directory, 'credentials'),
  };
  interactive = false;
});

function read(argv: string[]): Settings {
  const optionFiles = [join(directory, 'etc.cnf')];
  return readSettings(argv, env, { interactive: () => interactive, optionFiles });
}

/** Writes options into the user's option file, in our own group. */
function configure(...options: string[]): void {
  const file = join(directory, 'config/analytics-mysql/config.cnf');
  writeFileSync(file, `[analytics-mysql]\n${options.join('\n')}\n`);
}

function refusal(argv: string[]): string {
  try {
    read(argv);
    return 'none';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.exitStatus} ${error.code}: ${error.message.replaceAll(directory, '…')}`;
  }
}

const run = ['itwiki', '-e', 'select 1'];
const many = ['--wikis', 's1', '-e', 'select 1'];

/** For each option: its line in a file, and arguments with which it has an effect. */
const effects: Partial<Record<OwnOptionName, [line: string, argv: string[]]>> = {
  'use-x1': ['use-x1', run],
  section: ['section=s2', ['-e', 'select 1']],
  redacted: ['redacted', run],
  'redacted-host': ['redacted-host=r.example', [...run, '--redacted']],
  format: ['format=csv', run],
  output: ['output=out.tsv', run],
  timestamps: ['timestamps=iso', run],
  'binary-as-text': ['binary-as-text', [...run, '--output=x.parquet']],
  provenance: ['provenance', [...run, '--output=x.tsv']],
  wikis: ['wikis=s1,s2', ['-e', 'select 1']],
  except: ['except=private', many],
  'dry-run': ['dry-run', many],
  plan: ['plan=json', many],
  'per-section': ['per-section=4', many],
  'skip-read-only': ['skip-read-only', many],
  'max-statement-time': ['max-statement-time=7', run],
  'wiki-timeout': ['wiki-timeout=7', many],
  throttle: ['throttle=2', many],
  'wiki-column': ['wiki-column=db', many],
  'wiki-fields': ['wiki-fields=family', many],
  unordered: ['unordered', many],
  'union-columns': ['union-columns', many],
  'fail-fast': ['fail-fast', many],
  resume: ['resume=1d', [...many, '--output=x.tsv']],
  restart: ['restart', [...many, '--output=x.tsv']],
  quiet: ['quiet', many],
  retries: ['retries=9', many],
  'mw-config-path': ['mw-config-path=/m', run],
  nameserver: ['nameserver=192.0.2.1', run],
  domain: ['domain=example.org', run],
  client: ['client=mariadb', run],
  'skip-destructive-warning': ['skip-destructive-warning', run],
  'long-query-bell': ['long-query-bell=1', run],
  vi: ['vi', run],
};

/** The settings without what names the files and the arguments. */
function comparable(settings: Settings): unknown {
  const client = settings.client?.program;
  return { ...settings, shownArguments: [], triedFiles: [], client, optionFileNames: undefined };
}

describe('own options in option files', () => {
  it('are all options but those that choose files or print in place of a run', () => {
    const usable = ownOptions.filter(({ lineOnly }) => !lineOnly).map(({ name }) => name);
    expect(Object.keys(effects).concat('credentials').toSorted()).toEqual(usable.toSorted());
  });

  it.each(Object.values(effects))('%s means the same as on the command line', (line, argv) => {
    const without = comparable(read(argv));
    const given = comparable(read([...argv, `--${line}`]));
    expect(given).not.toEqual(without);
    configure(line);
    expect(comparable(read(argv))).toEqual(given);
  });

  it('choose the credentials file', () => {
    const path = join(directory, 'credentials/other-client.cnf');
    writeFileSync(path, '[client]\nuser=other\n');
    configure('credentials=other-client');
    expect(read(run).connect.user).toBe('other');
  });

  it.each([
    ['a shell', [...Object.values(effects).map(([line]) => line)], ['itwiki'], true],
    ['one wiki', ['per-section=4', 'resume', 'quiet', 'provenance', 'wikis=s1'], run, false],
    [
      '--print-target',
      ['per-section=4', 'format=csv', 'output=x.csv'],
      ['a', '--print-target'],
      false,
    ],
    [
      '--list-wikis',
      ['dry-run', 'output=x.csv', 'client=x'],
      ['--list-wikis', '--wikis=s1'],
      false,
    ],
    ['--list-lists', ['wikis=s1', 'per-section=4'], ['--list-lists'], false],
    [
      '--client',
      ['format=csv', 'output=x.csv', 'max-statement-time=4'],
      [...run, '--client=x'],
      false,
    ],
    ['--host', ['redacted'], ['-h', 'localhost', ...run], false],
    ['many wikis', ['client=x', 'output=x.csv', 'unordered'], many, false],
    ['--version', ['redacted', 'client=x', 'wikis=s1'], ['--version'], false],
  ])('that do not fit are not used: %s', (_, lines, argv, onTerminal) => {
    interactive = onTerminal;
    // Each option alone, since some cannot be used with others.
    for (const line of lines) {
      configure(line);
      expect([line, refusal(argv)]).toEqual([line, 'none']);
    }
  });

  it.each([
    ['format=csv', [...run, '--format=json'], { name: 'json' }],
    ['format=csv', [...run, '--output=x.jsonl'], { name: 'jsonl' }],
    ['format=csv', [...run, '-E'], { name: 'vertical' }],
  ])('%s gives way to %j', (line, argv, format) => {
    configure(line);
    expect(read(argv).output.format).toMatchObject(format);
  });

  it('do not replace the columns of --list-wikis', () => {
    configure('wiki-fields=family');
    expect(read(['--list-wikis', '--wikis=s1']).fanout?.shownFields).toBeUndefined();
  });

  it('choose where --print-target looks', () => {
    configure('domain=example.org', 'nameserver=192.0.2.1');
    expect(read(['itwiki', '--print-target']).target).toMatchObject({
      domain: 'example.org',
      nameservers: ['192.0.2.1'],
    });
    expect(read(['a', '--print-target', '--nameserver=192.0.2.2']).target.nameservers).toEqual([
      '192.0.2.2',
    ]);
  });

  it('are ignored with a warning by --print-target if a file is wrong', () => {
    configure('domain=example.org', 'section');
    const settings = read(['itwiki', '--print-target']);
    expect(settings.warnings.map((line) => line.replaceAll(directory, '…'))).toEqual([
      "analytics-mysql: option files are ignored: option 'section' in " +
        "'…/config/analytics-mysql/config.cnf' requires an argument: section=NAME",
    ]);
  });

  it.each([
    ['section', "5 needs-value: option 'section' in 'FILE' requires an argument: section=NAME"],
    ['use-x1=1', "4 no-value: option 'use-x1' in 'FILE' cannot take an argument"],
    [
      'print-target',
      "1 line-only: option 'print-target' in 'FILE' can be used on the command line only; remove it",
    ],
    [
      'retries=-1',
      "13 bad-number: --retries '-1' is not a whole number from 0 to 100 (retries is set in 'FILE')",
    ],
    ['no-such', "2 unknown-option: unknown option '--no-such' (in 'FILE')"],
    ['no-such=1', "7 unknown-option: unknown variable 'no-such=1' (in 'FILE')"],
    [
      'connect-timeout=x',
      "9 bad-suffix: Unknown suffix 'x' used for variable 'connect_timeout' (value 'x'). " +
        "Legal suffix characters are: K, M, G, T, P, E (in 'FILE')",
    ],
  ])('%s is refused', (line, expected) => {
    configure(line);
    expect(refusal(many)).toBe(expected.replace('FILE', '…/config/analytics-mysql/config.cnf'));
  });

  it.each([
    ['redacted-host=a b', [...run, '--redacted']],
    ['format=cvs', run],
    ['output=x.cvs', run],
    ['output=', run],
    ['timestamps=iso8601', run],
    ['wikis=', ['-e', 'select 1']],
    ['except=', many],
    ['plan=xml', many],
    ['per-section=17', many],
    ['max-statement-time=x', run],
    ['wiki-timeout=-1', many],
    ['throttle=3601', many],
    ['wiki-fields=families', many],
    ['resume=1x', [...many, '--output=x.tsv']],
    ['retries=101', many],
    ['credentials=no-such', run],
    ['credentials=/no/such/file', run],
    ['long-query-bell=x', run],
  ])('%s is refused with the name of the file', (line, argv) => {
    configure(line);
    const name = line.replace(/=.*/, '');
    const place = `(${name} is set in '…/config/analytics-mysql/config.cnf')`;
    const fromFile = refusal(argv);
    // On the command line the same value is refused without a file.
    const typed = refusal([...argv, `--${line}`]);
    expect(typed).toMatch(/^13 /);
    expect(fromFile).toBe(`${typed} ${place}`);
  });

  it('are named with the file that sets the value, also if another file sets it first', () => {
    writeFileSync(join(directory, 'etc.cnf'), '[analytics-mysql]\nretries=x\nnameserver=a\n');
    expect(refusal(many)).toContain("(retries is set in '…/etc.cnf')");
    configure('retries=y', 'nameserver=b');
    expect(refusal(many)).toContain("(retries is set in '…/config/analytics-mysql/config.cnf')");
    // All values of a list are used.
    expect(read([...many, '--retries=1']).optionFileNames.get('nameserver')).toHaveLength(2);
  });

  it('are named in errors of options that cannot be used together', () => {
    configure('plan=json', 'dry-run');
    expect(refusal(many)).toBe(
      '13 fanout-clash: --plan cannot be used with --dry-run ' +
        "(plan is set in '…/config/analytics-mysql/config.cnf', " +
        "dry-run is set in '…/config/analytics-mysql/config.cnf')",
    );
  });

  it('are unknown in the groups of the client', () => {
    writeFileSync(join(directory, '.my.cnf'), '[client]\ndomain=example.org\n');
    expect(refusal(run)).toBe("7 unknown-option: unknown variable 'domain=example.org'");
  });
});

describe('the option files of this program', () => {
  it('are read after those of the client, and not with --no-defaults or --defaults-file', () => {
    writeFileSync(
      join(directory, 'etc.cnf'),
      '[analytics-mysql]\ndomain=etc\nnameserver=192.0.2.9\n',
    );
    writeFileSync(join(directory, '.my.cnf'), '[analytics-mysql]\ndomain=home\n');
    expect(read(run).target).toMatchObject({ domain: 'home', nameservers: ['192.0.2.9'] });
    configure('domain=config');
    expect(read(run).target.domain).toBe('config');
    expect(read([...run, '--domain=line']).target.domain).toBe('line');
    expect(read([...run, '--no-defaults']).target.domain).toBe('eqiad.wmnet');
    expect(read([...run, '--defaults-file=/dev/null']).target.domain).toBe('eqiad.wmnet');
    expect(realSystem.optionFiles).toContain('/etc/analytics-mysql.cnf');
  });

  it('are in ~/.config if XDG_CONFIG_HOME is not set or relative', () => {
    mkdirSync(join(directory, '.config/analytics-mysql'), { recursive: true });
    const file = join(directory, '.config/analytics-mysql/config.cnf');
    writeFileSync(file, '[analytics-mysql]\ndomain=default\n');
    for (const value of [undefined, '', 'relative']) {
      env.XDG_CONFIG_HOME = value;
      expect(read(run).target.domain).toBe('default');
    }
  });
});

describe('--print-defaults -v', () => {
  it('shows the options with their files and groups, with passwords masked', () => {
    writeFileSync(
      join(directory, 'etc.cnf'),
      '[client]\npassword=secret\n[mysql]\nhost=h\nquick\n',
    );
    configure('domain=example.org', 'vi');
    const text = formatDefaults(read(['--print-defaults', '-v', 'itwiki', '-pother']));
    expect(text.replaceAll(directory, '…')).toBe(
      `analytics-mysql would have been started with the following arguments:
--password=***** --quick -v itwiki -p***** \n
From …/etc.cnf [client]:
  --password=*****

From …/etc.cnf [mysql]:
  --quick

From …/config/analytics-mysql/config.cnf [analytics-mysql]:
  --domain=example.org
  --vi

From command line:
  --print-defaults
  -v
  itwiki
  -p*****
`,
    );
    expect(formatDefaults(read(['--print-defaults'])).split('\n')).toHaveLength(3);
  });
});
