import type { SqlError } from '../protocol/sql-error.js';
import type { ClientCommand, Statement } from '../script/item.js';

/** How much has come of a statement's results up to now. */
export interface StatementCounts {
  /** Rows of all its result sets. */
  readonly allRows: number;
  /** Their bytes, as the server sent them. */
  readonly bytes: number;
}

/** Is told of what a script runs, beside its results. What it is given is lent. */
export interface StatementWatch {
  /** A statement goes to the server; `counts` grow while it runs. */
  begin(statement: Statement, counts: StatementCounts): void;
  /** It has ended, well or not; called before anything is written about that. */
  end(counts: StatementCounts): void;
  /** The statement that has just ended failed. */
  failed?(error: SqlError): void;
  /** A command of the client is going to be carried out. */
  command?(command: ClientCommand): void;
}
