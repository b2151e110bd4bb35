/** What may stand at the cursor. */
export type Expected =
  /** The word that a statement begins with. */
  | 'statement'
  | 'table'
  /** An alias, or what goes on behind a table. */
  | 'behind-table'
  /** A column, function or value. */
  | 'operand'
  /** An operator, or what goes on behind an expression. */
  | 'behind-operand'
  /** A column of the statement's tables, and nothing else. */
  | 'column'
  | 'database'
  | 'charset'
  /** A name that there is not yet. */
  | 'new-name'
  /** Some word of SQL. */
  | 'anything';

export interface CursorContext {
  expected: Expected;
  /** The word that began this part of the statement: `select`, `where`, `order`, `show` … */
  clause: string;
  /** Whether it is the first thing behind a parenthesis, where a query could begin. */
  opens: boolean;
}
