import { dirname } from 'node:path';
import type { EarlierRun } from '../../cli/settings.js';
import { Failure } from '../../failure.js';
import { printable } from '../../text/printable.js';
import {
  isFinishedLine,
  type JournalEntry,
  type JournalHeader,
  journalVersion,
  parseLines,
  type RecordedFile,
  readableVersions,
  readReplacedFiles,
  readStart,
  toEntry,
} from './journal-lines.js';

/*
 * What a journal tells about an earlier run, and what to do about that run.
 */

/** What a journal tells about a run. */
export interface JournalContent {
  entries: JournalEntry[];
  /** The size in bytes of the complete lines; 0 if the journal has no header. */
  size: number;
  header: { run: unknown; fingerprint: string } | undefined;
  isFinished: boolean;
  replaces: readonly RecordedFile[];
}

/** The content of a new journal. */
export const emptyContent: JournalContent = {
  entries: [],
  size: 0,
  header: undefined,
  isFinished: false,
  replaces: [],
};

/** Returns the first line of a journal. */
export function formatHeader(header: JournalHeader): string {
  return `${JSON.stringify({ version: journalVersion, ...header })}\n`;
}

/**
 * Parses a journal; undefined if it has no header. `path` is for messages.
 *
 * @throws Failure `bad-journal`
 */
export function parseJournal(path: string, bytes: Buffer): JournalContent | undefined {
  const { lines, size } = parseLines(bytes);
  const [first, ...rest] = lines;
  if (lines.length === 0) return undefined;
  const { header, replaces } = readHeader(path, first);
  let isFinished = false;
  let wasFinished = false;
  const entries: JournalEntry[] = [];
  rest.forEach((line, index) => {
    isFinished = isFinishedLine(line);
    wasFinished ||= isFinished;
    if (isFinished) return;
    const entry = toEntry(line);
    if (entry === undefined) throw damagedJournalFailure(path, `line ${index + 2}`);
    entries.push(entry);
  });
  // What a finished run replaced is gone.
  return { entries, size, header, isFinished, replaces: wasFinished ? [] : replaces };
}

function readHeader(
  path: string,
  line: unknown,
): { header: { run: unknown; fingerprint: string }; replaces: RecordedFile[] } {
  if (typeof line !== 'object' || line === null || !('version' in line)) {
    throw damagedJournalFailure(path, 'line 1');
  }
  if (!readableVersions.includes(line.version)) {
    const text = `'${printable(path)}' was written by another version of analytics-mysql`;
    throw new Failure('bad-journal', `${text}: use that version, or start over`);
  }
  if (!('fingerprint' in line) || typeof line.fingerprint !== 'string') {
    throw damagedJournalFailure(path, 'line 1');
  }
  const run = 'run' in line ? line.run : undefined;
  return { header: { run, fingerprint: line.fingerprint }, replaces: readReplacedFiles(line) };
}

/**
 * Returns whether to continue the run of a journal; false: replace it. Throws Failure if neither may
 * be done.
 */
export function continuesRun(
  path: string,
  { header, isFinished }: JournalContent,
  { fingerprint }: JournalHeader,
  earlierRun: EarlierRun,
): boolean {
  if (earlierRun.action === 'restart') return false;
  if (earlierRun.action === 'refuse') throw earlierRunFailure(path, isFinished);
  if (header?.fingerprint !== fingerprint) {
    const text = `the run in '${printable(dirname(path))}' has other statements, wikis or options than this one`;
    const hint = `repeat its command with --resume, use --restart to ${isFinished ? 'replace' : 'discard'} it, or choose another --output`;
    throw new Failure('other-query', `${text}: ${hint}`);
  }
  const began = readStart(header.run);
  const age = began === undefined ? Number.POSITIVE_INFINITY : Date.now() - began.getTime();
  return earlierRun.maxAge === undefined || age <= earlierRun.maxAge * 1000;
}

/** Returns the files of an earlier run, and of those that it would have replaced. */
export function listReplacedFiles({ entries, replaces }: JournalContent): RecordedFile[] {
  const files = entries.flatMap(({ wiki, file }) => (file === undefined ? [] : [{ wiki, file }]));
  return [...new Map([...replaces, ...files].map((item) => [item.file, item])).values()];
}

function earlierRunFailure(path: string, isFinished: boolean): Failure {
  const directory = printable(dirname(path));
  if (isFinished) {
    const text = `'${directory}' contains the files of a finished run`;
    return new Failure('finished-run', `${text}: use --restart to replace them`);
  }
  const text = `'${directory}' contains an unfinished run`;
  return new Failure(
    'unfinished-run',
    `${text}: use --resume to continue it, or --restart to start over`,
  );
}

/** Returns the Failure for a journal with content that no run writes. */
export function damagedJournalFailure(path: string, problem: string): Failure {
  const text = `'${printable(path)}' is damaged (${problem})`;
  return new Failure('bad-journal', `${text}: remove '${printable(dirname(path))}' to start over`);
}
