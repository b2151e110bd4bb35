import { describe, expect, it } from 'vitest';
import { Dblists } from '../../src/wikis/dblists.js';
import { readWikiFields, wikiFieldNames } from '../../src/wikis/wiki-fields.js';
import { createCheckout } from './checkout.js';

const lists = new Dblists(
  createCheckout({
    'wikipedia.dblist': 'itwiki\nbe_x_oldwiki\nwiki\n',
    'wiktionary.dblist': 'enwiktionary\n',
    'special.dblist': 'commonswiki\n',
    'wikimedia.dblist': 'nlwikimedia\n',
    'small.dblist': 'nlwikimedia\n',
    'medium.dblist': 'enwiktionary\n',
    'large.dblist': 'itwiki\ncommonswiki\n',
    'closed.dblist': 'nlwikimedia\n',
    'private.dblist': 'officewiki\n',
  }),
);

describe('the fields of a wiki', () => {
  it.each([
    ['itwiki', 's2', 's2 wikipedia large it 0 0'],
    ['be_x_oldwiki', 's3', 's3 wikipedia null be-x-old 0 0'],
    ['enwiktionary', 's2', 's2 wiktionary medium en 0 0'],
    ['commonswiki', 's4', 's4 special large null 0 0'],
    ['nlwikimedia', undefined, 'null wikimedia small null 1 0'],
    ['officewiki', 's3', 's3 null null null 0 1'],
    // The name is only the ending.
    ['wiki', 's3', 's3 wikipedia null null 0 0'],
    ['unknown', 'x1', 'x1 null null null 0 0'],
  ])('%s', (wiki, section, expected) => {
    const fields = readWikiFields(wikiFieldNames, wiki, section, lists);
    expect(wikiFieldNames.map((name) => String(fields[name])).join(' ')).toBe(expected);
  });

  it('are null if their lists do not exist', () => {
    const empty = new Dblists(createCheckout({ 's1.dblist': 'enwiki\n' }));
    expect(readWikiFields(['family', 'size', 'language', 'closed'], 'enwiki', 's1', empty)).toEqual(
      {
        family: null,
        size: null,
        language: null,
        closed: null,
      },
    );
  });

  it('contain only the wanted ones', () => {
    expect(readWikiFields(['size'], 'itwiki', 's2', lists)).toEqual({ size: 'large' });
  });
});
