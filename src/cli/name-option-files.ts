import { Failure, formatFailure } from '../failure.js';
import type { OptionUse } from './option-use.js';
import type { OptionFileNames } from './settings.js';

/*
 * Names the option files in messages about wrong values, since nobody typed what is wrong there. Messages
 * about options in the groups of the client remain the client's.
 */

/**
 * Returns the files of the own options whose values come from one.
 *
 * @param uses all uses in order: a later one wins, also over files
 */
export function findOptionFileNames(uses: readonly OptionUse[]): OptionFileNames {
  const names = new Map<string, readonly string[]>();
  for (const use of uses) {
    if (use.kind !== 'own') continue;
    const { option, ownFile } = use;
    if (ownFile === undefined) {
      names.delete(option.name);
    } else {
      const earlier = option.kind === 'list' ? (names.get(option.name) ?? []) : [];
      names.set(option.name, [...new Set([...earlier, ownFile])]);
    }
  }
  return names;
}

/**
 * Adds to the message of a Failure the files of the options that it is about. Returns any other error
 * unchanged.
 */
export function nameOptionFiles(error: unknown, files: OptionFileNames): unknown {
  if (!(error instanceof Failure)) return error;
  const places = error.options.flatMap((name) => {
    const paths = files.get(name) ?? [];
    return paths.length === 0 ? [] : [`${name} is set in ${paths.map(quote).join(' and ')}`];
  });
  return places.length === 0 ? error : addToMessage(error, `(${places.join(', ')})`);
}

/** Adds the file in which the use stands to a Failure, if it stands in a group of ours. */
export function nameFileOfUse(failure: Failure, { ownFile }: OptionUse): Failure {
  return ownFile === undefined ? failure : addToMessage(failure, `(in ${quote(ownFile)})`);
}

/** Returns a copy of the failure with a text after the message, which is the last of its lines. */
function addToMessage(failure: Failure, text: string): Failure {
  const { code, message, exitStatus, lines } = failure;
  const last = formatFailure(failure).at(-1) ?? '';
  const longer = lines && [...lines.slice(0, -1), `${last} ${text}`];
  return new Failure(code, `${message} ${text}`, exitStatus, longer);
}

function quote(path: string): string {
  return `'${path}'`;
}
