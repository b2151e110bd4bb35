import type { Expected } from './cursor-context.js';

/** How a word changes the context of the text after it. */
export interface ContextChange {
  expected: Expected;
  clause: string;
  /** Whether a table follows each comma from here on; undefined if that does not change. */
  tablesFollow?: boolean;
}

export const expectExpression = (clause: string): ContextChange => ({
  expected: 'operand',
  clause,
  tablesFollow: false,
});
export const expectTables = (clause: string): ContextChange => ({
  expected: 'table',
  clause,
  tablesFollow: true,
});
export const expectTable = (clause: string): ContextChange => ({
  expected: 'table',
  clause,
  tablesFollow: false,
});
export const expectAnything = (clause: string): ContextChange => ({
  expected: 'anything',
  clause,
  tablesFollow: false,
});
export const expectColumn = (clause: string): ContextChange => ({
  expected: 'column',
  clause,
  tablesFollow: false,
});
export const expectNewName = (clause: string): ContextChange => ({ expected: 'new-name', clause });
export const databaseExpected: ContextChange = { expected: 'database', clause: 'database' };
export const characterSetExpected: ContextChange = { expected: 'charset', clause: 'charset' };
/** Another statement follows, as in EXPLAIN SELECT and CREATE TABLE x AS SELECT. */
export const statementExpected: ContextChange = { expected: 'statement', clause: '' };
