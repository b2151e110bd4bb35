import type { Settings } from '../../cli/settings.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import type { SqlError } from '../../protocol/sql-error.js';
import type { ReplicaConnection } from '../../replica/connection.js';
import type { ClientCommand } from '../../script/item.js';
import type { ScriptReader } from '../../script/reader.js';
import type { SessionConnection } from '../session-connection.js';

/** Whether a script continues after a statement or command; if not, the exit status. */
export type Outcome = 'continue' | { exit: number };

/** The state and the operations that a client command can use. */
export interface CommandContext {
  readonly settings: Settings;
  readonly session: SessionConnection;
  readonly out: OutputBuffer;
  /** The reader of the source of statements (file or standard input) that contains the command. */
  readonly reader: ScriptReader;
  /** The number of nested `source` commands. */
  readonly sourceDepth: number;
  /** Commands that access the file system are refused; applies to the current file only. */
  sandboxed: boolean;
  /** With --one-database, while another database is in use: statements are ignored. */
  ignoresStatements: boolean;
  /** The warnings of each statement are printed after it. */
  showWarnings: boolean;
  /** The destinations of the output, as `status` prints them. */
  readonly destinations: { pager: string; tee: string };
  /**
   * Prints a notice that the client prints only in interactive mode, such as `Database changed`.
   */
  printNotice(text: string): void;
  /**
   * Resolves to the connection. If the last attempt to connect failed, reports that; it ends the
   * script, even with --force.
   */
  connected(line: number): Promise<ReplicaConnection | { exit: number }>;
  /**
   * Reports a server error in order with the output; the script continues only with --force.
   * `statement` is shown above the error.
   */
  serverError(error: SqlError, line: number, statement?: Uint8Array): Promise<Outcome>;
  /** Reports an error of the client itself; the script continues only with --force. */
  error(message: string | Uint8Array, line: number): Promise<Outcome>;
  /** Reports an error after which the script continues in any case. */
  warn(message: string | Uint8Array, line: number): Promise<Outcome>;
  /** Runs a file of statements and commands. `file`: its name for messages. */
  runFile(file: Uint8Array, content: AsyncIterable<Uint8Array>): Promise<Outcome>;
}

/** Runs one client command. */
export type Command = (
  command: ClientCommand,
  context: CommandContext,
) => Promise<Outcome> | Outcome;
