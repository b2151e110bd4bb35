import { takeNoRows } from '../protocol/packets.js';
import { type Cell, copyRowCells } from '../protocol/row.js';
import type { ReplicaConnection } from '../replica/connection.js';

/**
 * Runs an internal statement with few rows and resolves to them; they are not printed. Rejects with
 * an SqlError.
 */
export async function fetchRows(connection: ReplicaConnection, sql: Uint8Array): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  await connection.query(sql, {
    ok() {},
    resultSet() {},
    row: (bytes, start, end) => rows.push(copyRowCells(bytes, start, end)),
    takeRows: takeNoRows,
    endOfRows() {},
    backPressure: () => undefined,
  });
  return rows;
}
