import { describe, expect, it, test } from 'vitest';
import { History, historyFilePath } from '../../src/terminal/history.js';

function historyOf(...texts: string[]): History {
  const history = History.open({ file: undefined, ignore: '*secret*' });
  for (const text of texts) history.add(text);
  return history;
}

describe('the entries of the history', () => {
  it.each<[string, string[], string[]]>([
    ['are whole statements', ['select\n  1;', 'a'], ['select\n  1;', 'a']],
    ['do not repeat directly', ['a', 'a', 'b', 'a'], ['a', 'b', 'a']],
    ['are not blank', ['', ' ', '\n\t', 'a'], ['a']],
    ['may begin with a blank', ['  a'], ['  a']],
    ['have no blanks at the end', ['a \n', 'a'], ['a']],
    ['do not match MYSQL_HISTIGNORE', ['a', 'select secret', 'b'], ['a', 'b']],
    ['contain no password', ["set password = 'x';", 'b'], ['b']],
  ])('%s', (_, texts, kept) => {
    expect(historyOf(...texts).entries).toEqual(kept);
  });

  it('lose the oldest one beyond the limit', () => {
    const history = History.open({ file: undefined, ignore: undefined, limit: 2 });
    for (const text of ['a', 'b', 'c']) history.add(text);
    expect(history.entries).toEqual(['b', 'c']);
  });
});

describe('the suggestion', () => {
  it.each([
    ['is the latest entry that begins with the prefix', 'select', 'select 2'],
    ['contains all lines of the entry', 'upd', 'update x\nset y = 1'],
    ['is longer than the prefix', 'select 2', undefined],
    ['ignores case if there is no other', 'UPDATE', 'update x\nset y = 1'],
    ['prefers the same case', 'Select', 'Select 0'],
    ['is undefined for an empty prefix', '', undefined],
    ['is undefined for a blank prefix', ' ', undefined],
    ['is undefined if no entry has the prefix', 'x', undefined],
  ])('%s: %j', (_, prefix, suggested) => {
    const history = historyOf(
      'Select 0',
      'select 1',
      'update x\nset y = 1',
      'select 2',
      ' x',
      'other',
    );
    expect(history.suggest(prefix)).toBe(suggested);
  });
});

test('the suggestion includes entries that were added since the last one', () => {
  const history = historyOf('a');
  expect([history.suggest('s'), history.suggest('se')]).toEqual([undefined, undefined]);
  history.add('select 1');
  expect(history.suggest('sel')).toBe('select 1');
  expect([history.suggest('selx'), history.suggest('sel')]).toEqual([undefined, 'select 1']);
});

describe('the path of the history file', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['is in the home directory by default', { HOME: '/h' }, '/h/.mysql_history'],
    ['is that of MYSQL_HISTFILE', { HOME: '/h', MYSQL_HISTFILE: '/a' }, '/a'],
    ['is that of MARIADB_HISTFILE', { HOME: '/h', MARIADB_HISTFILE: '/b' }, '/b'],
    ['prefers MARIADB_HISTFILE', { MYSQL_HISTFILE: '/a', MARIADB_HISTFILE: '/b' }, '/b'],
    ['is undefined for an empty name', { HOME: '/h', MYSQL_HISTFILE: '' }, undefined],
    ['is undefined without a home directory', {}, undefined],
  ])('%s', (_, environment, file) => {
    expect(historyFilePath(environment)).toBe(file);
  });
});
