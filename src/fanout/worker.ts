import type { FanoutSettings } from '../cli/settings.js';
import { clientErrors, SqlError } from '../protocol/sql-error.js';
import { defaultSqlMode, type SqlMode } from '../protocol/sql-mode.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import { killConnection, stillRunning } from '../session/kill.js';
import { BatchResponse } from './batch-response.js';
import { AdaptiveBatchSize, queriesFor } from './batch-size.js';
import { type FailureReason, WikiFailure, type WikiOutcome } from './outcome.js';
import type { PlannedStatement, PlannedWiki } from './plan/plan.js';
import type { ResultCollector } from './results/result-collector.js';
import type { RunStats } from './run-stats.js';
import { beginSession, openSection } from './section-connection.js';
import type { SectionQueue } from './section-queue.js';
import { backOff, endsConnection, isTransient } from './transient.js';
import { WikiAttempt } from './wiki-attempt.js';

/** What a run consists of. */
export interface RunParts {
  /** The statements as a session reads them that begins in `mode`. */
  statementsIn(mode: SqlMode): readonly PlannedStatement[];
  login: Login;
  collector: ResultCollector;
  stats: RunStats;
  limits: RunLimits;
  /** Stands in front of each statement. */
  comment: string;
}

/** What all workers of a run share. */
export interface Work extends RunParts {
  /** Set when the run is to end: nothing new is begun. */
  stopped: boolean;
  /** Waits, but no longer than until the run is to end. */
  rest(milliseconds: number): Promise<void>;
  /** Told of each wiki that has failed. */
  onFailure(): void;
}

export type RunLimits = Pick<
  FanoutSettings,
  'perSection' | 'readOnly' | 'maxStatementTime' | 'throttle' | 'failFast' | 'retries'
>;

const noSuchTable = 1146;
/** Also what CREATE TEMPORARY TABLE is refused with. */
const readOnlyTransaction = 1792;

/** Asks the wikis of a section's queue, one after another, over one connection at a time. */
export class Worker {
  readonly #queue: SectionQueue;
  readonly #work: Work;
  #connection: ReplicaConnection | undefined;
  /** Statements have run that may have left something in the session: it is made new for each wiki. */
  #needsReset = false;

  readonly #batchSize: AdaptiveBatchSize;

