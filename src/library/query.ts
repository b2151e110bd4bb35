import { checkNumber } from '../cli/own-values.js';
import { Failure } from '../failure.js';
import type { Column as ProtocolColumn } from '../protocol/column.js';
import { takeNoRows } from '../protocol/packets.js';
import type { ResultHandler } from '../protocol/response.js';
import { SqlError } from '../protocol/sql-error.js';
import { killConnection } from '../session/kill.js';
import { SessionConnection } from '../session/session-connection.js';
import { resolveTarget } from '../target/resolve-target.js';
import { createDeferred, type Deferred } from './deferred.js';
import { ErrorTranslator } from './error-translator.js';
import { OpenSockets } from './open-sockets.js';
import type { AsArrays, AsObjects, QueryOptions } from './options.js';
import { loginOf, readQuerySettings } from './query-settings.js';
import type { Column, Query, Row, Value } from './row.js';
import { RowQueue } from './row-queue.js';
import { RowReader } from './row-reader.js';

/**
 * Runs statements on one wiki, over a connection of its own, and returns the rows as they arrive.
 *
 * ```ts
 * const rows = query('itwiki', 'select page_title from page');
 * for await (const { page_title } of rows) console.log(page_title);
 * ```
 *
 * The server is held back while the program does not read rows, so memory does not grow with the
 * result. A server closes such a connection after some time; so when no row was read for 1.5 seconds,
 * the rest of the result is fetched in the background, into at most 32 MiB of memory and then into an
 * unnamed file in TMPDIR.
 *
 * Leaving the loop early, calling `close()` and aborting `options.signal` end the statement on the
 * server too.
 *
 * @param wiki the database of the wiki, such as `itwiki`; undefined with `options.section`, if the
 *   statements name their databases themselves
 * @param sql one or more statements, separated by semicolons, of which at most one returns rows
 * @typeParam R the type of a row, which is not checked
 * @returns the query, which connects at the first call of `columns()` or the first iteration; all
 *   errors are thrown there
 * @throws ReplicaError for an error of the server or of the connection
 * @throws Failure for any other error, such as `unknown-database` or `second-result`
 * @throws the reason of `options.signal`, if it is aborted
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
  return new SingleQuery(wiki, sql, options);
}

/** A query on one wiki, which connects at the first call of `columns` or `next`. */
class SingleQuery implements Query<Row | Value[]> {
  readonly #wiki: string | undefined;
  readonly #sql: string;
  readonly #options: QueryOptions & (AsArrays | AsObjects);
  readonly #queue = new RowQueue<Row | Value[]>();
  readonly #columns: Deferred<Column[]> = createDeferred();
  readonly #sockets = new OpenSockets();
  #connection: SessionConnection | undefined;
  #isStarted = false;
  /** The server has answered completely, so no statement has to be killed. */
  #isAnswered = false;
  #isIterated = false;
  /** The query was closed or aborted. */
  #isStopped = false;
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
    if (this.#isIterated) {
      throw new Failure(
        'read-before',
        'the rows of a query can be read only once: call query again',
      );
    }
    this.#isIterated = true;
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
    this.#isStarted = true;
    return this.#stop();
  }

  #start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
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

  /** Runs the query. Never rejects: errors go to the reader of the rows. */
  async #run(): Promise<void> {
    let translator: ErrorTranslator | undefined;
    try {
      const settings = readQuerySettings(this.#wiki, this.#options);
      translator = new ErrorTranslator(settings);
      const { maxStatementTime } = this.#options;
      const login = {
        ...loginOf(settings),
        maxStatementTime: checkNumber(
          'max-statement-time',
          maxStatementTime ?? 0,
          `maxStatementTime '${maxStatementTime}'`,
        ),
        onSocket: this.#sockets.add,
      };
      const target = await resolveTarget(settings.target);
      for (const text of [...settings.warnings, ...target.warnings]) {
        this.#options.onWarning?.(text);
      }
      if (this.#isStopped) return;
      this.#connection = new SessionConnection(target, login);
      const connection = await this.#connection.open();
      if (!this.#isStopped) await connection.query(Buffer.from(this.#sql), this.#createHandler());
      this.#isAnswered = true;
      connection.close();
      this.#columns.resolve([]);
      this.#queue.end();
    } catch (error) {
      if (this.#isStopped) return;
      // Any other error was thrown while rows arrive, so the statement still runs.
      if (error instanceof SqlError) this.#isAnswered = true;
      await this.#disconnect();
      const translated = translator === undefined ? error : translator.translateAny(error);
      this.#columns.reject(translated);
      this.#queue.fail(translated);
    }
  }

  #createHandler(): ResultHandler {
    let reader: RowReader | undefined;
    return {
      ok: () => {},
      resultSet: (columns: ProtocolColumn[]) => {
        if (reader !== undefined) throw secondResultFailure();
        reader = new RowReader(columns, this.#options);
        this.#columns.resolve(reader.columns);
      },
      row: (bytes, start, end) => {
        if (this.#isStopped || reader === undefined) return;
        this.#queue.push(reader.read(bytes, start, end), end - start);
      },
      takeRows: takeNoRows,
      endOfRows: () => {},
      backPressure: () => this.#queue.backPressure(),
    };
  }

  /**
   * Stops the query; the reader of the rows gets `reason` as an error. Resolves after the statement has
   * ended on the server too.
   */
  #stop(reason?: unknown): Promise<void> {
    if (this.#stopping === undefined) {
      this.#isStopped = true;
      this.#queue.clear();
      if (reason === undefined) this.#queue.end();
      else this.#queue.fail(reason);
      const closedFailure = () =>
        new Failure('closed', 'the query was closed before its columns arrived');
      this.#columns.reject(reason ?? closedFailure());
      this.#stopping = this.#disconnect().finally(() => this.#sockets.close());
    }
    return this.#stopping;
  }

  async #disconnect(): Promise<void> {
    if (this.#connection?.cancelOpening()) return;
    const connection = this.#connection?.connection;
    if (connection === undefined) return;
    if (this.#isAnswered || connection.isLost) connection.close();
    else await killConnection(connection);
  }
}

function secondResultFailure(): Failure {
  return new Failure(
    'second-result',
    'the statements return more than one result set: use a separate query for each',
  );
}
