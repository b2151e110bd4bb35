import { clientErrors, SqlError } from '../protocol/sql-error.js';
import { ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import type { Target } from '../target/target.js';
import { untilAborted } from '../until-aborted.js';
import { runSetupStatements } from './session-setup.js';

/** The session's connection, which the command `connect` replaces by another. */
export class SessionConnection {
  /** What a new connection goes to: as the client, `connect` keeps what it was last told. */
  target: Target;
  #login: Login;
  #connection: ReplicaConnection | undefined;
  #characterSet = 'latin1';
  /** Gives up the connection that is being opened. */
  #opening: AbortController | undefined;

  constructor(target: Target, login: Login) {
    this.target = target;
    this.#login = login;
  }

  /** undefined before the first connection, and after an attempt to connect that failed. */
  get connection(): ReplicaConnection | undefined {
    return this.#connection;
  }

  /** The client's character set: the connection's, and what the next one begins in. */
  get characterSet(): string {
    return this.#characterSet;
  }

  set characterSet(name: string) {
    this.#characterSet = name;
    this.#login = { ...this.#login, characterSet: name };
  }

  /**
   * Connects, in place of the connection that there was, and says what has to be said first:
   * --init-command, then --safe-updates. Throws SqlError.
   */
  async open(): Promise<ReplicaConnection> {
    this.#connection?.close();
    this.#connection = undefined;
    return this.#use(await this.#connect(this.target));
  }

  /** The same to another server; if that fails, all stays as it is. */
  async moveTo(target: Target): Promise<ReplicaConnection> {
    const connection = await this.#connect(target);
    this.#connection?.close();
    this.target = target;
    return this.#use(connection);
  }

  /** Another connection of the same login, for what must not wait for this one. */
  async openBeside(database: string | undefined): Promise<ReplicaConnection> {
    const target = this.#connection?.sameServer() ?? this.target;
    const login = { ...this.#login, initCommands: [] };
    return ReplicaConnection.open({ ...target, database }, login, process.env);
  }

  /** Ends the wait for a connection that is being opened; whether there was one. */
  giveUp(): boolean {
    this.#opening?.abort();
    return this.#opening !== undefined;
  }

  async #orGivenUp(opening: Promise<ReplicaConnection>): Promise<ReplicaConnection> {
    const controller = new AbortController();
    this.#opening = controller;
    const connection = await untilAborted(opening, controller.signal).finally(() => {
      this.#opening = undefined;
    });
    if (connection !== undefined) return connection;
    // The connection may still be made.
    opening.then(
      (late) => late.destroy(),
      () => {},
    );
    const text = "Can't connect to server: interrupted";
    throw new SqlError(clientErrors.cannotConnect, 'HY000', text, 'connect');
  }

  #use(connection: ReplicaConnection): ReplicaConnection {
    this.#connection = connection;
    this.#characterSet = connection.characterSet.name;
    return connection;
  }

  async #connect(target: Target): Promise<ReplicaConnection> {
    const opening = ReplicaConnection.open(target, this.#login, process.env);
    const connection = await this.#orGivenUp(opening);
    // Seen at once, so that a signal ends what --init-command runs.
    this.#connection ??= connection;
    try {
      await runSetupStatements(connection, this.#login);
      return connection;
    } catch (error) {
      connection.destroy();
      if (this.#connection === connection) this.#connection = undefined;
      throw error;
    }
  }
}
