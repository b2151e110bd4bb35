import { untilNul } from './bytes.js';
import type { ScriptProblem } from './item.js';

/** `word`: what was given behind the command `delimiter` and cannot be one. */
export function badDelimiter(word: Uint8Array | undefined, line: number): ScriptProblem {
  const message = Buffer.from(
    word === undefined
      ? "DELIMITER must be followed by a 'delimiter' character or string"
      : 'DELIMITER cannot contain a backslash character',
  );
  return { kind: 'problem', code: 'BAD_DELIMITER', message, line, stops: 'never' };
}

/** A backslash with a letter behind it that is no command's. */
export function unknownCommand(letter: number, line: number): ScriptProblem {
  const name = Uint8Array.of(letter);
  const message = Buffer.concat([Buffer.from("Unknown command '\\"), name, Buffer.from("'.")]);
  return { kind: 'problem', code: 'UNKNOWN_COMMAND', message, line, stops: 'unless-forced' };
}

/**
 * A NUL without --binary-mode. `statementLine` is that of the statement before, which is the one
 * that the client names; 0 if there was none.
 */
export function nulByte(
  pending: Uint8Array,
  line: Uint8Array,
  statementLine: number,
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
    stops: 'always',
  };
}
