import { writeSync } from 'node:fs';
import type { ReplicaError } from '../replica/replica-error.js';

const rule = '--------------\n';

/** Writes to standard error at once; a closed or full one is nothing that could be told. */
export function writeError(...parts: (string | Uint8Array)[]): void {
  const line = Buffer.concat(parts.map((part) => Buffer.from(part)));
  try {
    writeSync(2, line);
  } catch {
    // Nowhere left to say it.
  }
}

/**
 * Reports a server error as `mariadb` 10.11 does: the failed statement between two rules, then
 * `ERROR 1064 (42000) at line 3: …`.
 *
 * `line`: undefined outside a script. `statement`: what stands between the rules; undefined: there
 * are none.
 */
export function reportReplicaError(
  error: ReplicaError,
  line: number | undefined,
  statement: Uint8Array | undefined,
): void {
  const rules = statement === undefined ? [] : [rule, statement, '\n', rule, '\n'];
  const at = line === undefined ? '' : ` at line ${line}`;
  writeError(...rules, `ERROR ${error.errno} (${error.sqlState})${at}: `, error.text, '\n');
}

/** Reports an error of the client's own, which has no number: `ERROR at line 1: …`. */
export function reportClientError(text: string | Uint8Array, line: number | undefined): void {
  writeError(line === undefined ? 'ERROR: ' : `ERROR at line ${line}: `, text, '\n');
}
