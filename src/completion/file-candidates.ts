import { type Dirent, opendirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CandidateGroup } from './completion.js';

/** Limits on reading a directory, so that a huge or slow directory does not delay the user. */
const maximumEntries = 5000;
const maximumDuration = 100; // milliseconds

/** The maximum number of symbolic links to resolve, since each one costs a system call. */
const maximumLinks = 200;

/** The candidates for the last part of a typed path. */
export interface FileCandidates {
  /** The position in the path where the file name begins. */
  start: number;
  groups: CandidateGroup[];
}

/**
 * Returns the files that a partial path may become. The names of directories end in `/`. Hidden
 * files are included only if the typed file name begins with a dot. `format` returns a name with
 * the quoting that the position requires. A directory that cannot be read has no files.
 */
export function findFileCandidates(path: string, format: (name: string) => string): FileCandidates {
  const start = path.lastIndexOf('/') + 1;
  const typed = path.slice(start);
  const directory = resolveDirectory(path.slice(0, start));
  if (directory === undefined) return { start, groups: [] };
  const wantsHidden = typed.startsWith('.');
  const texts = readNames(
    directory,
    (name) => name.startsWith('.') === wantsHidden && isTypable(name),
  );
  return { start, groups: [{ kind: 'file', texts, rank: 0, format }] };
}

/** Returns the directory to read, given the text up to the last slash; undefined for `~user/`. */
function resolveDirectory(typed: string): string | undefined {
  if (typed === '') return '.';
  if (!typed.startsWith('~')) return typed;
  const home = process.env.HOME ?? homedir();
  return typed.startsWith('~/') ? join(home, typed.slice(1)) : undefined;
}

/** Whether a name can be typed on one line and is valid UTF-8. */
function isTypable(name: string): boolean {
  return !/[\u0000-\u001f\u007f\ufffd]/.test(name);
}

function readNames(directory: string, isWanted: (name: string) => boolean): string[] {
  const names: string[] = [];
  let links = 0;
  const formatName = (entry: Dirent) => {
    const isDirectory =
      entry.isDirectory() ||
      (entry.isSymbolicLink() &&
        links++ < maximumLinks &&
        isLinkToDirectory(join(directory, entry.name)));
    return isDirectory ? `${entry.name}/` : entry.name;
  };
  try {
    const end = performance.now() + maximumDuration;
    const handle = opendirSync(directory, { bufferSize: 256 });
    try {
      for (let read = 0; read < maximumEntries && performance.now() < end; read++) {
        const entry = handle.readSync();
        if (entry === null) break;
        if (isWanted(entry.name)) names.push(formatName(entry));
      }
    } finally {
      handle.closeSync();
    }
  } catch {
    // A directory that cannot be read has no candidates.
  }
  return names;
}

function isLinkToDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
