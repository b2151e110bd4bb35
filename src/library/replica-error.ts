/**
 * An error of the server or of the connection to it. `errno` and `sqlState` are those of the server
 * (1146, `42S02` …), or those of MariaDB's client library if the connection fails (2002, 2013 …).
 * `message` is the text of the server, which may contain parts of the query and of its data.
 */
export class ReplicaError extends Error {
  readonly errno: number;
  readonly sqlState: string;
  /**
   * For a denied login without `user`: where credentials were searched, and which groups have access to
   * them.
   */
  readonly hint: string | undefined;

  constructor(errno: number, sqlState: string, message: string, hint?: string) {
    super(message);
    this.name = 'ReplicaError';
    this.errno = errno;
    this.sqlState = sqlState;
    this.hint = hint;
  }
}
