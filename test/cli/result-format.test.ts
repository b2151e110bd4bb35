import { describe, expect, it } from 'vitest';
import {
  clientFormat,
  type FormatOptions,
  namedFormat,
  scriptFormat,
  verticalFormat,
} from '../../src/cli/result-format.js';

/** The format that options of the client ask for, by default in a conversation. */
function asked(options: Partial<FormatOptions> = {}) {
  const flags = { html: false, xml: false, vertical: false, table: false };
  return clientFormat({ ...flags, autoVertical: true, silent: 0, verbose: 0, ...options });
}

describe('the format of a conversation', () => {
  it.each<[Partial<FormatOptions>, string]>([
    [{}, 'table'],
    [{ silent: 1 }, 'tsv'],
    [{ silent: 1, verbose: 2 }, 'tsv'],
    [{ silent: 1, verbose: 3 }, 'table'],
    [{ silent: 2, table: true }, 'table'],
    [{ vertical: true, table: true }, 'vertical'],
    [{ xml: true, vertical: true }, 'xml'],
    [{ html: true, xml: true }, 'html'],
  ])('with %j is %s', (options, name) => expect(asked(options).name).toBe(name));
});

describe('what leaves a conversation', () => {
  it.each([
    ['a table that nobody asked for', asked(), 'tsv'],
    ['a table that -t asks for', asked({ table: true }), 'table'],
    ['a table that -vvv asks for', asked({ verbose: 3 }), 'table'],
    ['a table that --format asks for', namedFormat('table'), 'table'],
    ['vertical output', asked({ vertical: true }), 'vertical'],
  ])('%s is written as a script would', (_what, format, name) => {
    const script = scriptFormat(format);
    expect(script.name).toBe(name);
    expect(script).not.toMatchObject({ autoVertical: true });
  });
});

describe('\\G', () => {
  it.each([
    ['a table', asked(), 'vertical'],
    ['TSV', asked({ silent: 1 }), 'vertical'],
    ['HTML', asked({ html: true }), 'html'],
    ['XML', asked({ xml: true }), 'xml'],
    ['TSV that --format asks for', namedFormat('tsv'), 'tsv'],
    ['JSON', namedFormat('json'), 'json'],
  ])('makes of %s: %s', (_what, format, name) => {
    expect(verticalFormat(format).name).toBe(name);
  });
});
