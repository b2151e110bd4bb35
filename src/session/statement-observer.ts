import type { SqlError } from '../protocol/sql-error.js';
import type { ClientCommand, Statement } from '../script/item.js';

/** The amount of results of a statement that has arrived so far. */
export interface StatementCounts {
  /** The number of rows of all its result sets. */
  readonly allRows: number;
  /** The size of those rows, as the server sent them. */
  readonly bytes: number;
}

/** Observes the statements and commands of a script. Arguments are valid only during the call. */
export interface StatementObserver {
  /** Called before a statement is sent to the server; `counts` grow while it runs. */
  onStart(statement: Statement, counts: StatementCounts): void;
  /** Called when the statement has ended, with or without an error, before anything is printed. */
  onEnd(counts: StatementCounts): void;
  /** Called after onEnd() if the statement failed. */
  onError?(error: SqlError): void;
  /** Called before a client command runs. */
  onCommand?(command: ClientCommand): void;
}
