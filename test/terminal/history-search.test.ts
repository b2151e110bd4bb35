import { describe, expect, it } from 'vitest';
import { IncrementalSearch, PrefixSearch } from '../../src/terminal/history-search.js';

const entries = ['select 1', 'update a', 'select 1', 'SELECT\n2', 'select 3', 'update a', 'use x'];

/** `u` older, `d` newer; what each gives, `-` where there is nothing. */
const walks: [string, string, number, string, string[]][] = [
  [
    'all of them from an empty line',
    '',
    0,
    'uuuuuu',
    ['use x', 'update a', 'select 3', 'SELECT\n2', 'select 1', '-'],
  ],
  ['back to what was typed', '', 0, 'uudd', ['use x', 'update a', 'use x', '']],
  ['not beyond it', '', 0, 'dud', ['-', 'use x', '']],
  ['those that begin so', 'sel', 3, 'uuu', ['select 3', 'select 1', '-']],
  ['what stands behind the cursor does not count', 'selXX', 3, 'ud', ['select 3', 'selXX']],
  ['the whole line, cursor in front', 'zzz', 0, 'u', ['use x']],
  ['not the same text as was typed', 'use x', 5, 'u', ['-']],
  ['none', 'zzz', 3, 'ud', ['-', '-']],
  ['each text once', 'u', 1, 'uuu', ['use x', 'update a', '-']],
  [
    'after the end the way back is as long',
    'sel',
    3,
    'uuuuddd',
    ['select 3', 'select 1', '-', '-', 'select 3', 'sel', '-'],
  ],
];

describe('Up and Down', () => {
  it.each(walks)('%s', (_, text, cursor, keys, expected) => {
    const search = new PrefixSearch(entries, text, cursor);
    const seen = [...keys].map((key) => (key === 'u' ? search.older() : search.newer()) ?? '-');
    expect(seen).toEqual(expected);
  });
});

/**
 * Keys: `^` older, `v` newer, `<` back, all others typed. What is shown then: the entry, the place of
 * the query in it, `!` if the search failed.
 */
const searches: [string, string, string][] = [
  ['nothing typed', '', '-'],
  ['the latest one that has it', 'a', 'update a @3'],
  ['anywhere', '3', 'select 3 @7'],
  ['an entry that still matches stays', 'sel', 'select 3 @0'],
  ['older', 'sel^', 'SELECT\n2 @0'],
  ['older, past the same text', 'sel^^^', 'select 1 @0 !'],
  ['newer', 'sel^^v', 'SELECT\n2 @0'],
  ['newer than the latest', 'selv', 'select 3 @0 !'],
  ['back from older', 'sel^<', 'select 3 @0'],
  ['back from a letter', 'selx<', 'select 3 @0'],
  ['nowhere: the last one stays', 'selx', 'select 3 @-1 !'],
  ['nowhere, and on', 'selxy', 'select 3 @-1 !'],
  ['nowhere, back, on', 'selx<ect 1', 'select 1 @0'],
  ['back to the beginning', 'a<', '-'],
  ['back beyond it', 'a<<<', '-'],
  ['upper case matters where it is', 'SEL', 'SELECT\n2 @0'],
  ['other lines', '\n', 'SELECT\n2 @6'],
  ['what means something in a pattern', '.', '- !'],
  ['older after a failure is told once', 'sel^^^^^<', 'select 1 @0'],
];

describe('Ctrl-R', () => {
  it.each(searches)('%s: %j', (_, keys, shown) => {
    const search = new IncrementalSearch(entries);
    for (const key of keys) {
      if (key === '^') search.older();
      else if (key === 'v') search.newer();
      else if (key === '<') search.back();
      else search.type(key);
    }
    const { entry, at, failed } = search.state;
    expect(`${entry === undefined ? '-' : `${entry} @${at}`}${failed ? ' !' : ''}`).toBe(shown);
  });

  it('searches for what was searched last when asked before anything is typed', () => {
    const search = new IncrementalSearch(entries, 'sel');
    search.older();
    expect(search.state).toMatchObject({ query: 'sel', entry: 'select 3' });
    search.older();
    expect(search.state.entry).toBe('SELECT\n2');
  });

  it('finds nothing in an empty history', () => {
    const search = new IncrementalSearch([]);
    search.type('a');
    search.older();
    expect(search.state).toMatchObject({ query: 'a', entry: undefined, failed: true });
  });
});
