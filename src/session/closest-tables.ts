import type { ReplicaConnection } from '../replica/connection.js';
import { printable } from '../text/printable.js';
import { findClosestNames } from '../wikis/suggest-names.js';
import { fetchRows } from './fetch-rows.js';

/** Milliseconds to wait for a server's list of tables; after that there is no suggestion. */
const timeoutMilliseconds = 5000;

/**
 * Resolves to the names of the tables of a database that are most similar to an unknown one, ready
 * to be printed; none if the server does not list them. Never rejects.
 *
 * @param connect opens a connection for this; it is closed afterwards
 */
export async function findClosestTables(
  table: string,
  database: string,
  connect: () => Promise<ReplicaConnection>,
): Promise<string[]> {
  let connection: ReplicaConnection | undefined;
  let isLate = false;
  const read = async () => {
    connection = await connect();
    if (isLate) connection.destroy();
    const sql = `SHOW TABLES FROM \`${database.replaceAll('`', '``')}\``;
    const rows = await fetchRows(connection, Buffer.from(sql));
    return rows.map(([name]) => Buffer.from(name ?? []).toString());
  };
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), timeoutMilliseconds);
  });
  const tables = await Promise.race([read().catch(() => []), timeout]);
  clearTimeout(timer);
  isLate = true;
  connection?.destroy();
  return findClosestNames(table.toLowerCase(), tables).map(printable);
}
