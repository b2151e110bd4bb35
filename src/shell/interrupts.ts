import type { ReplicaConnection } from '../replica/connection.js';
import { killConnection, killStatement, stillRunning } from '../session/kill.js';
import { writeError } from '../session/report.js';
import type { SessionConnection } from '../session/session-connection.js';
import type { LiveStatus } from './live-status.js';

/** What Ctrl-C does while a text runs. */
export class Interrupts {
  /** The line about the statement that runs; undefined: none does. */
  live: LiveStatus | undefined;
  readonly #session: SessionConnection;
  /** How often it was pressed since the text began to run. */
  #count = 0;
  #endPause: (() => void) | undefined;
  /** The server is being told to end a statement. */
  #ending: Promise<void> | undefined;

  constructor(session: SessionConnection) {
    this.#session = session;
  }

  /** Another text begins to run. */
  startAnew(): void {
    this.#count = 0;
  }

  /** What stands behind in the text is not to be run. */
  get happened(): boolean {
    return this.#count > 0;
  }

  /** As after Ctrl-C, where nothing is to be ended. */
  giveUpRest(): void {
    this.#count++;
  }

  /** Ends the statement that runs on the server, if one does; says `said` once it has ended. */
  endOnServer(said = ''): void {
    const { connection } = this.#session;
    if (connection?.busy) this.#await(this.#endStatement(connection, said));
  }

  #await(ending: Promise<void>): void {
    const earlier = this.#ending;
    this.#ending = Promise.all([earlier, ending]).then(() => {});
  }

  async #endStatement(connection: ReplicaConnection, said: string): Promise<void> {
    const outcome = await killStatement(connection);
    // Pressed again in the meantime: what becomes of the connection is what counts.
    if (this.#count > 1 || outcome === 'had ended') return;
    if (outcome === 'killed') writeError(said);
    // What has come to its end by itself does not run any more.
    else if (connection.busy) {
      const text = stillRunning(connection, outcome.problem);
      writeError(`The query was not killed: ${text}; Ctrl-C again closes the connection.\n`);
    }
  }

  async #endConnection(connection: ReplicaConnection): Promise<void> {
    const problem = await killConnection(connection);
    writeError('Ctrl-C -- connection closed.\n');
    if (problem !== undefined) writeError(`${stillRunning(connection, problem)}\n`);
  }

  /**
   * Settled when the server has answered to a KILL, if it was sent one: if that came late, it would
   * end the next statement.
   */
  async told(): Promise<void> {
    await this.#ending;
  }

  /** Settled when `milliseconds` have gone by, at once after Ctrl-C; tells which. */
  pause(milliseconds: number): Promise<'elapsed' | 'interrupted'> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('elapsed'), milliseconds);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve('interrupted');
      };
      if (this.happened) this.#endPause();
    });
  }

  /** Ctrl-C: the statement is ended on the server; pressed again, the connection is. */
  press(): void {
    this.#count++;
    this.#endPause?.();
    this.live?.stop();
    if (this.#session.giveUp()) {
      writeError('^C\n');
      return;
    }
    const { connection } = this.#session;
    if (connection === undefined || !connection.busy) {
      // Its rows are being printed.
      if (this.live !== undefined && this.#count === 1) writeError('^C\n');
      return;
    }
    if (this.#count === 1) {
      writeError('^C\n');
      this.endOnServer('Ctrl-C -- query killed.\n');
    } else {
      writeError('^C\n');
      this.#await(this.#endConnection(connection));
    }
  }
}
