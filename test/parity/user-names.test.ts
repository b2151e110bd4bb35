import { it } from 'vitest';
import { expectSame, withoutPlugin } from './compare.js';

/*
 * Names of users and databases are sent unchanged, whatever the character set of the connection.
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
  // mysql2 knows no encoding of these.
  'dec8',
  'swe7',
];

const names = ['nobody', 'müller', 'жук', '漢字', 'a😀b', '\u{10ffff}', 'é\u0301'];

it.each([
  ...characterSets.map((set) => [set, 'mül😀ler']),
  ...names.map((name) => ['utf8mb3', name]),
])('sends the bytes of a name in %s: %s', async (set, name) => {
  const characterSet = `--default-character-set=${set}`;
  await expectSame([characterSet, `-u${name}`, '-pwrong', '-e', 'select 1'], options);
  await expectSame([characterSet, `-D${name}`, '-e', 'select 1'], options);
});

it.each(['utf8mb4', 'utf8mb3', 'latin1', 'dec8'])(
  'sets the character set of the session with the login: %s',
  (set) =>
    expectSame([
      `--default-character-set=${set}`,
      '-e',
      "show variables like 'character\\_set\\_c%'; show variables like 'collation_connection'",
    ]),
);
