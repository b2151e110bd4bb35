import { SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { fetchRows } from '../session/rows.js';

/** What is shown where the server does not tell. */
const unknown = '?';

/** Milliseconds that a prompt waits for the lag. */
const patience = 1000;

/**
 * Reads how far a replica is behind, for prompts. It has a connection to itself, opened when it is
 * first asked: on the user's own, `show warnings` and `found_rows()` would tell of this question,
 * and in a transaction the lag would stand still.
 */
export class LagReader {
  readonly #open: () => Promise<ReplicaConnection>;
  /** Where the user is; `own` is undefined where no answer is to be had. */
  #user: ReplicaConnection | undefined;
  #own: Promise<ReplicaConnection | undefined> | undefined;

  /** `open` logs in to the server of the user's connection once more. */
  constructor(open: () => Promise<ReplicaConnection>) {
    this.#open = open;
  }

  /**
   * The lag of the server that `user` is connected to, from the heartbeat that the primary writes
   * into `heartbeat.heartbeat` once a second (pt-heartbeat's table, with Wikimedia's column
   * `shard`): `0.4 s`. `?` where it cannot be read, or not soon.
   */
  async read(user: ReplicaConnection, section: string | undefined): Promise<string> {
    if (section === undefined || !/^[\w-]+$/.test(section)) return unknown;
    if (this.#user !== user) this.stop();
    this.#user = user;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(unknown), patience);
    });
    const lag = await Promise.race([this.#ask(section), late]);
    clearTimeout(timer);
    return lag;
  }

  /** Closes the connection, if there is one. */
  stop(): void {
    void this.#own?.then((own) => own?.destroy());
    this.#own = undefined;
  }

  async #ask(section: string): Promise<string> {
    // The server closes what idles, as it does while the user's statement takes its time.
    if ((await this.#own)?.lost) this.#own = undefined;
    this.#own ??= this.#open().catch(() => undefined);
    const asking = this.#own;
    const own = await asking;
    // A refusal, or an earlier prompt's question.
    if (own === undefined || own.busy) return unknown;
    const sql = `select timestampdiff(microsecond, max(ts), utc_timestamp(6)) from heartbeat.heartbeat where shard = '${section}'`;
    try {
      const [row] = await fetchRows(own, Buffer.from(sql));
      const [cell] = row ?? [];
      if (cell == null) return unknown;
      const seconds = Number(Buffer.from(cell).toString()) / 1e6;
      return `${Math.max(0, seconds).toFixed(1)} s`;
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      if (own.lost || this.#own !== asking) return unknown;
      // It would be refused each time.
      own.close();
      this.#own = Promise.resolve(undefined);
      return unknown;
    }
  }
}
