import type { FanoutSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { clientErrors, malformedPacketError, SqlError } from '../protocol/sql-error.js';
import { defaultSqlMode, type SqlMode } from '../protocol/sql-mode.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import { formatStillRunning, killConnection } from '../session/kill.js';
import { printable } from '../text/printable.js';
import { hasSecret, maskQuoted } from '../text/secrets.js';
import { BatchResponse } from './batch-response.js';
import { AdaptiveBatchSize, buildQueries } from './batch-size.js';
import { type FailureReason, WikiFailure, type WikiOutcome } from './outcome.js';
import type { PlannedStatement, PlannedWiki } from './plan/plan.js';
import type { ResultCollector } from './results/result-collector.js';
import type { RunStats } from './run-stats.js';
import { connectToSection, resetSession } from './section-connection.js';
import type { SectionQueue } from './section-queue.js';
import { type ExceededLimit, getSilenceLimitMs, ServerTimer } from './server-timer.js';
import { formatReason } from './summary.js';
import { backOffDelay, endsConnection, isFinal, isTransient } from './transient.js';
import { WikiAttempt } from './wiki-attempt.js';

/** What a run needs in addition to its plan. */
export interface RunDependencies {
  /** Returns the script's statements as they are split in a session whose sql_mode is `mode`. */
  statementsIn(mode: SqlMode): readonly PlannedStatement[];
  login: Login;
  collector: ResultCollector;
  stats: RunStats;
  limits: RunLimits;
  /** The SQL comment before each statement. */
  comment: string;
}

/** The state that all workers of a run share. */
export interface WorkerContext extends RunDependencies {
  /** Whether the run is being stopped: workers start no further wiki. */
  isStopped: boolean;
  /** Resolves after `milliseconds`, or earlier if the run is stopped. */
  sleep(milliseconds: number): Promise<void>;
  /** Called for each wiki that failed. */
  onFailure(): void;
}

export type RunLimits = Pick<
  FanoutSettings,
  | 'perSection'
  | 'readOnly'
  | 'maxStatementTime'
  | 'wikiTimeout'
  | 'throttle'
  | 'failFast'
  | 'retries'
>;

const syntaxError = 1064;
const noSuchTable = 1146;
/** CREATE TEMPORARY TABLE fails with this error, too. */
const readOnlyTransaction = 1792;

/**
 * Runs the script on the wikis of a section's queue, one after another, over one connection at a
 * time.
 */
export class Worker {
  readonly #queue: SectionQueue;
  readonly #context: WorkerContext;
  #connection: ReplicaConnection | undefined;
  /**
   * Whether the last statements may have left state in the session, so that the next wiki needs a
   * reset.
   */
  #needsReset = false;

  readonly #batchSize: AdaptiveBatchSize;
  readonly #killProblems: string[] = [];
  #stopProblem: string | undefined;

  constructor(queue: SectionQueue, context: WorkerContext) {
    const statements = context.statementsIn(defaultSqlMode);
    this.#queue = queue;
    this.#context = context;
    this.#batchSize = new AdaptiveBatchSize(
      statements,
      mayLeaveState(statements) || context.limits.throttle > 0,
    );
    queue.workers++;
  }

  /**
   * Resolves when the queue is empty or the run was stopped. Rejects with an error that must end
   * the run, such as a full disk or a bug.
   */
  async run(): Promise<void> {
    try {
      for (;;) {
        const wikis = this.#context.isStopped ? [] : this.#queue.take(this.#batchSize.wikis);
        if (wikis.length === 0) break;
        if (!(await this.#runWithRetries(wikis))) break;
        if (this.#context.limits.throttle > 0 && this.#queue.length > 0) {
          await this.#context.sleep(this.#context.limits.throttle * 1000);
        }
      }
    } finally {
      this.#queue.workers--;
      if (!this.#context.isStopped) this.#connection?.close();
    }
  }

  /** Messages about statements that may still run on the server, although they were given up. */
  get stillRunningMessages(): string[] {
    const stopProblem = this.#stopProblem;
    return stopProblem === undefined ? this.#killProblems : [...this.#killProblems, stopProblem];
  }
  /** Kills the running statement on the server, or closes an idle connection. */
  async kill(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    if (!connection.isBusy) return connection.close();
    // A second signal may end the wait for the server's response; the statement may still run then.
    this.#stopProblem = formatStillRunning(connection, 'interrupted');
    const problem = await killConnection(connection);
    this.#stopProblem = problem === undefined ? undefined : formatStillRunning(connection, problem);
  }

  /**
   * Runs a batch, retrying transient errors, until each of its wikis is done, has failed
   * permanently or is back in the queue. Returns whether the worker can continue.
   */
  async #runWithRetries(wikis: readonly PlannedWiki[]): Promise<boolean> {
    const { limits } = this.#context;
    let batch = wikis;
    let usedMs = 0;
    for (let retry = 0; ; ) {
      const failedWiki = await this.#runBatch(batch, usedMs);
      if (failedWiki === undefined || this.#context.isStopped) return true;
      const { wiki, error } = failedWiki;
      usedMs = failedWiki.usedMs;
      if (!isTransient(error) || ++retry > limits.retries) {
        if (error.phase === 'connect') return this.#giveUpConnecting(wiki, error);
        if (error.errno === syntaxError)
          this.#refuseScript(wiki, formatReason(this.#describeSqlError(error)));
        this.#recordWithoutResult(wiki, error);
        return true;
      }
      batch = [wiki];
      await this.#context.sleep(backOffDelay(retry));
      if (this.#context.isStopped) return true;
    }
  }

  /**
   * Runs a batch once. Returns the wiki that failed with a server error, if any; puts the wikis
   * after it back into the queue. `usedMs`: the time that earlier attempts at the first wiki took.
   */
  async #runBatch(batch: readonly PlannedWiki[], usedMs: number): Promise<FailedWiki | undefined> {
    const { collector, stats, statementsIn, comment } = this.#context;
    const [first] = batch;
    if (first === undefined) return undefined;
    stats.beginWiki(first.wiki);
    let connection: ReplicaConnection;
    try {
      connection = await this.#prepareConnection();
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.#queue.putBack(batch.slice(1));
      // A failed session setup is handled like a failed connection.
      const connectError = error.phase === 'connect' ? error : toConnectError(error);
      return { wiki: first, error: connectError, usedMs };
    }
    if (this.#context.isStopped) {
      this.#disconnect();
      return undefined;
    }
    const statements = statementsIn(connection.sqlMode);
    const leavesState = mayLeaveState(statements);
    this.#needsReset = leavesState;
    // The server's sql_mode may split the script into more statements than the default mode does.
    const wikis = leavesState ? [first] : batch;
    this.#queue.putBack(batch.slice(wikis.length));
    const finishedAttempts: Promise<void>[] = [];
    let killed: Promise<void> | undefined;
    const timer = new ServerTimer(
      connection,
      this.#getTimeLimits(),
      () => {
        killed = this.#killExceeded(connection);
      },
      usedMs,
    );
    const response = new BatchResponse({
      resultsPerWiki: leavesState ? Number.POSITIVE_INFINITY : 1,
      databaseOf: (index) => (wikis[index] ?? first).database,
      beginAttempt: (index) => {
        const wiki = wikis[index] ?? first;
        stats.beginWiki(wiki.wiki);
        return new WikiAttempt(wiki, collector.begin(wiki.wiki), stats);
      },
      endAttempt: (attempt) => {
        const finished = this.#finishAttempt(attempt, connection);
        // Avoids an unhandled rejection; awaited below.
        finished.catch(() => {});
        finishedAttempts.push(finished);
        timer.beginWiki();
      },
      onHold: (wait) => timer.hold(wait),
    });
    const started = process.uptime();
    try {
      for (const query of buildQueries(wikis, statements, comment)) {
        await connection.query(query, response);
      }
      response.end();
    } catch (error) {
      timer.stop();
      response.current?.drop();
      await Promise.all([...finishedAttempts, killed]);
      if (this.#context.isStopped) return undefined;
      const failedIndex =
        response.current === undefined ? response.attemptsBegun : response.attemptsBegun - 1;
      return this.#handleError(
        wikis[failedIndex] ?? first,
        wikis.slice(failedIndex + 1),
        timer.exceeded === undefined ? error : this.#createTimeError(timer.exceeded),
        connection,
        timer.wikiMs,
      );
    }
    timer.stop();
    await Promise.all([...finishedAttempts, killed]);
    const unanswered = wikis[response.attemptsBegun];
    if (unanswered !== undefined) {
      return this.#handleError(
        unanswered,
        wikis.slice(response.attemptsBegun + 1),
        malformedPacketError('first'),
        connection,
        timer.wikiMs,
      );
    }
    this.#batchSize.adapt(response.attemptsBegun, (process.uptime() - started) * 1000);
    return undefined;
  }

  async #finishAttempt(
    attempt: WikiAttempt,
    { serverVersion, endpoint }: ReplicaConnection,
  ): Promise<void> {
    const { wiki, rows, bytes } = attempt;
    try {
      // The run was stopped, so the result may be incomplete.
      if (this.#context.isStopped) return attempt.drop();
      const wikiResult = await attempt.done();
      const details = { rows, bytes, result: wikiResult, serverVersion, endpoint };
      this.#recordOutcome({ ...wiki, outcome: 'ok', reason: undefined, ...details });
    } catch (error) {
      attempt.drop();
      if (this.#context.isStopped) return;
      if (!(error instanceof WikiFailure)) throw error;
      if (error.isOfScript) this.#refuseScript(wiki, error.message);
      this.#recordWithoutResult(wiki, error);
    }
  }

  #handleError(
    wiki: PlannedWiki,
    following: readonly PlannedWiki[],
    error: unknown,
    connection: ReplicaConnection,
    usedMs: number,
  ): FailedWiki | undefined {
    this.#queue.putBack(following);
    if (error instanceof SqlError) {
      if (connection.isLost || endsConnection(error)) this.#disconnect();
      return { wiki, error, usedMs };
    }
    // The server may still be sending rows.
    this.#disconnect();
    if (!(error instanceof WikiFailure)) throw error;
    if (error.isOfScript) this.#refuseScript(wiki, error.message);
    this.#recordWithoutResult(wiki, error);
    return undefined;
  }

  /**
   * Ends the run because its script would fail on every wiki. Does nothing if it succeeded on one: a
   * server may have another version.
   *
   * @throws Failure `bad-script`
   */
  #refuseScript({ wiki }: PlannedWiki, message: string): void {
    const { stats } = this.#context;
    if (stats.withResult > 0) return;
    const ending = stats.total > 1 ? '; the run was stopped' : '';
    throw new Failure('bad-script', `${printable(wiki)}: ${message}${ending}`);
  }

  /**
   * Returns a connection whose session is in its initial state: connects or resets if necessary.
   */
  async #prepareConnection(): Promise<ReplicaConnection> {
    const { limits, login } = this.#context;
    let connection = this.#connection;
    if (connection === undefined || connection.isLost) {
      connection = await connectToSection(this.#queue.plan.target, login, limits);
      this.#connection = connection;
    } else if (this.#needsReset) {
      try {
        await resetSession(connection, limits);
      } catch (error) {
        this.#disconnect();
        throw error;
      }
    }
    return connection;
  }

  #getTimeLimits() {
    const { maxStatementTime, wikiTimeout } = this.#context.limits;
    return {
      wikiMs: wikiTimeout > 0 ? wikiTimeout * 1000 : Number.POSITIVE_INFINITY,
      silenceMs: getSilenceLimitMs(maxStatementTime),
    };
  }

  /** Ends the statement on the server that has exceeded a time limit, and closes the connection. */
  async #killExceeded(connection: ReplicaConnection): Promise<void> {
    const problem = await killConnection(connection);
    if (problem !== undefined) this.#killProblems.push(formatStillRunning(connection, problem));
  }

  /** Returns the failure of a wiki, or the error of a lost connection, which is retried. */
  #createTimeError(exceeded: ExceededLimit): WikiFailure | SqlError {
    const { wikiTimeout } = this.#context.limits;
    if (exceeded === 'wiki') {
      const text = `not finished within ${wikiTimeout} s (--wiki-timeout)`;
      return new WikiFailure(text, { mayPass: true });
    }
    const seconds = this.#getTimeLimits().silenceMs / 1000;
    const text = `Lost connection to server during query (no answer for ${seconds} s)`;
    return new SqlError(clientErrors.lost, 'HY000', text, 'first');
  }

  #disconnect(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  /**
   * Handles a permanent connection failure. The last worker of a section marks all remaining wikis
   * as failed; other workers put their wiki back. Returns false: the worker cannot continue.
   */
  #giveUpConnecting(wiki: PlannedWiki, error: SqlError): boolean {
    if (this.#queue.workers > 1) {
      this.#context.stats.running.delete(wiki.wiki);
      this.#queue.putBack([wiki]);
      return false;
    }
    this.#recordWithoutResult(wiki, error);
    for (const next of this.#queue.take(this.#queue.length)) this.#recordWithoutResult(next, error);
    return false;
  }

  /** Records that the wiki failed permanently, or is skipped since a table is missing. */
  #recordWithoutResult(wiki: PlannedWiki, error: SqlError | WikiFailure): void {
    const { collector, onFailure } = this.#context;
    const isSqlError = error instanceof SqlError;
    const reason = isSqlError ? this.#describeSqlError(error) : wikiFailureReasonOf(error);
    const { errno } = reason;
    const outcome = errno === noSuchTable ? 'skipped' : 'failed';
    const final = isSqlError ? isFinal(error) : !error.mayPass;
    collector.markWithoutResult(wiki.wiki, outcome, { errno, isFinal: final });
    const { serverVersion, endpoint } = this.#connection ?? {};
    this.#recordOutcome({ ...wiki, outcome, reason, rows: 0, bytes: 0, serverVersion, endpoint });
    if (outcome === 'failed') onFailure();
  }

  #describeSqlError({ errno, sqlState, text }: SqlError): FailureReason {
    const hint =
      errno === readOnlyTransaction ? ' (use --skip-read-only to let statements write)' : '';
    const message = Buffer.from(text).toString();
    const statements = this.#context.statementsIn(defaultSqlMode);
    // The summary often ends up in a log.
    const quotesSecret = statements.some(({ sql }) =>
      hasSecret(Buffer.from(sql).toString('latin1')),
    );
    return { errno, sqlState, text: `${quotesSecret ? maskQuoted(message) : message}${hint}` };
  }

  #recordOutcome(outcome: Omit<WikiOutcome, 'seconds'>): void {
    const { stats } = this.#context;
    const now = process.uptime();
    const startedAt = stats.running.get(outcome.wiki);
    stats.endWiki({ ...outcome, seconds: startedAt === undefined ? 0 : now - startedAt / 1000 });
  }
}

