/**
 * The lines of a journal, each as JSON: a header, then an entry for each wiki that ended, and at the
 * end of a finished run the line FINISHED. A later entry of a wiki replaces an earlier one.
 */

/** The format's version; must be raised if an older program could misread new journals. */
export const journalVersion = 2;
/** The versions that this program reads. Version 1 has no line FINISHED and no `replaces`. */
export const readableVersions: readonly unknown[] = [1, journalVersion];

/** The last line of a finished run: there is nothing to continue. */
export const finishedLine = { finished: true };

export interface JournalHeader {
  /** The id of the run that created the journal. */
  run: string;
  /** The fingerprint of the run's statements and options: see fingerprintOf. */
  fingerprint: string;
  /** The files of an earlier run that this one replaces when it is finished. */
  replaces?: readonly RecordedFile[];
}

/** A wiki's own file, relative to the journal's directory. */
export interface RecordedFile {
  wiki: string;
  file: string;
}

/** The outcome of one wiki. */
export interface JournalEntry {
  wiki: string;
  outcome: 'ok' | 'skipped' | 'failed';
  /** The server's error number if the wiki was skipped or failed. */
  errno?: number;
  /** The wiki failed with an error that trying again cannot cure. */
  final?: true;
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

/** Tests whether a line is the last one of a finished run. */
export function isFinishedLine(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'finished' in line && line.finished === true;
}

/** Returns the files in a header that its run replaces; ignores what is not valid. */
export function readReplacedFiles(header: object): RecordedFile[] {
  const files = 'replaces' in header && Array.isArray(header.replaces) ? header.replaces : [];
  return files.filter((item) => typeof item?.wiki === 'string' && typeof item.file === 'string');
}

/** Returns when the run with this id began; undefined if the id does not tell it. */
export function readStart(run: unknown): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(String(run));
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
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
