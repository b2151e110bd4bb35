import { lenencSize, lenencValue } from '../lenenc.js';
import type { ReplicaConnection } from '../replica/connection.js';

/** A cell's bytes as the server sent them; null for NULL. */
export type Cell = Uint8Array | null;

const nullMarker = 0xfb;

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
    endOfRows() {},
    pressure: () => undefined,
  });
  return rows;
}

function cellsOf(bytes: Uint8Array, start: number, end: number): Cell[] {
  const cells: Cell[] = [];
  let at = start;
  while (at < end) {
    if (bytes[at] === nullMarker) {
      cells.push(null);
      at++;
      continue;
    }
    const from = at + lenencSize(bytes, at);
    at = from + lenencValue(bytes, at);
    cells.push(bytes.slice(from, at));
  }
  return cells;
}
