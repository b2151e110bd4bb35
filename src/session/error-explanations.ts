import type { SqlError } from '../protocol/sql-error.js';
import { findClosestTables } from './closest-tables.js';
import {
  explainUnknownName,
  findUnknownNameKind,
  type UnknownNameKind,
} from './explain-unknown-name.js';
import type { WriteError } from './report.js';
import type { SessionConnection } from './session-connection.js';

/** Explains errors of a session on standard error: each kind once. */
export class ErrorExplanations {
  readonly #mwConfigPath: string;
  readonly #explained = new Set<UnknownNameKind>();

  readonly #isInteractive: boolean;

  /** @param mwConfigPath the path of a checkout of mediawiki-config */
  constructor(mwConfigPath: string, isInteractive: boolean) {
    this.#mwConfigPath = mwConfigPath;
    this.#isInteractive = isInteractive;
  }

  /**
   * Writes a line that says where an unknown table, database or server is, if that is known and the
   * user did not name the server. Call it after the error has been reported.
   */
  async explain(error: SqlError, session: SessionConnection, write: WriteError): Promise<void> {
    const { target } = session;
    const kind = findUnknownNameKind(error, target);
    if (kind === undefined || this.#explained.has(kind)) return;
    const { errno } = error;
    const line = await explainUnknownName(
      { errno, text: Buffer.from(error.text).toString() },
      {
        target,
        mwConfigPath: this.#mwConfigPath,
        isInteractive: this.#isInteractive,
        // A second connection leaves the warnings and the state of the session as they are.
        findClosestTables: (table, database) =>
          findClosestTables(table, database, () => session.openSecondConnection(undefined)),
      },
    );
    if (line === undefined) return;
    this.#explained.add(kind);
    write(`analytics-mysql: ${line}\n`);
  }

  /** Allows each kind to be explained again. */
  reset(): void {
    this.#explained.clear();
  }
}
