import { expect, it } from 'vitest';
import { expectSame, runBoth, withoutPlugin } from './compare.js';

/*
 * mysql2 encodes the user name in the character set of the connection with iconv-lite, which is in
 * a separate bundle. The program does not load that bundle for ASCII names.
 */
const options = { mask: withoutPlugin };

const characterSets = [
  'utf8mb4',
  'utf8mb3',
  'latin1',
  'latin2',
  'cp1251',
  'koi8r',
  'greek',
  'sjis',
  'gbk',
];

it.each(characterSets)('reports an ASCII user name in %s', (set) =>
  expectSame([`--default-character-set=${set}`, '-unobody', '-pwrong', '-e', 'select 1'], options),
);

it.each([
  ['utf8mb4', 'müller'],
  ['utf8mb3', 'müller'],
  ['utf8mb3', '漢字'],
  ['latin1', 'müller'],
])('reports a user name that is not ASCII in %s: %s', (set, name) =>
  expectSame([`--default-character-set=${set}`, `-u${name}`, '-pwrong', '-e', 'select 1'], options),
);

it.each([
  ['cp1251', 'жук'],
  ['koi8r', 'жук'],
])('sends the user name in the character set of the connection: %s', async (set, name) => {
  const args = [`--default-character-set=${set}`, `-u${name}`, '-pwrong', '-e', 'select 1'];
  const { client, ours } = await runBoth(args, options);
  // The client sends the bytes of its argument unchanged; the server decodes them as this set.
  expect(ours.code).toBe(client.code);
  expect(ours.stderr).toContain('ERROR 1045 (28000): Access denied for user');
});
