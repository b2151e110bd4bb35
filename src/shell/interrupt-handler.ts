import type { ReplicaConnection } from '../replica/connection.js';
import { formatStillRunning, killConnection, killStatement } from '../session/kill.js';
import { writeError } from '../session/report.js';
import type { SessionConnection } from '../session/session-connection.js';
import type { LiveStatus } from './live-status.js';

/** Handles Ctrl-C while a text runs: kills the statement, then the connection, on the server. */
export class InterruptHandler {
  /** The status line of the running statement; undefined if none runs. */
  live: LiveStatus | undefined;
  readonly #session: SessionConnection;
  /** The number of interrupts since the text began to run. */
  #count = 0;
  #endPause: (() => void) | undefined;
  /** Settles when the server has answered all KILL statements. */
  #pendingKills: Promise<void> | undefined;

  constructor(session: SessionConnection) {
    this.#session = session;
  }

  /** Call this before another text runs. */
  reset(): void {
    this.#count = 0;
  }

  /** Whether the rest of the text must not run. */
  get isInterrupted(): boolean {
    return this.#count > 0;
  }

  /** Skips the rest of the text as after Ctrl-C, without killing anything. */
  skipRest(): void {
    this.#count++;
  }

  /** Kills the statement that runs on the server, if any; prints `notice` when that has worked. */
  killOnServer(notice = ''): void {
    const { connection } = this.#session;
    if (connection?.isBusy) this.#trackKill(this.#killStatement(connection, notice));
  }

  #trackKill(kill: Promise<void>): void {
    const earlierKills = this.#pendingKills;
    this.#pendingKills = Promise.all([earlierKills, kill]).then(() => {});
  }

  async #killStatement(connection: ReplicaConnection, notice: string): Promise<void> {
    const outcome = await killStatement(connection);
    // After a second Ctrl-C, #killConnection reports the outcome.
    if (this.#count > 1 || outcome === 'had ended') return;
    if (outcome === 'killed') writeError(notice);
    // If the connection is not busy, the statement has ended by itself.
    else if (connection.isBusy) {
      const text = formatStillRunning(connection, outcome.problem);
      writeError(
        `The query was not killed: ${text}.\nPress Ctrl-C again to close the connection.\n`,
      );
    }
  }

  async #killConnection(connection: ReplicaConnection): Promise<void> {
    const problem = await killConnection(connection);
    writeError('Ctrl-C -- connection closed.\n');
    if (problem !== undefined) writeError(`${formatStillRunning(connection, problem)}\n`);
  }

  /**
   * Resolves when the server has answered all KILL statements. A KILL that arrives late would end
   * the next statement instead.
   */
  async waitForKills(): Promise<void> {
    await this.#pendingKills;
  }

  /** Waits; resolves to `interrupted` immediately after Ctrl-C, else to `elapsed`. */
  pause(milliseconds: number): Promise<'elapsed' | 'interrupted'> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('elapsed'), milliseconds);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve('interrupted');
      };
      if (this.isInterrupted) this.#endPause();
    });
  }

  /** Kills the statement on the server; when called again, kills the connection. */
  handleCtrlC(): void {
    this.#count++;
    this.#endPause?.();
    this.live?.stop();
    if (this.#session.cancelOpening()) {
      writeError('^C\n');
      return;
    }
    const { connection } = this.#session;
    if (connection === undefined || !connection.isBusy) {
      // The statement has ended on the server, but its rows are still being printed.
      if (this.live !== undefined && this.#count === 1) writeError('^C\n');
      return;
    }
    if (this.#count === 1) {
      writeError('^C\n');
      this.killOnServer('Ctrl-C -- query killed.\n');
    } else {
      writeError('^C\n');
      this.#trackKill(this.#killConnection(connection));
    }
  }
}
