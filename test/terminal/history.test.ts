import { describe, expect, it } from 'vitest';
import { History, historyFile } from '../../src/terminal/history.js';

function historyOf(...texts: string[]): History {
  const history = History.open({ file: undefined, ignore: '*secret*' });
  for (const text of texts) history.add(text);
  return history;
}

describe('what is kept', () => {
  it.each<[string, string[], string[]]>([
    ['each statement whole', ['select\n  1;', 'a'], ['select\n  1;', 'a']],
    ['not the same twice in a row', ['a', 'a', 'b', 'a'], ['a', 'b', 'a']],
    ['nothing that is blank', ['', ' ', '\n\t', 'a'], ['a']],
    ['what begins with a blank', ['  a'], ['  a']],
    ['without the blanks at its end', ['a \n', 'a'], ['a']],
    ['nothing that the pattern matches', ['a', 'select secret', 'b'], ['a', 'b']],
    ['no password', ["set password = 'x';", 'b'], ['b']],
  ])('%s', (_, texts, kept) => {
    expect(historyOf(...texts).entries).toEqual(kept);
  });

  it('drops the oldest beyond the limit', () => {
    const history = History.open({ file: undefined, ignore: undefined, limit: 2 });
    for (const text of ['a', 'b', 'c']) history.add(text);
    expect(history.entries).toEqual(['b', 'c']);
  });
});

describe('a suggestion', () => {
  it.each([
    ['the latest that goes on so', 'select', 'select 2'],
    ['whole, with its other lines', 'upd', 'update x\nset y = 1'],
    ['not what is there already', 'select 2', undefined],
    ['upper and lower case differ', 'SELECT', undefined],
    ['nothing for nothing', '', undefined],
    ['nothing for a blank', ' ', undefined],
    ['nothing where nothing begins so', 'x', undefined],
  ])('%s: %j', (_, prefix, suggested) => {
    const history = historyOf('select 1', 'update x\nset y = 1', 'select 2', ' x', 'other');
    expect(history.suggestion(prefix)).toBe(suggested);
  });
});

describe('the name of the file', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['in the home directory', { HOME: '/h' }, '/h/.mysql_history'],
    ['MYSQL_HISTFILE', { HOME: '/h', MYSQL_HISTFILE: '/a' }, '/a'],
    ['MARIADB_HISTFILE', { HOME: '/h', MARIADB_HISTFILE: '/b' }, '/b'],
    ['MARIADB_HISTFILE first', { MYSQL_HISTFILE: '/a', MARIADB_HISTFILE: '/b' }, '/b'],
    ['none for an empty name', { HOME: '/h', MYSQL_HISTFILE: '' }, undefined],
    ['none without a home directory', {}, undefined],
  ])('%s', (_, environment, file) => {
    expect(historyFile(environment)).toBe(file);
  });
});
