import { writeStandardError } from '../output/standard-error.js';
import type { SqlError } from '../protocol/sql-error.js';

const rule = '--------------\n';

/** The position of an error in a script. `file`: set if the command `source` runs it. */
export interface Position {
  line: number;
  file: Uint8Array | undefined;
}

/** Writes the parts of an error message, one after another. */
export type WriteError = (...parts: (string | Uint8Array)[]) => void;

/** Writes to standard error synchronously, and safely to a terminal. Never throws. */
export function writeError(...parts: (string | Uint8Array)[]): void {
  writeStandardError(Buffer.concat(parts.map((part) => Buffer.from(part))));
}

/** Like writeError, for --raw: a terminal gets the text unchanged, too. */
export function writeRawError(...parts: (string | Uint8Array)[]): void {
  writeStandardError(Buffer.concat(parts.map((part) => Buffer.from(part))), (text) => text);
}

/**
 * Reports a server error as `mariadb` 10.11 does: the failed statement between two rules, then
 * `ERROR 1064 (42000) at line 3: …`.
 *
 * `position`: undefined outside a script. `statement`: the text between the rules; if undefined,
 * the rules are left out too.
 */
export function reportReplicaError(
  error: SqlError,
  position: Position | undefined,
  statement: Uint8Array | undefined,
  write: WriteError = writeError,
): void {
  const statementLines = statement === undefined ? [] : [rule, statement, '\n', rule, '\n'];
  const heading = error.errno === 0 ? 'ERROR' : `ERROR ${error.errno} (${error.sqlState})`;
  write(...statementLines, heading, ...formatPosition(position), ': ', error.text, '\n');
}

/** Reports an error of the client itself, which has no number: `ERROR at line 1: …`. */
export function reportClientError(
  text: string | Uint8Array,
  position: Position | undefined,
  write: WriteError = writeError,
): void {
  write('ERROR', ...formatPosition(position), ': ', text, '\n');
}

function formatPosition(position: Position | undefined): (string | Uint8Array)[] {
  if (position === undefined) return [];
  const line = ` at line ${position.line}`;
  return position.file === undefined ? [line] : [line, " in file: '", position.file, "'"];
}
