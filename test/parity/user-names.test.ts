import { expect, it } from 'vitest';
import { expectSame, runBoth, withoutPlugin } from './compare.js';

/*
 * mysql2 writes a user's name in the connection's character set, which is iconv-lite's work: a
 * bundle of its own, that the others do without where a name is ASCII.
 */
const where = { mask: withoutPlugin };

const sets = ['utf8mb4', 'utf8mb3', 'latin1', 'latin2', 'cp1251', 'koi8r', 'greek', 'sjis', 'gbk'];

it.each(sets)('a user who is ASCII is told, in %s', (set) =>
  expectSame([`--default-character-set=${set}`, '-unobody', '-pwrong', '-e', 'select 1'], where),
);

it.each([
  ['utf8mb4', 'müller'],
  ['utf8mb3', 'müller'],
  ['utf8mb3', '漢字'],
  ['latin1', 'müller'],
])('a user who is not, in %s: %s', (set, name) =>
  expectSame([`--default-character-set=${set}`, `-u${name}`, '-pwrong', '-e', 'select 1'], where),
);

it.each([
  ['cp1251', 'жук'],
  ['koi8r', 'жук'],
])('a user is written in the set of the connection: %s', async (set, name) => {
  const args = [`--default-character-set=${set}`, `-u${name}`, '-pwrong', '-e', 'select 1'];
  const { client, ours } = await runBoth(args, where);
  // The client sends the bytes that it was given; the server reads them in the set.
  expect(ours.code).toBe(client.code);
  expect(ours.stderr).toContain('ERROR 1045 (28000): Access denied for user');
});
