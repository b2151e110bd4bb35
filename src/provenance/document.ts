import { isUtf8 } from 'node:buffer';
import { hasSecret } from '../text/secrets.js';

/** What FILE.meta.json says: where data comes from. Neither data nor texts of errors are in it. */
export interface Provenance {
  tool: { name: string; version: string };
  /** Tells runs apart; in the statements' comments, where they carry one. */
  run: string;
  /** ISO 8601, UTC. */
  start: string;
  end: string;
  statements: StatementText[];
  options: DataOptions;
  wikis: WikiProvenance[];
  files: FileProvenance[];
  totals: Totals;
}

/**
 * A statement as it was sent; `base64`: it is no UTF-8. `left-out`: it holds a password, or looks
 * like it.
 */
export type StatementText = string | { base64: string } | { 'left-out': 'password' };

/** The options that the data depends on, by the keys of their effects; see DataEffect. */
export type DataOptions = Readonly<Record<string, unknown>>;

export interface WikiProvenance {
  /** null: no database was named. */
  wiki: string | null;
  /** null: the user named the host. */
  section: string | null;
  /** null: over `socket`, or not known. */
  host: string | null;
  port: number | null;
  socket?: string;
  serverVersion: string | null;
  start: string | null;
  end: string | null;
  rows: number;
  /** Of the rows as the server sent them. */
  bytes: number;
  outcome: 'ok' | 'skipped' | 'failed' | 'finished-before' | 'not-run';
  /** The numbers of the errors that there were. */
  errors: number[];
  /** Its own file, as in `files`. */
  file?: string;
}

export interface FileProvenance {
  /** Relative to the directory that this document lies in. */
  file: string;
  bytes: number;
  /** In hexadecimal, of the bytes on disk. */
  sha256: string;
}

export interface Totals {
  wikis: number;
  ok: number;
  skipped: number;
  failed: number;
  rows: number;
  bytes: number;
}

/** Adds the wikis up; those that were finished before count as ok. */
export function totalsOf(wikis: readonly WikiProvenance[]): Totals {
  const totals = { wikis: wikis.length, ok: 0, skipped: 0, failed: 0, rows: 0, bytes: 0 };
  for (const { outcome, rows, bytes } of wikis) {
    totals.rows += rows;
    totals.bytes += bytes;
    if (outcome === 'ok' || outcome === 'finished-before') totals.ok++;
    else if (outcome === 'skipped') totals.skipped++;
    else if (outcome === 'failed') totals.failed++;
  }
  return totals;
}

/** A statement as provenance has it. */
export function statementText(sql: Uint8Array): StatementText {
  const bytes = Buffer.from(sql.buffer, sql.byteOffset, sql.length);
  // Character by character, so that the words of SQL are found in any set of characters.
  if (hasSecret(bytes.toString('latin1'))) return { 'left-out': 'password' };
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') };
}
