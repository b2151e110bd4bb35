import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EarlierRun } from '../../cli/settings.js';
import { Failure } from '../../failure.js';
import { printable } from '../../text/printable.js';
import { Journal, type JournalHeader } from '../journal/journal.js';
import { directoryOptions, type OutputLayout, wikiFileOf } from '../plan/output-layout.js';
import type { Plan } from '../plan/plan.js';

/**
 * Throws Failure if the directory of a new run contains files that would be mixed with the run's files,
 * and the system's errors.
 */
export function requireNoOtherFiles(layout: OutputLayout, plan: Plan): void {
  const { root, isPattern } = layout;
  if (!isPattern) {
    const found = readdirSync(root).find((name) => !/^[._]/.test(name));
    if (found === undefined) return;
    const text = `the directory '${printable(root)}' already contains files, such as '${printable(found)}'`;
    throw new Failure('directory-not-empty', `${text}: use --output with another directory`);
  }
  for (const { wiki } of plan.wikis) {
    const file = join(root, wikiFileOf(layout, wiki));
    if (statSync(file, { throwIfNoEntry: false }) === undefined) continue;
    const text = `'${printable(file)}' already exists, and does not belong to an earlier run`;
    throw new Failure('output-there', `${text}: remove it, or use another pattern`);
  }
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

/** Like Journal.open, for the journal of a directory or pattern. */
export function openJournal(
  layout: OutputLayout,
  header: JournalHeader,
  earlierRun: EarlierRun,
): Journal {
  const { root, journal, isPattern } = layout;
  try {
    return Journal.open(join(root, journal), header, earlierRun);
  } catch (error) {
    if (!(error instanceof Failure) || !isPattern) throw error;
    // Several patterns may share a directory.
    const message = error.message.replace(printable(root), printable(join(root, journal)));
    throw new Failure(error.code, message, error.exitStatus);
  }
}
