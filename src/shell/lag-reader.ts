import { SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { fetchRows } from '../session/fetch-rows.js';

/** The text for a lag that cannot be read. */
const unknownLag = '?';

/** How long a prompt waits for the lag. */
const timeoutMs = 1000;

/**
 * Reads the replication lag for prompts. Uses its own connection, which it opens at the first read:
 * on the user's connection, the query would change the results of `show warnings` and
 * `found_rows()`, and in a transaction the lag would never change.
 */
export class LagReader {
  readonly #open: () => Promise<ReplicaConnection>;
  /** The connection of the user whose server was read last. */
  #userConnection: ReplicaConnection | undefined;
  /** The connection for reading; resolves to undefined if the lag cannot be read there. */
  #lagConnection: Promise<ReplicaConnection | undefined> | undefined;

  /** `open` opens another connection to the server of the user's connection. */
  constructor(open: () => Promise<ReplicaConnection>) {
    this.#open = open;
  }

  /**
   * Resolves to the lag of the server of `userConnection`, such as `0.4 s`, or to `?` if it cannot
   * be read within a second. The source is the heartbeat that the primary writes into
   * `heartbeat.heartbeat` once a second (pt-heartbeat's table, with Wikimedia's column `shard`).
   */
  async read(userConnection: ReplicaConnection, section: string | undefined): Promise<string> {
    if (section === undefined || !/^[\w-]+$/.test(section)) return unknownLag;
    if (this.#userConnection !== userConnection) this.stop();
    this.#userConnection = userConnection;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(unknownLag), timeoutMs);
    });
    const lag = await Promise.race([this.#query(section), timeout]);
    clearTimeout(timer);
    return lag;
  }

  /** Closes the connection, if there is one. */
  stop(): void {
    void this.#lagConnection?.then((connection) => connection?.destroy());
    this.#lagConnection = undefined;
  }

  async #query(section: string): Promise<string> {
    // The server closes idle connections, also while a statement of the user takes long.
    if ((await this.#lagConnection)?.isLost) this.#lagConnection = undefined;
    this.#lagConnection ??= this.#open().catch(() => undefined);
    const opening = this.#lagConnection;
    const connection = await opening;
    // The login failed, or the query of an earlier prompt is still running.
    if (connection === undefined || connection.isBusy) return unknownLag;
    const sql = `select timestampdiff(microsecond, max(ts), utc_timestamp(6)) from heartbeat.heartbeat where shard = '${section}'`;
    try {
      const [row] = await fetchRows(connection, Buffer.from(sql));
      const [cell] = row ?? [];
      if (cell == null) return unknownLag;
      const seconds = Number(Buffer.from(cell).toString()) / 1e6;
      return `${Math.max(0, seconds).toFixed(1)} s`;
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      if (connection.isLost || this.#lagConnection !== opening) return unknownLag;
      // Access was denied: do not ask again on this connection.
      connection.close();
      this.#lagConnection = Promise.resolve(undefined);
      return unknownLag;
    }
  }
}
