import { expect, it } from 'vitest';
import { isReserved } from '../../src/completion/quote-name.js';
import type { ReplicaConnection } from '../../src/replica/connection.js';
import { wordChanges } from '../parity/server-words.js';
import {
  catchSqlError,
  loginAs,
  makeSectionTarget,
  openConnection,
  queryRows,
} from '../replica/open-connection.js';

/** Whether the server accepts the word as a column name without backticks. */
async function isAcceptedAsName(connection: ReplicaConnection, word: string): Promise<boolean> {
  const statements = [
    `select ${word} from (select 1 as \`${word}\`) t`,
    // The table does not exist, which the server reports only if the syntax is correct.
    `insert into nosuch (${word}) values (1)`,
  ];
  for (const sql of statements) {
    if ((await catchSqlError(queryRows(connection, sql))).startsWith('1064')) return false;
  }
  return true;
}

it('isReserved returns true for exactly the words that the server does not accept as a name', async () => {
  const connection = await openConnection(
    makeSectionTarget('staging', 'staging'),
    loginAs('research'),
  );
  try {
    const words = await queryRows(
      connection,
      `select lower(word) from information_schema.keywords where word regexp '^[a-z_0-9]+$'
       union select lower(function) from information_schema.sql_functions`,
    );
    const found: string[] = [];
    for (const word of words) if (!(await isAcceptedAsName(connection, word))) found.push(word);
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
