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

/** Where an error is reported from; `line` is absent outside a script. */
export interface ErrorPlace {
  line?: number;
  /** The statement to show, where the client shows it. */
  statement?: Uint8Array;
}

/**
 * Reports a server error as `mariadb` 10.11 does: the failed statement between two rules, then
 * `ERROR 1064 (42000) at line 3: …`. For an error in a later result of the same statement the
 * space between the rules stays empty; for one among rows there are no rules.
 */
export function reportReplicaError(error: ReplicaError, place: ErrorPlace): void {
  const parts: (string | Uint8Array)[] = [];
  if (place.statement !== undefined && error.phase !== 'rows') {
    parts.push(rule, error.phase === 'first' ? place.statement : '', '\n', rule, '\n');
  }
  const at = place.line === undefined ? '' : ` at line ${place.line}`;
  parts.push(`ERROR ${error.errno} (${error.sqlState})${at}: `, error.text, '\n');
  writeError(...parts);
}

/** Reports an error of the client's own, which has no number: `ERROR at line 1: …`. */
export function reportClientError(text: string | Uint8Array, line: number | undefined): void {
  writeError(line === undefined ? 'ERROR: ' : `ERROR at line ${line}: `, text, '\n');
}
