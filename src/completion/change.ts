import type { Expected } from './cursor-context.js';

/** What a word changes. */
export interface Change {
  expected: Expected;
  clause: string;
  /** Whether a comma is followed by another table from here on; undefined: as before. */
  tablesFollow?: boolean;
}

export const expression = (clause: string): Change => ({
  expected: 'operand',
  clause,
  tablesFollow: false,
});
export const tables = (clause: string): Change => ({
  expected: 'table',
  clause,
  tablesFollow: true,
});
export const table = (clause: string): Change => ({
  expected: 'table',
  clause,
  tablesFollow: false,
});
export const anything = (clause: string): Change => ({
  expected: 'anything',
  clause,
  tablesFollow: false,
});
export const column = (clause: string): Change => ({
  expected: 'column',
  clause,
  tablesFollow: false,
});
export const newName = (clause: string): Change => ({ expected: 'new-name', clause });
export const database: Change = { expected: 'database', clause: 'database' };
export const characterSetName: Change = { expected: 'charset', clause: 'charset' };
/** Another statement follows: EXPLAIN SELECT, CREATE TABLE x AS SELECT. */
export const statement: Change = { expected: 'statement', clause: '' };
