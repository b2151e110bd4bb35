import type { FanoutSettings } from '../cli/settings.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import { ReplicaError } from '../replica/replica-error.js';
import { killConnection } from '../session/kill.js';
import { Attempt, runStatements } from './attempt.js';
import type { Gathering } from './gathering/gathering.js';
import type { Reason, WikiOutcome } from './outcome.js';
import type { PlannedStatement, PlannedWiki } from './plan/plan.js';
import { beginSession, openSection } from './section-connection.js';
import type { SectionQueue } from './section-queue.js';
import type { Tally } from './tally.js';
import { backOff, endsConnection, isTransient } from './transient.js';
import { WikiFailure } from './wiki-failure.js';

/** What all workers of a run share. */
export interface Work {
  statements: readonly PlannedStatement[];
  /** The statements may leave something in the session: it is made new for each wiki. */
  leavesState: boolean;
  login: Login;
  gathering: Gathering;
  tally: Tally;
  limits: RunLimits;
  comment: string;
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
  /** A statement has run in the session since it was new. */
  #used = false;

  constructor(queue: SectionQueue, work: Work) {
    this.#queue = queue;
    this.#work = work;
    queue.workers++;
  }

  /** Ends when the queue is empty, or the run is. Rejects with what ends the run: a full disk, a defect. */
  async run(): Promise<void> {
    try {
      for (;;) {
        const wiki = this.#work.stopped ? undefined : this.#queue.next();
        if (wiki === undefined) break;
        if (!(await this.#ask(wiki))) break;
        if (this.#work.limits.throttle > 0 && this.#queue.length > 0) {
          await this.#work.rest(this.#work.limits.throttle * 1000);
        }
      }
    } finally {
      this.#queue.workers--;
      if (!this.#work.stopped) this.#connection?.close();
    }
  }

  /** Ends what runs on the server. */
  async kill(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    if (connection.busy) await killConnection(connection);
    else connection.close();
  }

  /** Whether the worker can go on to the next wiki. */
  async #ask(wiki: PlannedWiki): Promise<boolean> {
    const { tally, limits } = this.#work;
    const started = process.uptime();
    tally.begin(wiki.wiki);
    for (let retry = 0; ; ) {
      const result = await this.#attempt(wiki, started);
      if (result === 'done' || this.#work.stopped) return true;
      if (!isTransient(result) || ++retry > limits.retries) {
        if (result.phase !== 'connect') {
          this.#settle(wiki, started, result);
          return true;
        }
        return this.#unreachable(wiki, started, result);
      }
      await this.#work.rest(backOff(retry));
      if (this.#work.stopped) return true;
    }
  }

  async #attempt(wiki: PlannedWiki, started: number): Promise<'done' | ReplicaError> {
    const { gathering, tally, statements, comment } = this.#work;
    let connection: ReplicaConnection;
    try {
      connection = await this.#ready();
    } catch (error) {
      if (!(error instanceof ReplicaError)) throw error;
      // A session that cannot be begun is as good as none.
      return error.phase === 'connect' ? error : asConnecting(error);
    }
    if (this.#work.stopped) {
      this.#hangUp();
      return 'done';
    }
    const output = gathering.begin(wiki);
    const attempt = new Attempt(output, tally);
    try {
      await runStatements(connection, wiki.wiki, statements, comment, attempt);
      // The signal's own doing: the run is being given up.
      if (this.#work.stopped) throw new WikiFailure('stopped');
      const gathered = await output.done();
      const { serverVersion, endpoint } = connection;
      const { rows, bytes } = attempt;
      const came = { rows, bytes, gathered, serverVersion, endpoint };
      this.#end({ ...wiki, outcome: 'ok', reason: undefined, ...came }, started);
      return 'done';
    } catch (error) {
      attempt.drop();
      if (this.#work.stopped) return 'done';
      if (error instanceof ReplicaError) {
        if (connection.lost || endsConnection(error)) this.#hangUp();
        return error;
      }
      // The server may still be sending rows.
      this.#hangUp();
      if (!(error instanceof WikiFailure)) throw error;
      this.#settle(wiki, started, { errno: 0, sqlState: 'HY000', text: error.message });
      return 'done';
    }
  }

  /** A connection whose session is as the first wiki's was. */
  async #ready(): Promise<ReplicaConnection> {
    const { limits, login, leavesState } = this.#work;
    let connection = this.#connection;
    if (connection === undefined || connection.lost) {
      connection = await openSection(this.#queue.plan.target, login, limits);
      this.#connection = connection;
    } else if (this.#used && leavesState) {
      try {
        await connection.reset();
        await beginSession(connection, limits);
      } catch (error) {
        this.#hangUp();
        throw error;
      }
    }
    this.#used = true;
    return connection;
  }

  #hangUp(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  /** No connection is to be had: the last worker of a section gives all its wikis up. */
  #unreachable(wiki: PlannedWiki, started: number, error: ReplicaError): boolean {
    if (this.#queue.workers > 1) {
      this.#work.tally.running.delete(wiki.wiki);
      this.#queue.putBack(wiki);
      return false;
    }
    this.#settle(wiki, started, error);
    for (;;) {
      const next = this.#queue.next();
      if (next === undefined) return false;
      this.#settle(next, process.uptime(), error);
    }
  }

  /** The wiki has no rows, for good. */
  #settle(wiki: PlannedWiki, started: number, error: ReplicaError | Reason): void {
    const { gathering, onFailure } = this.#work;
    const outcome = error.errno === noSuchTable ? 'skipped' : 'failed';
    gathering.without(wiki, outcome, error.errno);
    const { serverVersion, endpoint } = this.#connection ?? {};
    const reason = error instanceof ReplicaError ? reasonOf(error) : error;
    this.#end({ ...wiki, outcome, reason, rows: 0, bytes: 0, serverVersion, endpoint }, started);
    if (outcome === 'failed') onFailure();
  }

  #end(outcome: Omit<WikiOutcome, 'seconds'>, started: number): void {
    this.#work.tally.end({ ...outcome, seconds: process.uptime() - started });
  }
}

function reasonOf({ errno, sqlState, text }: ReplicaError): Reason {
  const hint = errno === readOnlyTransaction ? ' (--skip-read-only lets statements write)' : '';
  return { errno, sqlState, text: `${Buffer.from(text).toString()}${hint}` };
}

function asConnecting({ errno, sqlState, text }: ReplicaError): ReplicaError {
  return new ReplicaError(errno, sqlState, text, 'connect');
}
