/** What the syntax expects at the cursor. */
export type Expected =
  /** The first word of a statement. */
  | 'statement'
  | 'table'
  /** An alias, or a keyword that continues the statement after a table. */
  | 'after-table'
  /** A column, function or value. */
  | 'operand'
  /** An operator, or a keyword that continues the statement after an expression. */
  | 'after-operand'
  /** A column of the tables of the statement, and nothing else. */
  | 'column'
  | 'database'
  | 'charset'
  /** A name that the statement defines. */
  | 'new-name'
  /** Any keyword. */
  | 'anything';

/** The syntactic context of the cursor. */
export interface CursorContext {
  expected: Expected;
  /** The keyword that began this part of the statement: `select`, `where`, `order`, `show`, … */
  clause: string;
  /** Whether the cursor directly follows an opening parenthesis, where a query could begin. */
  isAtStart: boolean;
  /** Whether the aliases of the select list are visible: in ORDER BY, GROUP BY and HAVING. */
  seesAliases: boolean;
}
