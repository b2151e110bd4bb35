import { explainAccessDenied } from '../cli/explain-access-denied.js';
import { SqlError } from '../protocol/sql-error.js';
import type { QuerySettings } from './query-settings.js';
import { ReplicaError } from './replica-error.js';

/** Error numbers of servers that deny access to this user and password. */
const accessDeniedErrnos: ReadonlySet<number> = new Set([1044, 1045, 1698]);

/** Converts errors to the public ReplicaError. `settings` are those of the login. */
export class ErrorTranslator {
  readonly #settings: QuerySettings;
  #cachedHint: string | undefined;

  constructor(settings: QuerySettings) {
    this.#settings = settings;
  }

  /** Returns the public error for an error of the server or of the connection. */
  translate(errno: number, sqlState: string, text: string): ReplicaError {
    const hint = accessDeniedErrnos.has(errno) ? this.#accessDeniedHint() : '';
    return new ReplicaError(errno, sqlState, text, hint === '' ? undefined : hint);
  }

  /** Converts an SqlError of the protocol to a ReplicaError; returns any other error unchanged. */
  translateAny(error: unknown): unknown {
    if (!(error instanceof SqlError)) return error;
    return this.translate(error.errno, error.sqlState, Buffer.from(error.text).toString());
  }

  /** Returns the hint. It is computed only once, since it looks up the user's groups. */
  #accessDeniedHint(): string {
    this.#cachedHint ??= explainAccessDenied(this.#settings)?.advice ?? '';
    return this.#cachedHint;
  }
}
