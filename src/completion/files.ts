import { type Dirent, opendirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Offer } from './completion.js';

/** No more is read of a directory, nor for longer, so that a huge or slow one is not felt. */
const mostEntries = 5000;
const longest = 100; // milliseconds

/** Links are looked at one by one, to tell those that lead to directories. */
const mostLinks = 200;

/** What the user sees of it: the last part of the path that was typed, and what fits it. */
export interface FileOffers {
  /** Where the file's name begins in `path`. */
  start: number;
  offers: Offer[];
}

/**
 * The files that `path`, as far as it was typed, may become. Directories end in `/`; hidden ones are
 * offered to who types the dot. `asTyped` writes a name as the place needs it. A directory that cannot
 * be read has no files.
 */
export function offerFiles(path: string, asTyped: (name: string) => string): FileOffers {
  const start = path.lastIndexOf('/') + 1;
  const typed = path.slice(start);
  const directory = directoryOf(path.slice(0, start));
  if (directory === undefined) return { start, offers: [] };
  const hidden = typed.startsWith('.');
  const texts = namesIn(directory, (name) => name.startsWith('.') === hidden && isShown(name));
  return { start, offers: [{ kind: 'file', texts, rank: 0, form: asTyped }] };
}

/** The path of what was typed up to the last slash. */
function directoryOf(typed: string): string | undefined {
  if (typed === '') return '.';
  if (!typed.startsWith('~')) return typed;
  const home = process.env.HOME ?? homedir();
  return typed.startsWith('~/') ? join(home, typed.slice(1)) : undefined;
}

/** Names that cannot be typed on one line, or that are no UTF-8, are left out. */
function isShown(name: string): boolean {
  return !/[\u0000-\u001f\u007f\ufffd]/.test(name);
}

function namesIn(directory: string, wanted: (name: string) => boolean): string[] {
  const names: string[] = [];
  let links = 0;
  const name = (entry: Dirent) => {
    const isDirectory =
      entry.isDirectory() ||
      (entry.isSymbolicLink() &&
        links++ < mostLinks &&
        leadsToDirectory(join(directory, entry.name)));
    return isDirectory ? `${entry.name}/` : entry.name;
  };
  try {
    const end = performance.now() + longest;
    const handle = opendirSync(directory, { bufferSize: 256 });
    try {
      for (let read = 0; read < mostEntries && performance.now() < end; read++) {
        const entry = handle.readSync();
        if (entry === null) break;
        if (wanted(entry.name)) names.push(name(entry));
      }
    } finally {
      handle.closeSync();
    }
  } catch {
    // What cannot be read has nothing to offer.
  }
  return names;
}

function leadsToDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
