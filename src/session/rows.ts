import { leaveRows } from '../protocol/packets.js';
import { type Cell, cellsOf } from '../protocol/row.js';
import type { ReplicaConnection } from '../replica/connection.js';

/**
 * Runs a statement of the client's own, whose few rows are looked at rather than written. Throws
 * ReplicaError.
 */
export async function fetchRows(connection: ReplicaConnection, sql: Uint8Array): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  await connection.query(sql, {
    ok() {},
    resultSet() {},
    row: (bytes, start, end) => rows.push(cellsOf(bytes, start, end)),
    takeRows: leaveRows,
    endOfRows() {},
    pressure: () => undefined,
  });
  return rows;
}
