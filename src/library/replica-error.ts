/**
 * An error that a server sent, or that stands for one that cannot be reached: `errno` and `sqlState`
 * are the server's (1146, `42S02` …), or those of MariaDB's client library (2002, 2013 …), and
 * `message` is the server's text. Mind that a server's text may quote the query and its data.
 */
export class ReplicaError extends Error {
  readonly errno: number;
  readonly sqlState: string;
  /** Of a denied login without a user's name: where credentials were looked for, and who has them. */
  readonly hint: string | undefined;

  constructor(errno: number, sqlState: string, message: string, hint?: string) {
    super(message);
    this.name = 'ReplicaError';
    this.errno = errno;
    this.sqlState = sqlState;
    this.hint = hint;
  }
}
