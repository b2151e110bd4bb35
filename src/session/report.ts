import type { SqlError } from '../protocol/sql-error.js';
import { writeStandardError } from '../standard-error.js';

const rule = '--------------\n';

/** Where in a script something went wrong; `file` is that of the command `source`. */
export interface Position {
  line: number;
  file: Uint8Array | undefined;
}

/** Writes the parts of an error, one behind the other. */
export type WriteError = (...parts: (string | Uint8Array)[]) => void;

/** Writes to standard error at once. Never throws. */
export function writeError(...parts: (string | Uint8Array)[]): void {
  writeStandardError(Buffer.concat(parts.map((part) => Buffer.from(part))));
}

/**
 * Reports a server error as `mariadb` 10.11 does: the failed statement between two rules, then
 * `ERROR 1064 (42000) at line 3: …`.
 *
 * `position`: undefined outside a script. `statement`: what stands between the rules; undefined:
 * there are none.
 */
export function reportReplicaError(
  error: SqlError,
  position: Position | undefined,
  statement: Uint8Array | undefined,
  write: WriteError = writeError,
): void {
  const rules = statement === undefined ? [] : [rule, statement, '\n', rule, '\n'];
  const head = error.errno === 0 ? 'ERROR' : `ERROR ${error.errno} (${error.sqlState})`;
  write(...rules, head, ...at(position), ': ', error.text, '\n');
}

/** Reports an error of the client's own, which has no number: `ERROR at line 1: …`. */
export function reportClientError(
  text: string | Uint8Array,
  position: Position | undefined,
  write: WriteError = writeError,
): void {
  write('ERROR', ...at(position), ': ', text, '\n');
}

function at(position: Position | undefined): (string | Uint8Array)[] {
  if (position === undefined) return [];
  const line = ` at line ${position.line}`;
  return position.file === undefined ? [line] : [line, " in file: '", position.file, "'"];
}