/** A wiki whose attempt failed, with the error of the server or of the connection. */
interface FailedWiki {
  wiki: PlannedWiki;
  error: SqlError;
  /** The time that the server has taken for this wiki, in milliseconds. */
  usedMs: number;
}

function wikiFailureReasonOf({ message }: WikiFailure): FailureReason {
  return { errno: 0, sqlState: 'HY000', text: message };
}

function toConnectError({ errno, sqlState, text }: SqlError): SqlError {
  return new SqlError(errno, sqlState, text, 'connect');
}

const readOnlyStatement =
  /^\s*(?:\(\s*)*(?:select|with|show|desc|describe|explain|values|table)\b/i;
/** Matches variables and other syntax through which a SELECT can change the session. */
const sessionStateSyntax = /@|\bget_lock\b|\bsql_calc_found_rows\b|\bprocedure\b|\bset_|\/\*[!M]/i;

/**
 * Whether a script may leave state in the session: variables, temporary tables or an open
 * transaction. The session must then be reset before the next wiki, since results must not depend
 * on which wiki came before. Returns true in case of doubt.
 */
export function mayLeaveState(statements: readonly PlannedStatement[]): boolean {
  const [statement, second] = statements;
  if (statement === undefined || second !== undefined) return true;
  const text = Buffer.from(statement.sql).toString('latin1');
  return !readOnlyStatement.test(text) || sessionStateSyntax.test(text) || text.includes(';');
}
