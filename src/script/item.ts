import type { SessionCommand, ShellCommandName } from './command-table.js';

/*
 * The items that ScriptReader reads from a script, and the options that it takes. The bytes of an
 * item are valid only until the next item is requested.
 */

/**
 * What ended a statement: the delimiter; `go`, which also stands for `\g`, `\G`, `ego` and a
 * redirect; the end of the input; or the end of a line that --comments sends as a statement.
 */
export type Terminator = 'delimiter' | 'go' | 'end-of-input' | 'comment-line';

/**
 * The destination of a result set, other than the terminal: `$> file`, `$>> file`, `$| command`.
 */
export interface Redirect {
  kind: 'file' | 'append' | 'pipe';
  /** The file name with its quotes, or the command for the system's shell. Never empty. */
  target: Uint8Array;
}

/**
 * A statement for the server. It is never empty: like the client, the reader drops a statement that
 * consists of blanks alone.
 */
export interface Statement {
  kind: 'statement';
  /** The text to send, which `-v` also prints: without blanks and control characters at its end. */
  sql: Uint8Array;
  /** The text including the blanks at its end, which XML output prints as the statement. */
  untrimmed: Uint8Array;
  /** The line number, from 1, that error messages print: the line where the statement begins. */
  line: number;
  /** Whether `\G` or `ego` ended the statement, so that its result is shown vertically. */
  vertical: boolean;
  terminator: Terminator;
  /** Always undefined unless the source is `terminal`. */
  redirect: Redirect | undefined;
}

/** A command of the client, for the session to run. */
export interface ClientCommand {
  kind: 'command';
  name: SessionCommand;
  /**
   * The arguments, without quotes and escapes, as the client reads them: one word for `use` and
   * `charset`, up to two for `connect` (database, host), the rest of the line for the others. Empty
   * if there are no arguments.
   */
  args: Uint8Array[];
  /** The pending statement, which `print` shows. */
  pending: Uint8Array;
  line: number;
  form: 'long' | 'short';
}

/** A command that only the interactive shell has; read only if the source is `terminal`. */
export interface ShellCommand {
  kind: 'shell-command';
  name: ShellCommandName;
  /**
   * The arguments, without quotes and escapes, up to the delimiter or the end of the line. For `fs`
   * they are the name and the text of the query, including `\G` and a redirect; a part that the
   * user did not type is missing.
   */
  args: Uint8Array[];
  /** What follows `again`, as if it were a statement. */
  ending?: Pick<Statement, 'redirect' | 'vertical'>;
  /** The pending statement, which `watch` runs; if it is empty, `watch` repeats the last one. */
  pending: Uint8Array;
  line: number;
}

/** An error in the script. */
export interface ScriptProblem {
  kind: 'problem';
  code: 'NUL_BYTE' | 'UNKNOWN_COMMAND' | 'BAD_DELIMITER' | 'NO_QUERY' | 'NO_TARGET';
  /**
   * The message of the client, as printed after `ERROR at line N: `. May contain bytes of the
   * script.
   */
  message: Uint8Array;
  /** The line number, from 1; undefined if the client prints none. */
  line: number | undefined;
  /**
   * `never`: the client continues and keeps its exit status. `unless-forced`: it stops with status
   * 1 unless --force is given. `always`: it stops even with --force.
   */
  stops: 'never' | 'unless-forced' | 'always';
}

export type ScriptItem = Statement | ClientCommand | ShellCommand | ScriptProblem;

/** How ScriptReader reads a script. */
export interface ScriptOptions {
  /** --delimiter; only its first 15 bytes are used. */
  delimiter: Uint8Array;
  /** --comments: send plain comments to the server. */
  comments: boolean;
  /** --binary-mode: treat NUL and CRLF as data, and `delimiter` as the only command. */
  binaryMode: boolean;
  /** --named-commands: accept long names of commands on any line, not only before a statement. */
  namedCommands: boolean;
  /**
   * Where the bytes come from. With `execute` (-e), CRLF is data. With `terminal` the reader
   * follows the interactive client: it ignores --binary-mode, reports a NUL without stopping,
   * reports a delimiter that ends an empty statement, discards a statement that is pending at the
   * end or before `quit`, and continues after an unknown command; it also accepts the shell's own
   * commands and redirects.
   */
  source: 'execute' | 'stdin' | 'file' | 'terminal';
  /** The client's character set, as named by --default-character-set or `charset`. */
  characterSet: string;
}
