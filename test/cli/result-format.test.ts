import { describe, expect, it } from 'vitest';
import {
  chooseClientFormat,
  createFormat,
  type FormatOptions,
  toScriptFormat,
  toVerticalFormat,
} from '../../src/cli/result-format.js';

/** Returns the format that options of the client choose; the defaults are those of the shell. */
function formatWith(options: Partial<FormatOptions> = {}) {
  const flags = { html: false, xml: false, vertical: false, table: false };
  return chooseClientFormat({ ...flags, autoVertical: true, silent: 0, verbose: 0, ...options });
}

describe('the format that the options of the client choose', () => {
  it.each<[Partial<FormatOptions>, string]>([
    [{}, 'table'],
    [{ silent: 1 }, 'tsv'],
    [{ silent: 1, verbose: 2 }, 'tsv'],
    [{ silent: 1, verbose: 3 }, 'table'],
    [{ silent: 2, table: true }, 'table'],
    [{ vertical: true, table: true }, 'vertical'],
    [{ xml: true, vertical: true }, 'xml'],
    [{ html: true, xml: true }, 'html'],
  ])('with %j is %s', (options, name) => expect(formatWith(options).name).toBe(name));
});

describe('the format of results that the shell writes to a file or program', () => {
  it.each([
    ['the default table', formatWith(), 'tsv'],
    ['a table because of -t', formatWith({ table: true }), 'table'],
    ['a table because of -vvv', formatWith({ verbose: 3 }), 'table'],
    ['a table because of --format', createFormat('table'), 'table'],
    ['vertical output', formatWith({ vertical: true }), 'vertical'],
  ])('is for %s the same as in a script', (_description, format, name) => {
    const script = toScriptFormat(format);
    expect(script.name).toBe(name);
    expect(script).not.toMatchObject({ autoVertical: true });
  });
});

describe('the format of a statement that ends in \\G', () => {
  it.each([
    ['a table', formatWith(), 'vertical'],
    ['TSV', formatWith({ silent: 1 }), 'vertical'],
    ['HTML', formatWith({ html: true }), 'html'],
    ['XML', formatWith({ xml: true }), 'xml'],
    ['TSV because of --format', createFormat('tsv'), 'tsv'],
    ['JSON', createFormat('json'), 'json'],
  ])('is instead of %s: %s', (_description, format, name) => {
    expect(toVerticalFormat(format).name).toBe(name);
  });
});
