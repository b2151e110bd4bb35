import { explainDenied } from '../cli/explain-denied.js';

import { SqlError as InnerError } from '../protocol/sql-error.js';
import { ReplicaError } from './replica-error.js';
import type { QuerySettings } from './settings-of.js';

/** The server's errors that mean "not with this user and password". */
const denied: ReadonlySet<number> = new Set([1044, 1045, 1698]);

/** Makes errors as programs get them; `settings` are those that were logged in with. */
export class ErrorTranslator {
  readonly #settings: QuerySettings;
  #hint: string | undefined;

  constructor(settings: QuerySettings) {
    this.#settings = settings;
  }

  /** What the server says, or what stands for it; `text` is its own. */
  translate(errno: number, sqlState: string, text: string): ReplicaError {
    const hint = denied.has(errno) ? this.#explained() : '';
    return new ReplicaError(errno, sqlState, text, hint === '' ? undefined : hint);
  }

  /** The same of an error of ours; any other stays as it is. */
  translateAny(error: unknown): unknown {
    if (!(error instanceof InnerError)) return error;
    return this.translate(error.errno, error.sqlState, Buffer.from(error.text).toString());
  }

  /** Once for all: it asks the system which groups the user is in. */
  #explained(): string {
    this.#hint ??= explainDenied(this.#settings);
    return this.#hint;
  }
}
