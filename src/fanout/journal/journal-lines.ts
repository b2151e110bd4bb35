/** The lines of a journal: a header, then one entry per wiki, each as JSON. */

/** The format's version; must be raised if an older program could misread new journals. */
export const journalVersion = 1;

export interface JournalHeader {
  /** The id of the run that created the journal. */
  run: string;
  /** The fingerprint of the run's statements and options: see fingerprintOf. */
  fingerprint: string;
}

/** The outcome of one wiki. */
export interface JournalEntry {
  wiki: string;
  outcome: 'ok' | 'skipped' | 'failed';
  /** The server's error number if the wiki was skipped or failed. */
  errno?: number;
  rows: number;
  /** Bytes of the rows as the server sent them. */
  bytes: number;
  /** The wiki's own file, relative to the journal's directory. */
  file?: string;
  /** The size of that file in bytes, and below its SHA-256 in hexadecimal. */
  size?: number;
  sha256?: string;
  /** Where the wiki's rows are in the file that stores the rows of all wikis. */
  extents?: [offset: number, length: number][];
  /** The wiki's columns, in a form that the collector defines. */
  columns?: unknown;
}

/**
 * Returns the lines of a journal as parsed JSON (undefined if a line is not JSON), and their size
 * in bytes. It ignores what a crash may leave at the end: a line without its newline; or, after the
 * last sync, zero bytes where the file system stored the length before the content. Lines never
 * contain a zero byte.
 */
export function parseLines(bytes: Buffer): { lines: unknown[]; size: number } {
  const firstZero = bytes.indexOf(0);
  const written = firstZero < 0 ? bytes : bytes.subarray(0, firstZero);
  const size = written.lastIndexOf('\n') + 1;
  const lines = written.toString('utf8', 0, size).split('\n').slice(0, -1);
  return { lines: lines.map(parseJson), size };
}

/** Returns a parsed line as an entry, or undefined if it is not a valid entry. */
export function toEntry(line: unknown): JournalEntry | undefined {
  if (typeof line !== 'object' || line === null) return undefined;
  const { wiki, outcome, errno, rows, bytes, file, size, sha256, extents } = line as {
    [name in keyof JournalEntry]?: unknown;
  };
  const isEntry =
    typeof wiki === 'string' &&
    (outcome === 'ok' || outcome === 'skipped' || outcome === 'failed') &&
    isCount(rows) &&
    isCount(bytes) &&
    (errno === undefined || isCount(errno)) &&
    (file === undefined || typeof file === 'string') &&
    (size === undefined || isCount(size)) &&
    (sha256 === undefined || typeof sha256 === 'string') &&
    (extents === undefined || (Array.isArray(extents) && extents.every(isExtent)));
  return isEntry ? (line as JournalEntry) : undefined;
}

function isExtent(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isCount);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
