import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../failure.js';
import { printable } from '../../text/printable.js';
import { Journal } from '../journal/journal.js';
import { directoryOptions, type OutputLayout, wikiFileOf } from '../plan/output-layout.js';
import type { Plan } from '../plan/plan.js';

/**
 * Creates the directory of a new run; returns false if it exists already. Throws Failure if it contains
 * files that would be mixed with the run's files, and the system's errors.
 */
export function prepareDirectory(layout: OutputLayout, plan: Plan): boolean {
  const { root, isPattern } = layout;
  const isNew = makeDirectories(root);
  // If there is a journal, openJournal and requireNoJournal report the earlier run.
  if (statSync(join(root, layout.journal), { throwIfNoEntry: false }) !== undefined) return isNew;
  if (!isPattern) {
    const found = readdirSync(root).find((name) => !/^[._]/.test(name));
    if (found === undefined) return isNew;
    const text = `the directory '${printable(root)}' already contains files, such as '${printable(found)}'`;
    throw new Failure('directory-not-empty', `${text}: use --output with another directory`);
  }
  for (const { wiki } of plan.wikis) {
    const file = join(root, wikiFileOf(layout, wiki));
    if (statSync(file, { throwIfNoEntry: false }) === undefined) continue;
    const text = `'${printable(file)}' already exists, and does not belong to a run to resume`;
    throw new Failure('output-there', `${text}: remove it, or use another pattern`);
  }
  return isNew;
}

/**
 * Creates a directory and its parents; returns false if it exists already. Throws the system's error.
 *
 * The `recursive` option of mkdirSync is not enough: in Node 20 it never returns if an existing
 * directory refuses new ones, such as /proc.
 */
export function makeDirectories(path: string): boolean {
  if (existsSync(path)) return mkdirSync(path, directoryOptions) !== undefined;
  makeDirectories(dirname(path));
  mkdirSync(path, directoryOptions.mode);
  return true;
}

/** Like Journal.open; for a new run in the directory of an earlier one, the Failure says what to do. */
export function openJournal(
  layout: OutputLayout,
  header: { run: string; fingerprint: string },
  resume: boolean,
): Journal {
  try {
    return Journal.open(join(layout.root, layout.journal), header, resume);
  } catch (error) {
    throw error instanceof Failure && error.code === 'unfinished-run'
      ? earlierRunFailure(layout)
      : error;
  }
}

/** Throws Failure `unfinished-run` if the directory has the journal of an earlier run. */
export function requireNoJournal(layout: OutputLayout): void {
  const path = join(layout.root, layout.journal);
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) throw earlierRunFailure(layout);
}

function earlierRunFailure({ root, journal, isPattern }: OutputLayout): Failure {
  const what = isPattern ? 'pattern' : 'directory';
  const text = `'${printable(join(root, isPattern ? journal : ''))}' belongs to an earlier run`;
  const hint = `use --resume to finish it, or another ${what} for a new run`;
  return new Failure('unfinished-run', `${text}: ${hint}`);
}
