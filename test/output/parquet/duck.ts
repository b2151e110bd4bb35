import { DuckDBInstance } from '@duckdb/node-api';

/** What DuckDB answers, values as text or null. */
export async function duck(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(sql);
  const rows = result.getRowsJson();
  connection.closeSync();
  return rows;
}
