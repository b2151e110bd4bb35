import { clientErrors, SqlError } from '../protocol/sql-error.js';
import type { AskQuestion } from '../replica/authentication.js';
import { ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import type { Target } from '../target/target.js';
import { untilAborted } from '../until-aborted.js';
import { runSetupStatements } from './session-setup.js';

/** How long, in ms, a login may take before the user is told what it waits for. */
const slowLoginMs = 1000;

/** Owns the session's connection, which the command `connect` replaces by another. */
export class SessionConnection {
  /** The target of the next connection. Like the client, `connect` keeps its last arguments. */
  target: Target;
  #login: Login;
  readonly #onSlowLogin: ((target: Target) => void) | undefined;
  #connection: ReplicaConnection | undefined;
  #characterSet = 'latin1';
  /** Cancels the connection that is being opened. */
  #opening: AbortController | undefined;

  /** `onSlowLogin` is called when a server has not answered a login for a second. */
  constructor(target: Target, login: Login, onSlowLogin?: (target: Target) => void) {
    this.target = target;
    this.#login = login;
    this.#onSlowLogin = onSlowLogin;
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
    const slow = setTimeout(() => this.#onSlowLogin?.(target), slowLoginMs);
    const { ask } = this.#login;
    const askWithoutNotice: AskQuestion = (...question) => {
      // From here on it waits for the user.
      clearTimeout(slow);
      return ask?.(...question) ?? Promise.resolve('');
    };
    const login = { ...this.#login, ...(ask && { ask: askWithoutNotice }) };
    const opening = ReplicaConnection.open(target, login, process.env);
    const connection = await this.#untilCancelled(opening).finally(() => clearTimeout(slow));
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
