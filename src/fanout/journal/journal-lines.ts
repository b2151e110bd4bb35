/** Raised when an older program could misread what is written. */
export const journalVersion = 1;

export interface JournalHeader {
  /** Id of the run that began it. */
  run: string;
  /** Of what the run asks: see fingerprintOf. */
  fingerprint: string;
}

/** What came of one wiki. */
export interface JournalEntry {
  wiki: string;
  outcome: 'ok' | 'skipped' | 'failed';
  /** The server's error number, of `skipped` and `failed`. */
  errno?: number;
  rows: number;
  /** Of the rows as the server sent them. */
  bytes: number;
  /** The wiki's own file, relative to the journal's directory. */
  file?: string;
  /** Of that file: its bytes, and their SHA-256 in hexadecimal. */
  size?: number;
  sha256?: string;
  /** Where the wiki's rows lie in the file that keeps those of all: offset and length. */
  extents?: [offset: number, length: number][];
  /** As who wrote them reads them. */
  columns?: unknown;
}

/**
 * The lines of a journal, parsed (undefined: not JSON), and how many bytes they have. What a crash
 * left at the end is none: a line without its end; or, behind what was synced, bytes that are zero
 * where a file system knew the length but not yet the content. No line of ours has a zero in it.
 */
export function wholeLines(bytes: Buffer): { lines: unknown[]; size: number } {
  const zero = bytes.indexOf(0);
  const known = zero < 0 ? bytes : bytes.subarray(0, zero);
  const size = known.lastIndexOf('\n') + 1;
  const lines = known.toString('utf8', 0, size).split('\n').slice(0, -1);
  return { lines: lines.map(parsed), size };
}

/** A line as an entry; undefined where it is none. */
export function entryOf(line: unknown): JournalEntry | undefined {
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

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
