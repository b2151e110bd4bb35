import { describe, expect, it } from 'vitest';
import { clientOptions } from '../../src/cli/client-options.js';
import type { ClientOption, OwnOption } from '../../src/cli/option.js';
import { ownOptions } from '../../src/cli/own-options.js';
import { readSettings } from '../../src/cli/read-settings.js';
import { dataOptions, dataValues } from '../../src/provenance/data-options.js';

const system = { interactive: () => false, optionFiles: [] };

/** What the data of a run depends on; its connection has the named character set, else utf8mb4. */
function context(argv: readonly string[]) {
  const settings = readSettings([...argv, '--no-defaults', '-uu'], {}, system);
  return { settings, characterSet: settings.connect.characterSet ?? 'utf8mb4' };
}

/** Options that are used in another way than their kind says. */
const uses: Readonly<Record<string, readonly string[]>> = {
  format: ['--format=json'],
  output: ['--output=y.csv.gz'],
  protocol: ['--protocol=tcp'],
  silent: ['--silent', '--silent'],
  section: ['--section=x1'],
  'default-character-set': ['--default-character-set=latin1'],
  nameserver: ['--nameserver=127.0.0.1'],
};

/** What has to be there for an option to have an effect. */
const needs: Readonly<Record<string, readonly string[]>> = {
  'binary-as-text': ['--format=parquet'],
  'select-limit': ['--safe-updates'],
  'max-join-size': ['--safe-updates'],
};

/** These end the run, replace other options of the test, or name a file that must exist. */
const notTried = new Set([
  ...['help', 'version', 'debug', 'print-defaults', 'print-target', 'client', 'wikis', 'except'],
  ...['defaults-file', 'defaults-extra-file', 'credentials', 'provenance', 'no-defaults'],
]);

function use(option: ClientOption | OwnOption): readonly string[] {
  const { name, kind, initial } = option;
  const given = uses[name];
  if (given !== undefined) return given;
  if (kind === 'boolean' || kind === 'switch')
    return [`--${initial === 'on' ? 'skip-' : ''}${name}`];
  if (kind === 'bare' || kind === 'flag') return [`--${name}`];
  if (kind === 'value' && option.choices !== undefined) return [`--${name}=${option.choices[0]}`];
  return [`--${name}=${kind === 'number' ? '7' : 'x'}`];
}

const all: readonly (ClientOption | OwnOption)[] = [...ownOptions, ...clientOptions];
const tried = all.filter(({ name }) => !notTried.has(name));

/** A run in which the option may be used. */
function runFor(option: ClientOption | OwnOption): string[] {
  const many = !('insteadWithWikis' in option) && option.name !== 'output';
  const output = option.name === 'unordered' ? '-' : 'x';
  const base = ['-e', 'x', `--output=${output}`, ...(needs[option.name] ?? [])];
  return many ? ['--wikis=all', ...base] : base;
}

describe('the data of a run depends on', () => {
  it.each(tried.filter(({ data }) => data !== undefined))('--$name', (option) => {
    const run = runFor(option);
    const keys = option.data?.map(({ key }) => key) ?? [];
    const before = dataValues(context(run), 'rows and form');
    const after = dataValues(context([...run, ...use(option)]), 'rows and form');
    const changed = Object.keys(after).filter(
      (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
    );
    expect(changed.length).toBeGreaterThan(0);
    // Given once, --verbose does not change the format.
    expect(keys).toEqual(expect.arrayContaining(changed));
  });
});

describe('the data of a run does not depend on', () => {
  it.each(tried.filter(({ data }) => data === undefined))('--$name', (option) => {
    const run = runFor(option);
    const before = dataValues(context(run), 'rows and form');
    expect(dataValues(context([...run, ...use(option)]), 'rows and form')).toEqual(before);
  });
});

describe('what is recorded', () => {
  it('is the values of the options, without passwords', () => {
    const argv = ['--wikis=s1', '-e', 'x', '--output=x.csv.gz', '--timestamps=iso', '-N'];
    const init = "--init-command=set password = password('secret')";
    const options = dataOptions(context([...argv, init]));
    expect(options).toMatchObject({
      format: 'csv',
      compression: 'gzip',
      timestamps: 'iso',
      columnNames: false,
      characterSet: 'utf8mb4',
      wikiColumn: 'wiki',
      unionColumns: false,
      initCommands: [{ 'left-out': 'password' }],
    });
    expect(JSON.stringify(options)).not.toContain('secret');
  });

  it('says whether a file of one wiki has the column of wikis', () => {
    const column = (...argv: string[]) =>
      dataOptions(context(['--wikis=s1', '-e', 'x', ...argv])).wikiColumn;
    expect(column('--output=x/')).toBeNull();
    expect(column('--output=x/', '--wiki-column=wiki')).toBe('wiki');
    expect(column('--output={wiki}.csv')).toBeNull();
    expect(column('--output=x.csv')).toBe('wiki');
    expect(column('--wiki-column=')).toBeNull();
  });
});
