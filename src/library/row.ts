import type { Failure } from '../failure.js';
import type { ReplicaError } from './replica-error.js';

/**
 * What a cell is in JavaScript. Its column alone decides which, never the value, but for NULL:
 *
 * | column | value |
 * | --- | --- |
 * | any, NULL | `null` |
 * | TINYINT … INT, YEAR | number |
 * | BIGINT | bigint (see `ValueOptions.bigint`) |
 * | FLOAT, DOUBLE | number |
 * | DECIMAL, and numbers with ZEROFILL | string, as the server writes it |
 * | BIT | bigint |
 * | DATE, DATETIME, TIMESTAMP, TIME | string, as the server writes it |
 * | CHAR, VARCHAR, TEXT, ENUM, SET, JSON, UUID … | string |
 * | BINARY, VARBINARY, BLOB | string (see `ValueOptions.binary`) |
 * | geometries | Uint8Array: four bytes of SRID, then WKB |
 */
export type Value = null | string | number | bigint | Uint8Array;

/** A row by the columns' names. */
export type Row = Record<string, Value>;

/** A column of a result. */
export interface Column {
  /** As AS named it. */
  name: string;
  /** The type's name in SQL, in small letters and without its length: `varbinary`, `bigint` … */
  type: string;
  unsigned: boolean;
  /** Whether NULL may stand in it. */
  nullable: boolean;
  /** The table that it comes from, as the query names it; empty for an expression. */
  table: string;
}

/** The rows of a query, as they come. They can be read once. */
export interface Query<R> extends AsyncIterable<R> {
  /**
   * The columns, once the server has told them; none if the statement gives no rows. Starts the
   * query; rejects as the rows would.
   */
  columns(): Promise<Column[]>;
  /** All rows, for results that fit in memory. */
  toArray(): Promise<R[]>;
  /**
   * Ends the query, on the server too, and closes the connection: for when not all rows are read.
   * (Leaving a `for await` does it by itself.) Safe at any time.
   */
  close(): Promise<void>;
}

/** A row of one of many wikis. */
export interface WikiRow<R> {
  wiki: string;
  row: R;
}

/** How it went with one wiki. */
export interface WikiOutcome {
  wiki: string;
  section: string;
  /** `skipped`: the table that was asked for is not there (error 1146). */
  outcome: 'ok' | 'skipped' | 'failed';
  /** Why there are no rows: the server's, or what is found here, such as other columns. */
  error: ReplicaError | Failure | undefined;
  rows: number;
  /** Of the rows as the server sent them. */
  bytes: number;
  /** From the first attempt to the end. */
  seconds: number;
  /** Of the server that answered, where one did. */
  serverVersion: string | undefined;
}

/** The rows of many wikis, one wiki after another. They can be read once. */
export interface WikisQuery<R> extends AsyncIterable<WikiRow<R>> {
  /** The wikis that have ended so far, in that order; behind the last row all of them. */
  readonly outcomes: readonly WikiOutcome[];
  /** All rows, for results that fit in memory. */
  toArray(): Promise<WikiRow<R>[]>;
  /** Ends the run, on the servers too. (Leaving a `for await` does it by itself.) Safe at any time. */
  close(): Promise<void>;
}
