import { expect, it } from 'vitest';
import { isReserved } from '../../src/completion/names.js';
import type { ReplicaConnection } from '../../src/replica/connection.js';
import { wordChanges } from '../parity/server-words.js';
import { errorOf, loginAs, open, rowsOf, targetOf } from '../replica/open.js';

/** Whether the server takes the word for a column without backticks. */
async function isName(connection: ReplicaConnection, word: string): Promise<boolean> {
  const uses = [
    `select ${word} from (select 1 as \`${word}\`) t`,
    // No such table, which is found out when the syntax was right.
    `insert into nosuch (${word}) values (1)`,
  ];
  for (const sql of uses) {
    if ((await errorOf(rowsOf(connection, sql))).startsWith('1064')) return false;
  }
  return true;
}

it('the words in backticks are those that the server would not take for a name', async () => {
  const connection = await open(targetOf('staging', 'staging'), loginAs('research'));
  try {
    const words = await rowsOf(
      connection,
      `select lower(word) from information_schema.keywords where word regexp '^[a-z_0-9]+$'
       union select lower(function) from information_schema.sql_functions`,
    );
    const found: string[] = [];
    for (const word of words) if (!(await isName(connection, word))) found.push(word);
    const { freed, reserved } = await wordChanges();
    const isChanged = (list: string[], word: string) => list.includes(word.toUpperCase());
    const expected = words.filter(
      (word) => isChanged(reserved, word) || (isReserved(word) && !isChanged(freed, word)),
    );
    expect(found).toEqual(expected);
  } finally {
    connection.close();
  }
});
