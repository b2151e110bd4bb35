import { untilNul } from './bytes.js';
import type { Redirect, ScriptProblem } from './item.js';

/** `word`: what was given behind the command `delimiter` and cannot be one. */
export function badDelimiter(word: Uint8Array | undefined, line: number): ScriptProblem {
  const message = Buffer.from(
    word === undefined
      ? "DELIMITER must be followed by a 'delimiter' character or string"
      : 'DELIMITER cannot contain a backslash character',
  );
  return { kind: 'problem', code: 'BAD_DELIMITER', message, line, stops: 'never' };
}

/** A delimiter, `\g` or a redirect of a terminal, and nothing before it. */
export function noQuery(line: number): ScriptProblem {
  const message = Buffer.from('No query specified\n');
  return { kind: 'problem', code: 'NO_QUERY', message, line, stops: 'never' };
}

/** The mark of a redirect with nothing behind it. */
export function noTarget(kind: Redirect['kind'], line: number): ScriptProblem {
  const message = Buffer.from(
    kind === 'pipe'
      ? '$| must be followed by a command'
      : `${kind === 'file' ? '$>' : '$>>'} must be followed by a file name`,
  );
  return { kind: 'problem', code: 'NO_TARGET', message, line, stops: 'never' };
}

/** A backslash with a letter behind it that is no command's; a conversation goes on. */
export function unknownCommand(letter: number, line: number, terminal: boolean): ScriptProblem {
  const name = Uint8Array.of(letter);
  const message = Buffer.concat([Buffer.from("Unknown command '\\"), name, Buffer.from("'.")]);
  const stops = terminal ? 'never' : 'unless-forced';
  return { kind: 'problem', code: 'UNKNOWN_COMMAND', message, line, stops };
}

/**
 * A NUL without --binary-mode. `statementLine` is that of the statement before, which is the one
 * that the client names; 0 if there was none. None gets into the client's terminal.
 */
export function nulByte(
  pending: Uint8Array,
  line: Uint8Array,
  statementLine: number,
  terminal: boolean,
): ScriptProblem {
  const words =
    "ASCII '\\0' appeared in the statement, but this is not allowed unless option --binary-mode " +
    'is enabled and mysql is run in non-interactive mode. Set --binary-mode to 1 if ' +
    "ASCII '\\0' is expected. Query: '";
  return {
    kind: 'problem',
    code: 'NUL_BYTE',
    message: Buffer.concat([Buffer.from(words), pending, untilNul(line), Buffer.from("'.")]),
    line: statementLine === 0 ? undefined : statementLine,
    stops: terminal ? 'never' : 'always',
  };
}
