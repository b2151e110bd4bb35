import { SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { fetchRows } from '../session/fetch-rows.js';
import type { SessionConnection } from '../session/session-connection.js';
import { getSocketPath } from '../target/address.js';
import { LagReader } from './lag-reader.js';
import { formatPrompt, showsLag, showsUser } from './prompt.js';

/** Formats prompts, and fetches the values that they need from the server. */
export class Prompter {
  readonly #session: SessionConnection;
  readonly #lag: LagReader;
  #count = 0;
  /** The user's name according to the server, after a prompt has needed it. */
  #user: { connection: ReplicaConnection; name: string } | undefined;

  constructor(session: SessionConnection) {
    this.#session = session;
    this.#lag = new LagReader(() => session.openSecondConnection(undefined));
  }

  /** Resolves to the text of the next prompt. */
  async format(format: string, delimiter: string): Promise<string> {
    const { connection, target } = this.#session;
    const openConnection = connection?.isLost === false ? connection : undefined;
    const { endpoint } = connection ?? {};
    return formatPrompt(format, {
      counter: ++this.#count,
      connectionId: connection?.threadId,
      server: getServerName(connection?.serverVersion),
      serverVersion: connection?.serverVersion ?? '',
      database: target.database,
      wiki: target.wiki,
      host: endpoint?.host ?? 'localhost',
      port: String(endpoint?.port ?? getSocketPath(target.address) ?? ''),
      user:
        openConnection !== undefined && showsUser(format)
          ? await this.#fetchUser(openConnection)
          : '',
      delimiter,
      section: target.section,
      lag:
        openConnection !== undefined && showsLag(format)
          ? await this.#lag.read(openConnection, target.section)
          : '?',
      now: new Date(),
    });
  }

  /** Closes the connection for the replication lag. */
  stop(): void {
    this.#lag.stop();
  }

  async #fetchUser(connection: ReplicaConnection): Promise<string> {
    if (this.#user?.connection !== connection) {
      const name = await fetchFirstCell(connection, 'select user()');
      if (name === undefined) return '';
      this.#user = { connection, name };
    }
    return this.#user.name;
  }
}

/** Returns the client's name for the kind of server; `unknown` without a connection. */
function getServerName(version: string | undefined): string {
  if (version === undefined) return 'unknown';
  return version.includes('MariaDB') ? 'MariaDB' : 'MySQL';
}

/**
 * Runs a query of the shell itself; resolves to the first cell, or to undefined after an SqlError.
 */
export async function fetchFirstCell(
  connection: ReplicaConnection,
  sql: string,
): Promise<string | undefined> {
  try {
    const [row] = await fetchRows(connection, Buffer.from(sql));
    return Buffer.from(row?.[0] ?? []).toString();
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}
