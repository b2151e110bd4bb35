import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../failure.js';
import { printable } from '../../text/printable.js';
import { Journal } from '../journal/journal.js';
import { newDirectory, type OutputLayout, wikiFileOf } from '../plan/output-layout.js';
import type { Plan } from '../plan/plan.js';

/**
 * Makes the directory of a new run. Gives whether it was not there. Throws a Failure where what is in it
 * would be mixed with the run's files, and the system's error.
 */
export function prepareDirectory(place: OutputLayout, plan: Plan): boolean {
  const { root, isPattern } = place;
  const made = makeDirectories(root);
  // What to do then, says the journal.
  if (statSync(join(root, place.journal), { throwIfNoEntry: false }) !== undefined) return made;
  if (!isPattern) {
    const found = readdirSync(root).find((name) => !/^[._]/.test(name));
    if (found === undefined) return made;
    const text = `the directory ${printable(root)} is not empty ('${printable(found)}'), and its files would be`;
    throw new Failure('directory-not-empty', `${text} read together with these: name another`);
  }
  for (const { wiki } of plan.wikis) {
    const file = join(root, wikiFileOf(place, wiki));
    if (statSync(file, { throwIfNoEntry: false }) === undefined) continue;
    const text = `${printable(file)} is there already, and not of a run that could be resumed`;
    throw new Failure('output-there', `${text}: remove it, or name another pattern`);
  }
  return made;
}

/**
 * Makes a directory and those above it; gives whether it was made. Node 20's own `recursive` never ends
 * where no directory can be made in one that is there, as in /proc.
 */
export function makeDirectories(path: string): boolean {
  if (existsSync(path)) return mkdirSync(path, newDirectory) !== undefined;
  makeDirectories(dirname(path));
  mkdirSync(path, newDirectory.mode);
  return true;
}

/** As Journal.open, with a new run told what there is to do. */
export function openJournal(
  place: OutputLayout,
  header: { run: string; fingerprint: string },
  resume: boolean,
): Journal {
  try {
    return Journal.open(join(place.root, place.journal), header, resume);
  } catch (error) {
    throw error instanceof Failure && error.code === 'unfinished-run' ? earlierRun(place) : error;
  }
}

/** Throws a Failure where the files are of a run that has its journal beside them. */
export function requireNoJournal(place: OutputLayout): void {
  const path = join(place.root, place.journal);
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) throw earlierRun(place);
}

function earlierRun({ root, journal, isPattern }: OutputLayout): Failure {
  const what = isPattern ? 'pattern' : 'directory';
  const text = `${printable(join(root, isPattern ? journal : ''))} is of an earlier run`;
  const hint = `--resume finishes it; for a new run, name another ${what}`;
  return new Failure('unfinished-run', `${text}: ${hint}`);
}
