import { isUtf8 } from 'node:buffer';
import { hasSecret } from '../text/secrets.js';

/*
 * The provenance document FILE.meta.json and its parts.
 */

/**
 * The content of FILE.meta.json: where the data comes from. It has no data and no error messages.
 */
export interface Provenance {
  tool: { name: string; version: string };
  /**
   * The identifier of the run; also in the comment of each statement, if statements have comments.
   */
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
 * A statement as it was sent. `base64`: the statement is not UTF-8. `left-out`: the statement
 * contains a password, or appears to.
 */
export type StatementText = string | { base64: string } | { 'left-out': 'password' };

/** The options that the data depends on, by the keys of their effects; see DataEffect. */
export type DataOptions = Readonly<Record<string, unknown>>;

export interface WikiProvenance {
  /** null: the user named no database. */
  wiki: string | null;
  /** null: the user named the host. */
  section: string | null;
  /** null: the connection used `socket`, or the host is unknown. */
  host: string | null;
  port: number | null;
  socket?: string;
  serverVersion: string | null;
  start: string | null;
  end: string | null;
  rows: number;
  /** The size of the rows as the server sent them. */
  bytes: number;
  outcome: 'ok' | 'skipped' | 'failed' | 'finished-before' | 'not-run';
  /** The numbers of the errors that occurred. */
  errors: number[];
  /** The file of this wiki alone, as in `files`. */
  file?: string;
}

export interface FileProvenance {
  /** The path relative to the directory of this document. */
  file: string;
  bytes: number;
  /** The checksum of the bytes on disk, in hexadecimal. */
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

/** Returns the sums over all wikis; wikis that an earlier run finished count as ok. */
export function sumTotals(wikis: readonly WikiProvenance[]): Totals {
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

/** Returns a statement in the form in which FILE.meta.json records it. */
export function toStatementText(sql: Uint8Array): StatementText {
  const bytes = Buffer.from(sql.buffer, sql.byteOffset, sql.length);
  // Decode byte by byte, so that hasSecret finds SQL keywords in any character set.
  if (hasSecret(bytes.toString('latin1'))) return { 'left-out': 'password' };
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') };
}
