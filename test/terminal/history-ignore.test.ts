import { expect, it } from 'vitest';
import { historyFilter } from '../../src/terminal/history-ignore.js';

/** MYSQL_HISTIGNORE, a text, and true if the history leaves it out. */
const patterns: [string | undefined, string, boolean][] = [
  [undefined, 'select 1', false],
  ['', 'select 1', false],
  [':', 'select 1', false],
  ['*drop*', 'drop table x', true],
  ['*DROP*', 'drop table x', true],
  ['*drop*', 'DROP TABLE x', true],
  ['drop*', 'x drop', false],
  ['drop*', '  drop table x', true],
  ['select 1', 'select 1;', true],
  ['select 1;', 'select 1;', true],
  ['select 1', 'select 1\\G', true],
  ['select 1', 'select 12', false],
  ['select ?', 'select 1', true],
  ['select ?', 'select 12', false],
  ['?elect*', 'select 12', true],
  ['*a*:*b*', 'b', true],
  ['*a*:*b*', 'c', false],
  ['*x*', 'select\nx\nfrom y', true],
  ['select.1', 'select 1', false],
  ['(select*', '(select 1)', true],
  ['[a]*', 'a', false],
  ['*日?*', 'select 日本', true],
  ['*a-b*', 'select a-b', true],
  ['*a-b*', 'select a', false],
  ['a/b', 'a/b', true],
  ['^$.+()[]{}|\\', '^$.+()[]{}|\\', true],
];

it.each(patterns)('MYSQL_HISTIGNORE=%s leaves out %j: %s', (pattern, text, leftOut) => {
  expect(historyFilter(pattern)(text)).toBe(leftOut);
});

it('leaves out a text with a password, whatever MYSQL_HISTIGNORE is', () => {
  const text = "create user a identified by 'x'";
  expect([historyFilter(undefined)(text), historyFilter('select*')(text)]).toEqual([true, true]);
});
