import { SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { fetchRows } from '../session/rows.js';
import type { SessionConnection } from '../session/session-connection.js';
import { socketPathOf } from '../target/address.js';
import { LagReader } from './lag.js';
import { formatPrompt, showsLag, showsUser } from './prompt.js';

/** Makes prompts out of their format and what they tell, for which the server may be asked. */
export class Prompter {
  readonly #session: SessionConnection;
  readonly #lag: LagReader;
  #count = 0;
  /** The user's name as the server has it, once a prompt has asked for it. */
  #user: { connection: ReplicaConnection; name: string } | undefined;

  constructor(session: SessionConnection) {
    this.#session = session;
    this.#lag = new LagReader(() => session.openBeside(undefined));
  }

  /** The next prompt: the text that `format` stands for now. */
  async next(format: string, delimiter: string): Promise<string> {
    const { connection, target } = this.#session;
    const alive = connection?.lost === false ? connection : undefined;
    const { endpoint } = connection ?? {};
    return formatPrompt(format, {
      counter: ++this.#count,
      connectionId: connection?.threadId,
      server: serverName(connection?.serverVersion),
      serverVersion: connection?.serverVersion ?? '',
      database: target.database,
      host: endpoint?.host ?? 'localhost',
      port: String(endpoint?.port ?? socketPathOf(target.address) ?? ''),
      user: alive !== undefined && showsUser(format) ? await this.#userOf(alive) : '',
      delimiter,
      section: target.section,
      lag:
        alive !== undefined && showsLag(format) ? await this.#lag.read(alive, target.section) : '?',
      now: new Date(),
    });
  }

  /** No prompt is asked for any more. */
  stop(): void {
    this.#lag.stop();
  }

  async #userOf(connection: ReplicaConnection): Promise<string> {
    if (this.#user?.connection !== connection) {
      const name = await firstCell(connection, 'select user()');
      if (name === undefined) return '';
      this.#user = { connection, name };
    }
    return this.#user.name;
  }
}

/** As the client calls it, also where there is no connection. */
function serverName(version: string | undefined): string {
  if (version === undefined) return 'unknown';
  return version.includes('MariaDB') ? 'MariaDB' : 'MySQL';
}

/** What the shell asks for itself; undefined: the server does not tell, which ends nothing. */
export async function firstCell(
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
