import type { SessionCommand, ShellCommandName } from './command-table.js';

/**
 * What ended a statement: the delimiter, `\g`, `\G`, `go`, `ego` or a redirect, or no more input.
 */
export type Terminator = 'delimiter' | 'go' | 'end-of-input' | 'comment-line';

/** Where a result goes instead of to the terminal: `$> file`, `$>> file`, `$| command`. */
export interface Redirect {
  kind: 'file' | 'append' | 'pipe';
  /** The file's name or the command for the shell, as written; not empty. Lent. */
  to: Uint8Array;
}

/**
 * A statement for the server. Never empty: what holds nothing but blanks is not given out, as the
 * client doesn't send it. The bytes are lent: they are good until the next item is asked for.
 */
export interface Statement {
  kind: 'statement';
  /** What is sent, and what `-v` prints: blanks and control characters at its end are cut off. */
  sql: Uint8Array;
  /** `sql` with what was cut off its end: what XML output names as the statement. */
  untrimmed: Uint8Array;
  /** What an error calls `line`: the line, from 1, that found nothing before it in the statement. */
  line: number;
  /** Ended by `\G` or `ego`: the result is to be shown vertically. */
  vertical: boolean;
  terminated: Terminator;
  /** Always undefined but from a terminal. */
  redirect: Redirect | undefined;
}

/** A command of the client. Its bytes are lent, as a statement's are. */
export interface ClientCommand {
  kind: 'command';
  name: SessionCommand;
  /**
   * The words behind the command as the client takes them, quotes and escapes resolved: one for
   * use and charset, up to two for connect (database, host), the whole rest of the line for the
   * others. Empty: there was nothing.
   */
  args: Uint8Array[];
  /** The statement that is being collected; what `print` shows. */
  pending: Uint8Array;
  line: number;
  form: 'long' | 'short';
}

/**
 * A command that only a shell has, so that it comes out of a terminal's text alone. Its bytes are
 * lent.
 */
export interface ShellCommand {
  kind: 'shell-command';
  name: ShellCommandName;
  /**
   * The words behind it, quotes and escapes resolved, up to the delimiter or the line's end. Of
   * `fs`: the name and the text of the query, `\G` and redirects included; what was not given is
   * not there.
   */
  args: Uint8Array[];
  /** The statement that is being collected; `watch` ends it, or, if it is empty, repeats the last. */
  pending: Uint8Array;
  line: number;
}

/** Something in the script that cannot be done. */
export interface ScriptProblem {
  kind: 'problem';
  code: 'NUL_BYTE' | 'UNKNOWN_COMMAND' | 'BAD_DELIMITER' | 'NO_QUERY' | 'NO_TARGET';
  /** The client's own words, what follows `ERROR at line N: `. May hold bytes of the script. */
  message: Uint8Array;
  /** undefined: the client names no line. */
  line: number | undefined;
  /**
   * `never`: the client goes on and its exit status stays as it is; `unless-forced`: it stops with
   * status 1, but for --force; `always`: it stops, with --force too.
   */
  stops: 'never' | 'unless-forced' | 'always';
}

export type ScriptItem = Statement | ClientCommand | ShellCommand | ScriptProblem;

/** How a script is read. */
export interface ScriptOptions {
  /** --delimiter; only its first 15 bytes count. */
  delimiter: Uint8Array;
  /** --comments: plain comments go to the server too. */
  comments: boolean;
  /** --binary-mode: NUL and CRLF are data, and `delimiter` is the only command. */
  binaryMode: boolean;
  /** --named-commands: long names count on any line, not only where a statement begins. */
  namedCommands: boolean;
  /**
   * Where the bytes come from. In those of -e, CRLF is data. Those of a terminal are read as the
   * client reads in a conversation: NUL and --binary-mode mean nothing, a delimiter with nothing
   * before it is a problem, what is pending at the end or before `quit` is not sent, an unknown
   * command stops nothing; and the shell's own commands and redirects count.
   */
  source: 'execute' | 'stdin' | 'file' | 'terminal';
  /** The client's character set, as --default-character-set or `charset` gives it. */
  characterSet: string;
}
