import { describe, expect, it } from 'vitest';
import { clientOptions } from '../../src/cli/client-options.js';
import type { ClientOption, OwnOption } from '../../src/cli/option.js';
import { ownOptions } from '../../src/cli/own-options.js';
import { readSettings } from '../../src/cli/read-settings.js';
import { readDataOptions, readDataValues } from '../../src/provenance/data-options.js';

const system = { interactive: () => false, optionFiles: [] };

/** Returns the settings of a run, and its character set: the given one, or utf8mb4. */
function context(argv: readonly string[]) {
  const settings = readSettings([...argv, '--no-defaults', '-uu'], {}, system);
  return { settings, characterSet: settings.connect.characterSet ?? 'utf8mb4' };
}

/** Options for which `useOption` cannot derive a valid value from their kind. */
const uses: Readonly<Record<string, readonly string[]>> = {
  format: ['--format=json'],
  output: ['--output=y.csv.gz'],
  protocol: ['--protocol=tcp'],
  silent: ['--silent', '--silent'],
  section: ['--section=x1'],
  'default-character-set': ['--default-character-set=latin1'],
  nameserver: ['--nameserver=127.0.0.1'],
  'wiki-fields': ['--wiki-fields=size'],
  resume: ['--resume=1h'],
};

/** Other options that an option needs to have an effect. */
const needs: Readonly<Record<string, readonly string[]>> = {
  'binary-as-text': ['--format=parquet'],
  'redacted-host': ['--redacted'],
  'select-limit': ['--safe-updates'],
  'max-join-size': ['--safe-updates'],
};

/** Options that end the run, replace other options of the test, or name a file that must exist. */
const untested = new Set([
  ...['help', 'version', 'debug', 'print-defaults', 'print-target', 'client', 'wikis', 'except'],
  ...['list-wikis', 'list-lists', 'completion'],
  ...['defaults-file', 'defaults-extra-file', 'credentials', 'provenance', 'no-defaults'],
]);

function useOption(option: ClientOption | OwnOption): readonly string[] {
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
const tested = all.filter(({ name }) => !untested.has(name));

/** Returns the arguments of a run in which the option can be used. */
function argumentsFor(option: ClientOption | OwnOption): string[] {
  const many = !('insteadWithWikis' in option) && option.name !== 'output';
  const output = option.name === 'unordered' ? '-' : 'x';
  const base = ['-e', 'x', `--output=${output}`, ...(needs[option.name] ?? [])];
  return many ? ['--wikis=all', ...base] : base;
}

describe('the data of a run depends on', () => {
  it.each(tested.filter(({ data }) => data !== undefined))('--$name', (option) => {
    const run = argumentsFor(option);
    const keys = option.data?.map(({ key }) => key) ?? [];
    const before = readDataValues(context(run), 'rows and form');
    const after = readDataValues(context([...run, ...useOption(option)]), 'rows and form');
    const changed = Object.keys(after).filter(
      (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
    );
    expect(changed.length).toBeGreaterThan(0);
    // Some keys may stay: a single --verbose does not change the format.
    expect(keys).toEqual(expect.arrayContaining(changed));
  });
});

describe('the data of a run does not depend on', () => {
  it.each(tested.filter(({ data }) => data === undefined))('--$name', (option) => {
    const run = argumentsFor(option);
    const before = readDataValues(context(run), 'rows and form');
    expect(readDataValues(context([...run, ...useOption(option)]), 'rows and form')).toEqual(
      before,
    );
  });
});

describe('the recorded options', () => {
  it('have the values of the run, without passwords', () => {
    const argv = ['--wikis=s1', '-e', 'x', '--output=x.csv.gz', '--timestamps=iso', '-N'];
    const init = "--init-command=set password = password('secret')";
    const options = readDataOptions(context([...argv, init]));
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

  it('say whether a file of one wiki has the wiki column', () => {
    const column = (...argv: string[]) =>
      readDataOptions(context(['--wikis=s1', '-e', 'x', ...argv])).wikiColumn;
    expect(column('--output=x/')).toBeNull();
    expect(column('--output=x/', '--wiki-column=wiki')).toBe('wiki');
    expect(column('--output={wiki}.csv')).toBeNull();
    expect(column('--output=x.csv')).toBe('wiki');
    expect(column('--wiki-column=')).toBeNull();
  });
});
