import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isOwnFile } from '../../files/file-owner.js';
import type { Journal, JournalEntry } from '../journal/journal.js';
import { type OutputLayout, partMatcher, partNameOf, wikiFileOf } from '../plan/output-layout.js';
import type { ResumedWiki } from './result-collector.js';

/** The wikis that a resumed run need not query again. */
export interface FinishedFiles {
  wikis: Map<string, ResumedWiki>;
  /** The part files that are complete, with their final paths. */
  partFiles: { part: string; path: string }[];
}

/**
 * Returns the wikis that a resumed run need not query again: those that the journal records as complete
 * and whose files exist. A complete part file belongs to a run that was killed before it renamed the
 * file. Throws the system's error.
 */
export function findFinishedFiles(layout: OutputLayout, journal: Journal): FinishedFiles {
  const finished: FinishedFiles = { wikis: new Map(), partFiles: [] };
  const isHeldBack = journal.replaces.length > 0;
  for (const entry of journal.entries.values()) {
    const { wiki, outcome, rows, bytes, file, sha256 } = entry;
    if (outcome === 'failed') continue;
    if (file !== undefined) {
      const place = findFile(layout, entry, isHeldBack);
      if (place === undefined) continue;
      if (place === 'part') {
        const [part, path] = [join(layout.root, partNameOf(file)), join(layout.root, file)];
        finished.partFiles.push({ part, path });
      }
    }
    finished.wikis.set(wiki, { outcome, rows, bytes, file, sha256 });
  }
  return finished;
}

/**
 * Returns where the file of an entry is; undefined if it does not exist with its size.
 *
 * `isHeldBack`: the files of an earlier run, which may have the same size, still have the final names.
 */
function findFile(
  layout: OutputLayout,
  { wiki, file, size, sha256 }: JournalEntry,
  isHeldBack: boolean,
): 'final' | 'part' | undefined {
  // A changed journal must not lead to files outside the directory.
  if (file === undefined || file !== wikiFileOf(layout, wiki)) return undefined;
  const [path, part] = [join(layout.root, file), join(layout.root, partNameOf(file))];
  if (!isHeldBack && sizeOf(path) === size) return 'final';
  if (sizeOf(part) === size && verifyAndSync(part, sha256)) return 'part';
  return isHeldBack && sizeOf(path) === size && verifyAndSync(path, sha256) ? 'final' : undefined;
}

/**
 * Ends a finished run: deletes the files of the earlier run that it replaces, except those that have
 * new content, and records in the journal that the run is finished. Throws Failure, and the system's
 * error.
 */
export function finishDirectory(layout: OutputLayout, journal: Journal): void {
  const written = new Set([...journal.entries.values()].map(({ file }) => file));
  for (const { wiki, file } of journal.replaces) {
    // A changed journal must not lead to files outside the directory.
    if (written.has(file) || file !== wikiFileOf(layout, wiki)) continue;
    const path = join(layout.root, file);
    rmSync(path, { force: true });
    if (dirname(path) !== layout.root) removeIfEmpty(dirname(path));
  }
  journal.finish();
  journal.sync();
}

/** Removes a directory unless it contains files of others. */
export function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // It contains other files, or does not exist.
  }
}

/** Returns the size in bytes; undefined if there is no such regular file of this user. */
function sizeOf(path: string): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() && isOwnFile(stat) ? stat.size : undefined;
}

/** Flushes a file to disk and returns whether it has the SHA-256. */
function verifyAndSync(path: string, sha256: string | undefined): boolean {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const hash = createHash('sha256');
    const bytes = Buffer.allocUnsafeSlow(1024 * 1024);
    for (;;) {
      const read = readSync(fd, bytes);
      if (read === 0) break;
      hash.update(bytes.subarray(0, read));
    }
    fsyncSync(fd);
    return hash.digest('hex') === sha256;
  } finally {
    closeSync(fd);
  }
}

/**
 * Removes only the part files that a killed run left in the directory, except those in `kept`. Throws
 * the system's error.
 */
export function removePartFiles(layout: OutputLayout, kept: ReadonlySet<string>): void {
  const matcher = partMatcher(layout);
  for (const entry of readdirSync(layout.root, { withFileTypes: true })) {
    const path = join(layout.root, entry.name);
    if (entry.isFile() && matcher.test(entry.name) && !kept.has(path)) rmSync(path);
  }
}
