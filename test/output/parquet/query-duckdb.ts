import { DuckDBInstance } from '@duckdb/node-api';

/** Returns the rows of a DuckDB query; values are text or null. */
export async function queryDuckDb(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(sql);
  const rows = result.getRowsJson();
  connection.closeSync();
  return rows;
}
