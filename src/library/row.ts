import type { Failure } from '../failure.js';
import type { ReplicaError } from './replica-error.js';

/**
 * The JavaScript value of a cell. Its type depends only on the type of the column, except for NULL:
 *
 * | column | value |
 * | --- | --- |
 * | any, NULL | `null` |
 * | TINYINT … INT, YEAR | number |
 * | BIGINT | bigint (see `ValueOptions.bigint`) |
 * | FLOAT, DOUBLE | number |
 * | DECIMAL, and numbers with ZEROFILL | string, as the server formats it |
 * | BIT | bigint |
 * | DATE, DATETIME, TIMESTAMP, TIME | string, as the server formats it |
 * | CHAR, VARCHAR, TEXT, ENUM, SET, JSON, UUID … | string |
 * | BINARY, VARBINARY, BLOB | string (see `ValueOptions.binary`) |
 * | geometries | Uint8Array: four bytes of SRID, then WKB |
 */
export type Value = null | string | number | bigint | Uint8Array;

/** A row as an object, whose keys are the names of the columns. */
export type Row = Record<string, Value>;

/** A column of a result set. */
export interface Column {
  /** The name in the result set, such as the alias that AS defines. */
  name: string;
  /** The SQL type in lowercase and without its length: `varbinary`, `bigint` … */
  type: string;
  unsigned: boolean;
  /** Whether the column may contain NULL. */
  nullable: boolean;
  /** The table of the column, or its alias in the query; empty for an expression. */
  table: string;
}

/** A query on one wiki: an async iterable of its rows, which can be read only once. */
export interface Query<R> extends AsyncIterable<R> {
  /**
   * Starts the query and resolves to the columns as soon as the server has sent them; to [] if no
   * statement returns rows. Rejects with the errors of an iteration.
   */
  columns(): Promise<Column[]>;
  /** Reads all rows into an array, for results that fit in memory. */
  toArray(): Promise<R[]>;
  /**
   * Ends the query, also on the server, and closes the connection. Needed only if a program does not
   * read all rows, since leaving a `for await` loop calls it. Can be called at any time, and again.
   */
  close(): Promise<void>;
}

/** A row with the wiki that it belongs to. */
export interface WikiRow<R> {
  wiki: string;
  row: R;
}

/** The outcome of one wiki. */
export interface WikiOutcome {
  wiki: string;
  section: string;
  /** `skipped` means that the wiki does not have the table (error 1146). */
  outcome: 'ok' | 'skipped' | 'failed';
  /**
   * Why there are no rows: an error of the server or the connection, or a Failure `wiki-failed` such as
   * different columns. undefined if the outcome is `ok`.
   */
  error: ReplicaError | Failure | undefined;
  rows: number;
  /** The size of the rows in bytes, as the server sent them. */
  bytes: number;
  /** Seconds from the start of the first attempt to the end. */
  seconds: number;
  /** The version of the server; undefined if no server answered. */
  serverVersion: string | undefined;
}

/** A query on many wikis: an async iterable of their rows, which can be read only once. */
export interface WikisQuery<R> extends AsyncIterable<WikiRow<R>> {
  /** The wikis that have ended so far, in the order in which they ended; all after the last row. */
  readonly outcomes: readonly WikiOutcome[];
  /** Reads all rows into an array, for results that fit in memory. */
  toArray(): Promise<WikiRow<R>[]>;
  /**
   * Ends the query, also on the servers. Needed only if a program does not read all rows, since leaving
   * a `for await` loop calls it. Can be called at any time, and again.
   */
  close(): Promise<void>;
}
