import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clientOptions } from '../../src/cli/client-options.js';
import { formatHelp } from '../../src/cli/help.js';
import { helpTopics } from '../../src/cli/help-topics.js';
import { normalizeName } from '../../src/cli/option.js';
import { ownOptions } from '../../src/cli/own-options.js';
import { formatPropertiesOf, outputFormats } from '../../src/output/formats.js';
import { isClientWithin, type VersionRange } from '../farm/reference-client.js';
import { mariadb } from './client.js';

// Laying out the text takes yargs a tenth of a second.
const help = formatHelp('all');
const short = formatHelp();

/** Returns the long names of the options at the beginning of the lines of the help. */
function readOptionNames(text: string): string[] {
  return [...text.matchAll(/^ {2}(-., | {4})?--([a-z0-9-]+)/gm)].map(([, , name]) => name ?? '');
}

describe('the text of --help', () => {
  it('has at most 60 lines of at most 80 columns', () => {
    const lines = short.split('\n');
    expect(lines.length - 1).toBeLessThanOrEqual(60);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('lists twenty options, with the names of their arguments', () => {
    const common = [...ownOptions, ...clientOptions].filter((option) => option.common);
    expect(readOptionNames(short).toSorted()).toEqual(
      common.map(({ name }) => normalizeName(name)).toSorted(),
    );
    expect(common).toHaveLength(20);
    expect(short).toContain('--output FILE ');
  });

  it('has six examples, each on one line', () => {
    const lines = short.split('\n').filter((line) => /^(analytics-mysql|echo) /.test(line));
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(line).toMatch(/ {2}# .+$/);
  });

  it('names all topics', () => {
    for (const topic of helpTopics) expect(short).toMatch(new RegExp(`--help.*\\b${topic}\\b`));
  });
});

describe('the text of --help TOPIC', () => {
  it.each([
    ['wikis', ['wikis', 'except', 'resume'], 'In a --wikis expression'],
    ['formats', ['format', 'output', 'table'], 'comma-separated, with a header line'],
    ['connecting', ['section', 'user', 'defaults-file'], 'the dblists of mediawiki-config'],
    ['shell', ['vi', 'prompt'], "Type 'help' for its commands"],
    ['client', ['execute', 'batch', 'ssl'], 'Long options may be abbreviated'],
  ] as const)('%s lists only options of the topic, and explains it', (topic, some, text) => {
    const shown = formatHelp(topic);
    const names = readOptionNames(shown);
    expect(names).toEqual(expect.arrayContaining([...some]));
    expect(names.length).toBeLessThan(readOptionNames(help).length);
    expect(shown.replaceAll(/\s+/g, ' ')).toContain(text);
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(96);
  });
});

describe('the text of --help all', () => {
  it('lists the own options and the supported options of the client, and no others', () => {
    const supported = clientOptions.filter((option) => !option.inert);
    const names = [...ownOptions, ...supported].map(({ name }) => normalizeName(name));
    expect(readOptionNames(help).toSorted()).toEqual(names.toSorted());
  });

  it('is at most 96 columns wide', () => {
    const widest = Math.max(...help.split('\n').map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(96);
  });

  it('lists the formats, as docs/formats.md does', () => {
    const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
    for (const name of outputFormats) {
      expect(help).toContain(`\n  ${name.padEnd(11)}${formatPropertiesOf(name).help}\n`);
      expect(page).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm'));
      for (const extension of formatPropertiesOf(name).extensions)
        expect(page).toContain(`\`.${extension}\``);
    }
  });

  it('explains where target and credentials are looked up', () => {
    const text = help.replaceAll(/\s+/g, ' ');
    expect(text).toContain('the dblists of mediawiki-config');
    expect(text).toContain('research-client.cnf');
  });
});

/** Options of newer clients that this program does not have. */
const newer: (VersionRange & { names: string[] })[] = [
  { since: '11.8', reason: 'shows what the optimizer expects', names: ['show-query-costs'] },
  { since: '11.8', reason: 'trusts a fingerprint', names: ['ssl-fp', 'ssl-fplist'] },
];
const missingNames = newer.filter(isClientWithin).flatMap(({ names }) => names);

describe('the table of options', () => {
  it('has each option of the mariadb client, with its letter', () => {
    const { stdout } = mariadb(['--no-defaults', '--help']);
    const list = stdout.slice(stdout.indexOf('\n  -?, --help'), stdout.indexOf('\nVariables'));
    const found = [...list.matchAll(/^ {2}(?:-(.), +)?--([a-z0-9-]+)/gm)]
      .map(([, letter, name]) => `${name} ${letter ?? ''}`)
      // Leave out a second letter of --help, and a second name with the letter of --safe-updates.
      .filter((line) => line !== 'help I' && line !== 'i-am-a-dummy U');
    const ours = clientOptions
      .filter((option) => option.name !== 'i-am-a-dummy')
      .map((option) => `${normalizeName(option.name)} ${option.letter ?? ''}`);
    const all = [...ours, ...missingNames.map((name) => `${name} `)];
    expect(all.toSorted()).toEqual(found.toSorted());
  });

  it('has the same defaults of booleans as the client', () => {
    const { stdout } = mariadb(['--no-defaults', '--help']);
    const values = [...stdout.matchAll(/^([a-z-]+) +(TRUE|FALSE)$/gm)].map(([, name, value]) => [
      name,
      value === 'TRUE' ? 'on' : 'off',
    ]);
    const ours = clientOptions
      .filter((option) => option.kind === 'boolean' || option.kind === 'switch')
      .map((option) => [normalizeName(option.name), option.initial]);
    const without = values.filter(([name]) => !missingNames.includes(name ?? ''));
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(without));
  });
});
