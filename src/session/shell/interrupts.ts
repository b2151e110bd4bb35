import { killConnection, killStatement } from '../kill.js';
import type { Link } from '../link.js';
import { writeError } from '../report.js';
import type { LiveStatus } from './live-status.js';

/** What Ctrl-C does while a text runs. */
export class Interrupts {
  /** The line about the statement that runs; undefined: none does. */
  live: LiveStatus | undefined;
  readonly #link: Link;
  /** How often it was pressed since the text began to run. */
  #count = 0;
  #endPause: (() => void) | undefined;
  /** The server is being told to end a statement. */
  #ending: Promise<void> | undefined;

  constructor(link: Link) {
    this.#link = link;
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

  /** Ends the statement that runs on the server, if one does. */
  endOnServer(): void {
    const { connection } = this.#link;
    if (connection?.busy) this.#ending = killStatement(connection);
  }

  /** Settled when the server was told: if that came late, it would end the next statement. */
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
    if (this.#link.giveUp()) {
      writeError('^C\n');
      return;
    }
    const { connection } = this.#link;
    if (connection === undefined || !connection.busy) {
      // Its rows are being printed.
      if (this.live !== undefined && this.#count === 1) writeError('^C\n');
      return;
    }
    if (this.#count === 1) {
      writeError('^C\nCtrl-C -- query killed.\n');
      this.endOnServer();
    } else {
      writeError('^C\nCtrl-C -- connection closed.\n');
      this.#ending = killConnection(connection);
    }
  }
}
