import { truncateAtNul } from './bytes.js';
import type { Redirect, ScriptProblem } from './item.js';

/*
 * The errors that ScriptReader reports for a script, in the words of the mariadb client.
 */

/**
 * Returns the error for an invalid delimiter; `word` is the argument of the command `delimiter`.
 */
export function badDelimiterProblem(word: Uint8Array | undefined, line: number): ScriptProblem {
  const message = Buffer.from(
    word === undefined
      ? "DELIMITER must be followed by a 'delimiter' character or string"
      : 'DELIMITER cannot contain a backslash character',
  );
  return { kind: 'problem', code: 'BAD_DELIMITER', message, line, stops: 'never' };
}

/**
 * Returns the error for a delimiter, `\g` or redirect that ends an empty statement interactively.
 */
export function noQueryProblem(line: number): ScriptProblem {
  const message = Buffer.from('No query specified\n');
  return { kind: 'problem', code: 'NO_QUERY', message, line, stops: 'never' };
}

/** Returns the error for a redirect without a file name or command. */
export function noTargetProblem(kind: Redirect['kind'], line: number): ScriptProblem {
  const message = Buffer.from(
    kind === 'pipe'
      ? '$| must be followed by a command'
      : `${kind === 'file' ? '$>' : '$>>'} must be followed by a file name`,
  );
  return { kind: 'problem', code: 'NO_TARGET', message, line, stops: 'never' };
}

/**
 * Returns the error for a backslash and a letter, or in an interactive session a word, that is not a
 * command. Such a session continues after it.
 */
export function unknownCommandProblem(
  name: Uint8Array,
  line: number,
  terminal: boolean,
): ScriptProblem {
  const hint = name.length > 1 ? " Type 'help' for a list." : '';
  const message = Buffer.concat([
    Buffer.from("Unknown command '\\"),
    name,
    Buffer.from(`'.${hint}`),
  ]);
  const stops = terminal ? 'never' : 'unless-forced';
  return { kind: 'problem', code: 'UNKNOWN_COMMAND', message, line, stops };
}

/**
 * Returns the error for a NUL without --binary-mode. `statementLine` is the line of the previous
 * statement, because the client prints that one; 0 if there was no statement. The client itself
 * never receives a NUL from a terminal.
 */
export function nulByteProblem(
  pending: Uint8Array,
  line: Uint8Array,
  statementLine: number,
  terminal: boolean,
): ScriptProblem {
  const prefix =
    "ASCII '\\0' appeared in the statement, but this is not allowed unless option --binary-mode " +
    'is enabled and mysql is run in non-interactive mode. Set --binary-mode to 1 if ' +
    "ASCII '\\0' is expected. Query: '";
  return {
    kind: 'problem',
    code: 'NUL_BYTE',
    message: Buffer.concat([Buffer.from(prefix), pending, truncateAtNul(line), Buffer.from("'.")]),
    line: statementLine === 0 ? undefined : statementLine,
    stops: terminal ? 'never' : 'always',
  };
}