  constructor(queue: SectionQueue, work: Work) {
    const statements = work.statementsIn(defaultSqlMode);
    this.#queue = queue;
    this.#work = work;
    this.#batchSize = new AdaptiveBatchSize(
      statements,
      mayLeaveState(statements) || work.limits.throttle > 0,
    );
    queue.workers++;
  }

  /** Ends when the queue is empty, or the run is. Rejects with what ends the run: a full disk, a defect. */
  async run(): Promise<void> {
    try {
      for (;;) {
        const wikis = this.#work.stopped ? [] : this.#queue.take(this.#batchSize.wikis);
        if (wikis.length === 0) break;
        if (!(await this.#ask(wikis))) break;
        if (this.#work.limits.throttle > 0 && this.#queue.length > 0) {
          await this.#work.rest(this.#work.limits.throttle * 1000);
        }
      }
    } finally {
      this.#queue.workers--;
      if (!this.#work.stopped) this.#connection?.close();
    }
  }

  /** What may still be running on the server after `kill`, in words; undefined: nothing. */
  stillRunning: string | undefined;

  /** Ends what runs on the server. */
  async kill(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    if (!connection.busy) return connection.close();
    // So it is until the server has answered, for whom a second signal comes first.
    this.stillRunning = stillRunning(connection, 'interrupted');
    const problem = await killConnection(connection);
    this.stillRunning = problem === undefined ? undefined : stillRunning(connection, problem);
  }

  /** Asks wikis until each is answered, failed for good or put back. Whether the worker can go on. */
  async #ask(wikis: readonly PlannedWiki[]): Promise<boolean> {
    const { limits } = this.#work;
    let asked = wikis;
    for (let retry = 0; ; ) {
      const failed = await this.#attempt(asked);
      if (failed === undefined || this.#work.stopped) return true;
      const { wiki, error } = failed;
      if (!isTransient(error) || ++retry > limits.retries) {
        if (error.phase === 'connect') return this.#unreachable(wiki, error);
        this.#commit(wiki, error);
        return true;
      }
      asked = [wiki];
      await this.#work.rest(backOff(retry));
      if (this.#work.stopped) return true;
    }
  }

  /** Gives the wiki that a server's error has come of; those behind it are put back. */
  async #attempt(taken: readonly PlannedWiki[]): Promise<Failed | undefined> {
    const { collector, stats, statementsIn, comment } = this.#work;
    const [first] = taken;
    if (first === undefined) return undefined;
    stats.begin(first.wiki);
    let connection: ReplicaConnection;
    try {
      connection = await this.#ready();
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.#queue.putBack(taken.slice(1));
      // A session that cannot be begun is as good as none.
      return { wiki: first, error: error.phase === 'connect' ? error : asConnecting(error) };
    }
    if (this.#work.stopped) {
      this.#hangUp();
      return undefined;
    }
    const statements = statementsIn(connection.sqlMode);
    const leavesState = mayLeaveState(statements);
    this.#needsReset = leavesState;
    // On a server with another sql_mode the script may have more statements than was expected.
    const wikis = leavesState ? [first] : taken;
    this.#queue.putBack(taken.slice(wikis.length));
    const finishing: Promise<void>[] = [];
    const answers = new BatchResponse({
      results: leavesState ? Number.POSITIVE_INFINITY : 1,
      begin: (index) => {
        const wiki = wikis[index] ?? first;
        stats.begin(wiki.wiki);
        return new WikiAttempt(wiki, collector.begin(wiki.wiki), stats);
      },
      through: (attempt) => {
        const finished = this.#finish(attempt, connection);
        // Its failure is told when it is waited for, below.
        finished.catch(() => {});
        finishing.push(finished);
      },
    });
    const started = process.uptime();
    try {
      for (const query of queriesFor(wikis, statements, comment)) {
        await connection.query(query, answers);
      }
      answers.end();
    } catch (error) {
      answers.current?.drop();
      await Promise.all(finishing);
      if (this.#work.stopped) return undefined;
      const at = answers.current === undefined ? answers.begun : answers.begun - 1;
      return this.#failed(wikis[at] ?? first, wikis.slice(at + 1), error, connection);
    }
    await Promise.all(finishing);
    const unanswered = wikis[answers.begun];
    if (unanswered !== undefined) {
      return this.#failed(unanswered, wikis.slice(answers.begun + 1), malformed(), connection);
    }
    this.#batchSize.adapt(answers.begun, (process.uptime() - started) * 1000);
    return undefined;
  }

  async #finish(
    attempt: WikiAttempt,
    { serverVersion, endpoint }: ReplicaConnection,
  ): Promise<void> {
    const { wiki, rows, bytes } = attempt;
    try {
      // The signal's own doing: the run is being given up.
      if (this.#work.stopped) return attempt.drop();
      const wikiResult = await attempt.done();
      const came = { rows, bytes, gathered: wikiResult, serverVersion, endpoint };
      this.#end({ ...wiki, outcome: 'ok', reason: undefined, ...came });
    } catch (error) {
      attempt.drop();
      if (this.#work.stopped) return;
      if (!(error instanceof WikiFailure)) throw error;
      this.#commit(wiki, ownFailureReason(error));
    }
  }

  #failed(
    wiki: PlannedWiki,
    others: readonly PlannedWiki[],
    error: unknown,
    connection: ReplicaConnection,
  ): Failed | undefined {
    this.#queue.putBack(others);
    if (error instanceof SqlError) {
      if (connection.lost || endsConnection(error)) this.#hangUp();
      return { wiki, error };
    }
    // The server may still be sending rows.
    this.#hangUp();
    if (!(error instanceof WikiFailure)) throw error;
    this.#commit(wiki, ownFailureReason(error));
    return undefined;
  }

  /** A connection whose session is as the first wiki's was. */
  async #ready(): Promise<ReplicaConnection> {
    const { limits, login } = this.#work;
    let connection = this.#connection;
    if (connection === undefined || connection.lost) {
      connection = await openSection(this.#queue.plan.target, login, limits);
      this.#connection = connection;
    } else if (this.#needsReset) {
      try {
        await connection.reset();
        await beginSession(connection, limits);
      } catch (error) {
        this.#hangUp();
        throw error;
      }
    }
    return connection;
  }

  #hangUp(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  /** No connection is to be had: the last worker of a section gives all its wikis up. */
  #unreachable(wiki: PlannedWiki, error: SqlError): boolean {
    if (this.#queue.workers > 1) {
      this.#work.stats.running.delete(wiki.wiki);
      this.#queue.putBack([wiki]);
      return false;
    }
    this.#commit(wiki, error);
    for (const next of this.#queue.take(this.#queue.length)) this.#commit(next, error);
    return false;
  }

  /** The wiki has no rows, for good. */
  #commit(wiki: PlannedWiki, error: SqlError | FailureReason): void {
    const { collector, onFailure } = this.#work;
    const outcome = error.errno === noSuchTable ? 'skipped' : 'failed';
    collector.markWithoutResult(wiki.wiki, outcome, error.errno);
    const { serverVersion, endpoint } = this.#connection ?? {};
    const reason = error instanceof SqlError ? failureReasonOf(error) : error;
    this.#end({ ...wiki, outcome, reason, rows: 0, bytes: 0, serverVersion, endpoint });
    if (outcome === 'failed') onFailure();
  }

  #end(outcome: Omit<WikiOutcome, 'seconds'>): void {
    const { stats } = this.#work;
    const now = process.uptime();
    const began = stats.running.get(outcome.wiki);
    stats.end({ ...outcome, seconds: began === undefined ? 0 : now - began / 1000 });
  }
}

/** What a wiki's attempt has failed of, on the server or on the way there. */
interface Failed {
  wiki: PlannedWiki;
  error: SqlError;
}

/** A server has answered for fewer wikis than it was asked for. */
function malformed(): SqlError {
  const text = 'Received malformed packet';
  return new SqlError(clientErrors.malformedPacket, 'HY000', text, 'first');
}

function ownFailureReason({ message }: WikiFailure): FailureReason {
  return { errno: 0, sqlState: 'HY000', text: message };
}

function failureReasonOf({ errno, sqlState, text }: SqlError): FailureReason {
  const hint = errno === readOnlyTransaction ? ' (--skip-read-only lets statements write)' : '';
  return { errno, sqlState, text: `${Buffer.from(text).toString()}${hint}` };
}

function asConnecting({ errno, sqlState, text }: SqlError): SqlError {
  return new SqlError(errno, sqlState, text, 'connect');
}

const readsOnly = /^\s*(?:\(\s*)*(?:select|with|show|desc|describe|explain|values|table)\b/i;
/** User variables, system variables and what else a SELECT can leave in the session. */
const leavesSomething = /@|\bget_lock\b|\bsql_calc_found_rows\b|\bprocedure\b|\bset_|\/\*[!M]/i;

/**
 * Whether a script may leave something in the session (variables, temporary tables, an open
 * transaction), so that the session has to be made new before another wiki runs it: results must
 * not depend on which wiki was asked before. When in doubt it may.
 */
export function mayLeaveState(statements: readonly PlannedStatement[]): boolean {
  const [only, more] = statements;
  if (only === undefined || more !== undefined) return true;
  const text = Buffer.from(only.sql).toString('latin1');
  return !readsOnly.test(text) || leavesSomething.test(text) || text.includes(';');
}
