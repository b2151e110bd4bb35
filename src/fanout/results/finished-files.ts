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
  newDirectory,
  type OutputLayout,
  partMatcher,
  partNameOf,
  wikiFileOf,
} from '../plan/output-layout.js';
import type { ResumedWiki } from './result-collector.js';

/**
 * The wikis that need not be asked again: those that the journal calls done, if their files are
 * there. A file that is whole, but was not renamed when its run was killed, gets its name. Throws the
 * system's error.
 */
export function finishedFiles(
  place: OutputLayout,
  entries: Iterable<JournalEntry>,
): Map<string, ResumedWiki> {
  const finished = new Map<string, ResumedWiki>();
  for (const entry of entries) {
    const { wiki, outcome, rows, bytes, file, sha256 } = entry;
    if (outcome === 'failed' || !isThere(place, entry)) continue;
    finished.set(wiki, { outcome, rows, bytes, file, sha256 });
  }
  return finished;
}

function isThere(place: OutputLayout, { wiki, file, size, sha256 }: JournalEntry): boolean {
  if (file === undefined) return true;
  // Nothing that a line says leads out of the directory.
  if (file !== wikiFileOf(place, wiki)) return false;
  const [path, part] = [join(place.root, file), join(place.root, partNameOf(file))];
  if (sizeOf(path) === size) return true;
  if (sizeOf(part) !== size || !isWhole(part, sha256)) return false;
  mkdirSync(dirname(path), newDirectory);
  renameSync(part, path);
  return true;
}

/** Undefined where there is no such file. */
function sizeOf(path: string): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : undefined;
}

/** Whether a file has the checksum; if so, it is on disk when this returns. */
function isWhole(path: string, sha256: string | undefined): boolean {
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

/** Removes what an earlier run that was killed left half, and nothing else. Throws the system's error. */
export function removeParts(place: OutputLayout): void {
  const matcher = partMatcher(place);
  for (const entry of readdirSync(place.root, { withFileTypes: true })) {
    if (entry.isFile() && matcher.test(entry.name)) rmSync(join(place.root, entry.name));
  }
}
