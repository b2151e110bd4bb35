import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clientOptions } from '../../src/cli/client-options.js';
import { helpText } from '../../src/cli/help.js';
import { normalName } from '../../src/cli/option.js';
import { ownOptions } from '../../src/cli/own-options.js';
import { factsOf, outputFormats } from '../../src/output/formats.js';
import { isClientWithin, type VersionRange } from '../farm/reference-client.js';
import { mariadb } from './client.js';

/** Long names at the begin of a line of help, short letters with them. */
function offered(text: string): string[] {
  return [...text.matchAll(/^ {2}(-., | {4})--([a-z0-9-]+)/gm)].map(([, , name]) => name ?? '');
}

describe('help', () => {
  it('offers the wrapper’s options and the supported ones of the client, and no others', () => {
    const supported = clientOptions.filter((option) => !option.inert);
    const names = [...ownOptions, ...supported].map(({ name }) => normalName(name));
    expect(offered(helpText()).toSorted()).toEqual(names.toSorted());
  });

  it('fits a terminal', () => {
    const widest = Math.max(
      ...helpText()
        .split('\n')
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(96);
  });

  it('lists the formats, as the README does', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    for (const name of outputFormats) {
      expect(helpText()).toContain(`\n  ${name.padEnd(11)}${factsOf(name).help}\n`);
      expect(readme).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm'));
      for (const extension of factsOf(name).extensions)
        expect(readme).toContain(`\`.${extension}\``);
    }
  });

  it('says where target and credentials are found', () => {
    const text = helpText().replaceAll(/\s+/g, ' ');
    expect(text).toContain('the dblists of mediawiki-config');
    expect(text).toContain('research-client.cnf');
  });
});

/** Options of newer clients that we do not have. */
const newer: (VersionRange & { names: string[] })[] = [
  { since: '11.8', reason: 'shows what the optimizer expects', names: ['show-query-costs'] },
  { since: '11.8', reason: 'trusts a fingerprint', names: ['ssl-fp', 'ssl-fplist'] },
];
const lacking = newer.filter(isClientWithin).flatMap(({ names }) => names);

describe('the table of options', () => {
  it('has each option of the mariadb client, with its letter', () => {
    const { stdout } = mariadb(['--no-defaults', '--help']);
    const list = stdout.slice(stdout.indexOf('\n  -?, --help'), stdout.indexOf('\nVariables'));
    const found = [...list.matchAll(/^ {2}(?:-(.), +)?--([a-z0-9-]+)/gm)]
      .map(([, letter, name]) => `${name} ${letter ?? ''}`)
      // Another letter for help, and another name that shares the letter of --safe-updates.
      .filter((line) => line !== 'help I' && line !== 'i-am-a-dummy U');
    const ours = clientOptions
      .filter((option) => option.name !== 'i-am-a-dummy')
      .map((option) => `${normalName(option.name)} ${option.letter ?? ''}`);
    const all = [...ours, ...lacking.map((name) => `${name} `)];
    expect(all.toSorted()).toEqual(found.toSorted());
  });

  it('has the client’s defaults of booleans', () => {
    const { stdout } = mariadb(['--no-defaults', '--help']);
    const values = [...stdout.matchAll(/^([a-z-]+) +(TRUE|FALSE)$/gm)].map(([, name, value]) => [
      name,
      value === 'TRUE' ? 'on' : 'off',
    ]);
    const ours = clientOptions
      .filter((option) => option.kind === 'boolean' || option.kind === 'switch')
      .map((option) => [normalName(option.name), option.initial]);
    const without = values.filter(([name]) => !lacking.includes(name ?? ''));
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(without));
  });
});
