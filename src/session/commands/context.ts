import type { Settings } from '../../cli/settings.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import type { SqlError } from '../../protocol/sql-error.js';
import type { ReplicaConnection } from '../../replica/connection.js';
import type { ClientCommand } from '../../script/item.js';
import type { ScriptReader } from '../../script/reader.js';
import type { SessionConnection } from '../session-connection.js';

/** Whether a script goes on after a statement or command, and the exit status if it does not. */
export type Outcome = 'continue' | { exit: number };

/** What a command works on. */
export interface CommandContext {
  readonly settings: Settings;
  readonly session: SessionConnection;
  readonly out: OutputBuffer;
  /** Of the file, or of the standard input, that the command stands in. */
  readonly reader: ScriptReader;
  /** How many files are under way, each sourced by the one before. */
  readonly depth: number;
  /** No commands that reach the file system; holds for the file that asked for it. */
  sandboxed: boolean;
  /** With --one-database, while another one is in use: statements are passed over. */
  passesOver: boolean;
  /** The warnings of each statement are shown. */
  showWarnings: boolean;
  /** Where output goes, as `status` tells it. */
  readonly destinations: { pager: string; tee: string };
  /** Says what the client says in a conversation alone, such as `Database changed`. */
  inform(text: string): void;
  /**
   * The connection; if the last attempt to connect failed, says so, which ends the script whatever
   * --force says.
   */
  connected(line: number): Promise<ReplicaConnection | { exit: number }>;
  /**
   * Reports a server error in its place among the output; goes on if --force says so. `statement`
   * is one of the client's own, which is shown as the script's are.
   */
  serverError(error: SqlError, line: number, statement?: Uint8Array): Promise<Outcome>;
  /** The same for an error of the client's own. */
  error(message: string | Uint8Array, line: number): Promise<Outcome>;
  /** The same, of an error after which the client goes on in any case. */
  warn(message: string | Uint8Array, line: number): Promise<Outcome>;
  /** Runs a file of statements and commands: `file` as messages name it, and its content. */
  runFile(file: Uint8Array, content: AsyncIterable<Uint8Array>): Promise<Outcome>;
}

/** Carries out one client command. */
export type Command = (
  command: ClientCommand,
  context: CommandContext,
) => Promise<Outcome> | Outcome;
