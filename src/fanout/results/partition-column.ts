import type { Column } from '../../protocol/column.js';
import { WikiFailure } from '../outcome.js';
import { partitionColumn } from '../plan/output-layout.js';

/**
 * Throws WikiFailure if a column has the name of Hive's partition column, which the directory names
 * define: readers would confuse the two. Hive ignores upper and lower case.
 */
export function requireNoPartitionColumn(columns: readonly Column[]): void {
  const names = columns.map(({ name }) => Buffer.from(name).toString().toLowerCase());
  if (!names.includes(partitionColumn)) return;
  const text = `the result has a column '${partitionColumn}', which the directory names define too`;
  throw new WikiFailure(`${text}: rename it with AS`);
}
