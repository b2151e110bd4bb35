import { exactBytes } from '../cli/exact-arguments.js';
import type { SafeUpdates } from '../cli/settings.js';
import { ignoreResults, ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import type { Target } from '../target/target.js';

/** The session's connection, which the command `connect` replaces by another. */
export class Link {
  /** What a new connection goes to: as the client, `connect` keeps what it was last told. */
  target: Target;
  #login: Login;
  #connection: ReplicaConnection | undefined;
  #characterSet = 'latin1';

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
   * --init-command, then --safe-updates. Throws ReplicaError.
   */
  async open(): Promise<ReplicaConnection> {
    this.#connection?.close();
    this.#connection = undefined;
    const connection = await ReplicaConnection.open(this.target, this.#login, process.env);
    this.#connection = connection;
    this.#characterSet = connection.characterSet.name;
    try {
      for (const command of this.#login.initCommands) {
        await connection.query(exactBytes(command), ignoreResults);
      }
      const { safeUpdates } = this.#login;
      if (safeUpdates.on) {
        await connection.query(Buffer.from(safeUpdatesSql(safeUpdates)), ignoreResults);
      }
      return connection;
    } catch (error) {
      connection.destroy();
      this.#connection = undefined;
      throw error;
    }
  }
}

function safeUpdatesSql({ selectLimit, maxJoinSize }: SafeUpdates): string {
  const [select, join] = [selectLimit, maxJoinSize].map(asUnsigned);
  return `SET SQL_SAFE_UPDATES=1,SQL_SELECT_LIMIT=${select},MAX_JOIN_SIZE=${join}`;
}

const largest = 2n ** 64n - 1n;

/** The largest number of 64 bits rounds up to one of 65. */
function asUnsigned(number: number): bigint {
  const whole = BigInt(number);
  return whole > largest ? largest : whole;
}
