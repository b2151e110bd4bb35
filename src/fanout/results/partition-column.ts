import type { Column } from '../../protocol/column.js';
import { WikiFailure } from '../outcome.js';
import { partitionColumn } from '../plan/output-layout.js';

/**
 * Throws a WikiFailure where a column is called as the one that the directories' names make: readers would
 * take one for the other. Hive does not look at capital letters.
 */
export function requireNoPartitionColumn(columns: readonly Column[]): void {
  const names = columns.map(({ name }) => Buffer.from(name).toString().toLowerCase());
  if (!names.includes(partitionColumn)) return;
  const text = `the result has a column '${partitionColumn}', which is that of the directories' names`;
  throw new WikiFailure(`${text}: rename it with AS`);
}
