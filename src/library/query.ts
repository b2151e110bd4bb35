import { Failure } from '../failure.js';
import type { Column as InnerColumn } from '../protocol/column.js';
import { leaveRows } from '../protocol/packets.js';
import type { ResultHandler } from '../protocol/response.js';
import { SqlError as InnerError } from '../protocol/sql-error.js';
import { killConnection } from '../session/kill.js';
import { SessionConnection } from '../session/session-connection.js';
import { resolveTarget } from '../target/resolve.js';
import { type Deferred, deferred } from './deferred.js';
import { ErrorTranslator } from './errors.js';
import { OpenSockets } from './open-sockets.js';
import type { AsArrays, AsObjects, QueryOptions } from './options.js';
import type { Column, Query, Row, Value } from './row.js';
import { RowQueue } from './row-queue.js';
import { RowReader } from './row-reader.js';
import { loginOf, settingsOf } from './settings-of.js';

/**
 * Runs a statement on a wiki and gives its rows as they come, over one connection of its own.
 *
 * ```ts
 * for await (const { page_title } of query('itwiki', 'select page_title from page')) …
 * ```
 *
 * The server is held back while the rows are not read, so memory does not grow with the result. It
 * would hang up after a while; so when no rows were read for 1.5 seconds, the result is fetched
 * meanwhile, into 32 MB of memory and then a file without a name in TMPDIR.
 * Leaving the loop early, `close()` and `options.signal` end the statement on the server too.
 * Nothing is asked of anybody before the first row (or `columns()`) is; every error comes there.
 *
 * `sql` may hold several statements between semicolons, as long as no more than one of them gives
 * rows: a second result is a Failure `second-result`.
 *
 * Iterating throws a ReplicaError for what the server says, a Failure for what is wrong on this side,
 * and the signal's reason.
 *
 * @param wiki its database, such as `itwiki`; undefined with `options.section`, where the statement
 *   names databases itself
 * @typeParam R the shape of a row, which is not checked
 */
export function query<R extends readonly Value[] = Value[]>(
  wiki: string | undefined,
  sql: string,
  options: QueryOptions & AsArrays,
): Query<R>;
export function query<R extends object = Row>(
  wiki: string | undefined,
  sql: string,
  options?: QueryOptions & AsObjects,
): Query<R>;
export function query(
  wiki: string | undefined,
  sql: string,
  options: QueryOptions & (AsArrays | AsObjects) = {},
): Query<object> {
  return new OneQuery(wiki, sql, options);
}

class OneQuery implements Query<Row | Value[]> {
  readonly #wiki: string | undefined;
  readonly #sql: string;
  readonly #options: QueryOptions & (AsArrays | AsObjects);
  readonly #queue = new RowQueue<Row | Value[]>();
  readonly #columns: Deferred<Column[]> = deferred();
  readonly #sockets = new OpenSockets();
  #connection: SessionConnection | undefined;
  #started = false;
  /** The connection has no more to give: what was asked has been answered. */
  #answered = false;
  #iterated = false;
  /** Nobody waits for rows any more. */
  #stopped = false;
  #stopping: Promise<void> | undefined;

  constructor(
    wiki: string | undefined,
    sql: string,
    options: QueryOptions & (AsArrays | AsObjects),
  ) {
    this.#wiki = wiki;
    this.#sql = sql;
    this.#options = options;
  }

  [Symbol.asyncIterator](): AsyncIterator<Row | Value[], undefined> {
    if (this.#iterated) {
      throw new Failure('read-before', 'the rows of a query can be read once: make another query');
    }
    this.#iterated = true;
    return {
      next: () => {
        this.#start();
        if (this.#options.signal?.aborted) this.#abort();
        return this.#queue.next();
      },
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  columns(): Promise<Column[]> {
    this.#start();
    return this.#columns.promise;
  }

  async toArray(): Promise<(Row | Value[])[]> {
    const rows: (Row | Value[])[] = [];
    for await (const row of this) rows.push(row);
    return rows;
  }

  close(): Promise<void> {
    this.#started = true;
    return this.#stop();
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    const { signal } = this.#options;
    const onAbort = () => this.#abort();
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort);
    void this.#run().finally(() => signal?.removeEventListener('abort', onAbort));
  }

  #abort(): void {
    const { signal } = this.#options;
    const reason = signal?.reason ?? new Failure('aborted', 'the query was aborted');
    void this.#stop(reason);
  }

  /** Never rejects: an error goes to whoever reads the rows. */
  async #run(): Promise<void> {
    let teller: ErrorTranslator | undefined;
    try {
      const settings = settingsOf(this.#wiki, this.#options);
      teller = new ErrorTranslator(settings);
      const login = { ...loginOf(settings), onSocket: this.#sockets.add };
      const target = await resolveTarget(settings.target);
      for (const text of [...settings.warnings, ...target.warnings]) {
        this.#options.onWarning?.(text);
      }
      if (this.#stopped) return;
      this.#connection = new SessionConnection(target, login);
      const connection = await this.#connection.open();
      if (!this.#stopped) await connection.query(Buffer.from(this.#sql), this.#handler());
      this.#answered = true;
      connection.close();
      this.#columns.resolve([]);
      this.#queue.end();
    } catch (error) {
      if (this.#stopped) return;
      // What is not the server's error was thrown in the middle of its answer, which still comes.
      if (error instanceof InnerError) this.#answered = true;
      await this.#hangUp();
      const told = teller === undefined ? error : teller.translateAny(error);
      this.#columns.reject(told);
      this.#queue.fail(told);
    }
  }

  #handler(): ResultHandler {
    let reader: RowReader | undefined;
    return {
      ok: () => {},
      resultSet: (columns: InnerColumn[]) => {
        if (reader !== undefined) throw secondResult();
        reader = new RowReader(columns, this.#options);
        this.#columns.resolve(reader.columns);
      },
      row: (bytes, start, end) => {
        if (this.#stopped || reader === undefined) return;
        this.#queue.push(reader.read(bytes, start, end), end - start);
      },
      takeRows: leaveRows,
      endOfRows: () => {},
      pressure: () => this.#queue.pressure(),
    };
  }

  /** Ends it, with `reason` for whoever reads. Settled when the server is done with it too. */
  #stop(reason?: unknown): Promise<void> {
    if (this.#stopping === undefined) {
      this.#stopped = true;
      this.#queue.clear();
      if (reason === undefined) this.#queue.end();
      else this.#queue.fail(reason);
      const closed = () => new Failure('closed', 'the query was closed before its columns came');
      this.#columns.reject(reason ?? closed());
      this.#stopping = this.#hangUp().finally(() => this.#sockets.close());
    }
    return this.#stopping;
  }

  async #hangUp(): Promise<void> {
    if (this.#connection?.giveUp()) return;
    const connection = this.#connection?.connection;
    if (connection === undefined) return;
    if (this.#answered || connection.lost) connection.close();
    else await killConnection(connection);
  }
}

function secondResult(): Failure {
  return new Failure(
    'second-result',
    'the statements give a second result, and a query has one: ask for it with another query',
  );
}
