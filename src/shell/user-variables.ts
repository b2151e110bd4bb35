import { findAssignedVariables } from '../completion/variables.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { tokenize } from '../script/analyze.js';

/** A longer statement is not searched for variables: it is data rather than a query. */
const maxSearchedBytes = 100_000;

/** The names of the user variables that statements have set on a connection, for completion. */
export class UserVariables {
  #connection: ReplicaConnection | undefined;
  readonly #names = new Set<string>();

  /** Adds the variables that a statement sets. Those of an earlier connection are gone. */
  add(sql: Uint8Array, connection: ReplicaConnection): void {
    if (connection !== this.#connection) this.#names.clear();
    this.#connection = connection;
    if (sql.length > maxSearchedBytes || !sql.includes(0x40)) return;
    const text = Buffer.from(sql).toString();
    const tokens = tokenize(text, { delimiter: ';', sqlMode: connection.sqlMode });
    for (const name of findAssignedVariables(text, tokens)) this.#names.add(name);
  }

  /** Returns the names, without `@`. */
  get(connection: ReplicaConnection | undefined): Iterable<string> {
    return connection === this.#connection ? this.#names : [];
  }
}
