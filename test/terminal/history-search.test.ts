import { describe, expect, it } from 'vitest';
import { IncrementalSearch, PrefixSearch } from '../../src/terminal/history-search.js';

const entries = ['select 1', 'update a', 'select 1', 'SELECT\n2', 'select 3', 'update a', 'use x'];

/** Title, text, cursor, keys (`u` older, `d` newer), and the text after each key, `-` for no move. */
const walks: [string, string, number, string, string[]][] = [
  [
    'an empty line recalls all entries',
    '',
    0,
    'uuuuuu',
    ['use x', 'update a', 'select 3', 'SELECT\n2', 'select 1', '-'],
  ],
  ['Down returns to the typed text', '', 0, 'uudd', ['use x', 'update a', 'use x', '']],
  ['Down stops at the typed text', '', 0, 'dud', ['-', 'use x', '']],
  ['only entries with the prefix are recalled', 'sel', 3, 'uuu', ['select 3', 'select 1', '-']],
  ['text after the cursor is not compared', 'selXX', 3, 'ud', ['select 3', 'selXX']],
  ['with the cursor at the start all entries match', 'zzz', 0, 'u', ['use x']],
  ['an entry equal to the typed text is skipped', 'use x', 5, 'u', ['-']],
  ['case matters if an entry has the same', 'SEL', 3, 'uu', ['SELECT\n2', '-']],
  [
    'case is ignored otherwise',
    'Sel',
    3,
    'uuuud',
    ['select 3', 'SELECT\n2', 'select 1', '-', 'SELECT\n2'],
  ],
  ['a prefix that no entry has recalls nothing', 'zzz', 3, 'ud', ['-', '-']],
  ['repeated entries are recalled once', 'u', 1, 'uuu', ['use x', 'update a', '-']],
  [
    'Up beyond the oldest entry does not count as a move',
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
 * Title, keys (`^` older, `v` newer, `<` step back, all others are typed), and the state after them:
 * the entry, `@` and the offset of the query in it, `!` if the search failed.
 */
const searches: [string, string, string][] = [
  ['nothing typed', '', '-'],
  ['the latest entry that contains the query', 'a', 'update a @3'],
  ['a match anywhere in the entry', '3', 'select 3 @7'],
  ['an entry that still matches stays', 'sel', 'select 3 @0'],
  ['an older match', 'sel^', 'SELECT\n2 @0'],
  ['older entries with the same text are skipped', 'sel^^^', 'select 1 @0 !'],
  ['a newer match', 'sel^^v', 'SELECT\n2 @0'],
  ['nothing is newer than the latest match', 'selv', 'select 3 @0 !'],
  ['a step back after an older match', 'sel^<', 'select 3 @0'],
  ['a step back after a letter', 'selx<', 'select 3 @0'],
  ['without a match the last entry stays', 'selx', 'select 3 @-1 !'],
  ['a longer query without a match', 'selxy', 'select 3 @-1 !'],
  ['a step back after a failure, then more letters', 'selx<ect 1', 'select 1 @0'],
  ['a step back to the start', 'a<', '-'],
  ['no step back beyond the start', 'a<<<', '-'],
  ['an upper-case query is case-sensitive', 'SEL', 'SELECT\n2 @0'],
  ['a match in another line', '\n', 'SELECT\n2 @6'],
  ['characters of regular expressions are literal', '.', '- !'],
  ['repeated failures count as one step', 'sel^^^^^<', 'select 1 @0'],
];

describe('Ctrl-R', () => {
  it.each(searches)('%s: %j', (_, keys, expected) => {
    const search = new IncrementalSearch(entries);
    for (const key of keys) {
      if (key === '^') search.older();
      else if (key === 'v') search.newer();
      else if (key === '<') search.stepBack();
      else search.type(key);
    }
    const { entry, offset, failed } = search.state;
    expect(`${entry === undefined ? '-' : `${entry} @${offset}`}${failed ? ' !' : ''}`).toBe(
      expected,
    );
  });

  it('searches for the last query again if nothing was typed', () => {
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
