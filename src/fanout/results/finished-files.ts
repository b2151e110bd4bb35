import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { JournalEntry } from '../journal/journal.js';
import {
  directoryOptions,
  type OutputLayout,
  partMatcher,
  partNameOf,
  wikiFileOf,
} from '../plan/output-layout.js';
import type { ResumedWiki } from './result-collector.js';

/**
 * Returns the wikis that a resumed run need not query again: those that the journal records as complete
 * and whose files exist. Renames a complete part file whose run was killed before the rename. Throws
 * the system's error.
 */
export function findFinishedFiles(
  layout: OutputLayout,
  entries: Iterable<JournalEntry>,
): Map<string, ResumedWiki> {
  const finished = new Map<string, ResumedWiki>();
  for (const entry of entries) {
    const { wiki, outcome, rows, bytes, file, sha256 } = entry;
    if (outcome === 'failed' || !recoverFile(layout, entry)) continue;
    finished.set(wiki, { outcome, rows, bytes, file, sha256 });
  }
  return finished;
}

/** Returns whether the entry's file exists with its size, after renaming its part file if needed. */
function recoverFile(layout: OutputLayout, { wiki, file, size, sha256 }: JournalEntry): boolean {
  if (file === undefined) return true;
  // A changed journal must not lead to files outside the directory.
  if (file !== wikiFileOf(layout, wiki)) return false;
  const [path, part] = [join(layout.root, file), join(layout.root, partNameOf(file))];
  if (sizeOf(path) === size) return true;
  if (sizeOf(part) !== size || !verifyAndSync(part, sha256)) return false;
  mkdirSync(dirname(path), directoryOptions);
  renameSync(part, path);
  return true;
}

/** Returns the size in bytes; undefined if there is no such regular file. */
function sizeOf(path: string): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : undefined;
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

/** Removes only the part files that a killed run left in the directory. Throws the system's error. */
export function removePartFiles(layout: OutputLayout): void {
  const matcher = partMatcher(layout);
  for (const entry of readdirSync(layout.root, { withFileTypes: true })) {
    if (entry.isFile() && matcher.test(entry.name)) rmSync(join(layout.root, entry.name));
  }
}
