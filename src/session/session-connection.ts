import { clientErrors, SqlError } from '../protocol/sql-error.js';
import { ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import type { Target } from '../target/target.js';
import { untilAborted } from '../until-aborted.js';
import { runSetupStatements } from './session-setup.js';

/** Owns the session's connection, which the command `connect` replaces by another. */
export class SessionConnection {
  /** The target of the next connection. Like the client, `connect` keeps its last arguments. */
  target: Target;
  #login: Login;
  #connection: ReplicaConnection | undefined;
  #characterSet = 'latin1';
  /** Cancels the connection that is being opened. */
  #opening: AbortController | undefined;

  constructor(target: Target, login: Login) {
    this.target = target;
    this.#login = login;
  }

  /** The open connection; undefined before the first one and after a failed attempt to connect. */
  get connection(): ReplicaConnection | undefined {
    return this.#connection;
  }

  /** The client's character set: that of the connection, and the initial one of the next. */
  get characterSet(): string {
    return this.#characterSet;
  }

  set characterSet(name: string) {
    this.#characterSet = name;
    this.#login = { ...this.#login, characterSet: name };
  }

  /**
   * Closes the current connection, if any, and opens a new one; then runs its setup statements:
   * --init-command, then --safe-updates. Rejects with an SqlError.
   */
  async open(): Promise<ReplicaConnection> {
    this.#connection?.close();
    this.#connection = undefined;
    return this.#adopt(await this.#connect(this.target));
  }

  /** Connects to another server like open(). If that fails, the current connection stays. */
  async switchTo(target: Target): Promise<ReplicaConnection> {
    const connection = await this.#connect(target);
    this.#connection?.close();
    this.target = target;
    return this.#adopt(connection);
  }

  /** Opens another connection with the same login, for statements that cannot wait for this one. */
  async openSecondConnection(database: string | undefined): Promise<ReplicaConnection> {
    const target = this.#connection?.getServerTarget() ?? this.target;
    const login = { ...this.#login, initCommands: [] };
    return ReplicaConnection.open({ ...target, database }, login, process.env);
  }

  /** Cancels the connection that is being opened. Returns whether there was one. */
  cancelOpening(): boolean {
    this.#opening?.abort();
    return this.#opening !== undefined;
  }

  async #untilCancelled(opening: Promise<ReplicaConnection>): Promise<ReplicaConnection> {
    const controller = new AbortController();
    this.#opening = controller;
    const connection = await untilAborted(opening, controller.signal).finally(() => {
      this.#opening = undefined;
    });
    if (connection !== undefined) return connection;
    // The attempt may still succeed; close that connection then.
    opening.then(
      (late) => late.destroy(),
      () => {},
    );
    const text = "Can't connect to server: interrupted";
    throw new SqlError(clientErrors.cannotConnect, 'HY000', text, 'connect');
  }

  #adopt(connection: ReplicaConnection): ReplicaConnection {
    this.#connection = connection;
    this.#characterSet = connection.characterSet.name;
    return connection;
  }

  async #connect(target: Target): Promise<ReplicaConnection> {
    const opening = ReplicaConnection.open(target, this.#login, process.env);
    const connection = await this.#untilCancelled(opening);
    // Publish the connection first, so that a signal can kill --init-command.
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
