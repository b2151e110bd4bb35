import { formatOfExtension, outputFormats } from '../output/formats.js';
import { joinWithOr } from '../text/join-with-or.js';
import { findClosestNames } from '../wikis/suggest-names.js';
import { clientOptions } from './client-options.js';
import { normalizeName } from './option.js';
import { ownOptions } from './own-options.js';

/** The maximum number of options that a message suggests. */
const maxSuggestions = 3;

/**
 * Returns the end of the message about an unknown option, such as `; did you mean --output?`; empty
 * if no option is similar.
 *
 * @param name the unknown name, without `--`
 * @param inFile the option is in an option file, where some of our own cannot be used
 */
export function suggestOptions(name: string, inFile: boolean): string {
  const wanted = normalizeName(name);
  const format = outputFormats.find((known) => known === wanted) ?? formatOfExtension(wanted);
  if (format !== undefined && !inFile) return `; did you mean --format=${format}?`;
  // The groups of the client in option files know none of our options, not even the right name.
  const own = ownOptions
    .filter(({ name: known, lineOnly }) => !inFile || !(lineOnly || known === wanted))
    .map((option) => option.name);
  const client = clientOptions.filter(({ inert }) => !inert).map((option) => option.name);
  const extended = wanted === '' ? [] : own.filter((known) => known.startsWith(wanted));
  const names = extended.length > 0 ? extended : findClosestNames(wanted, [...own, ...client]);
  const shown = names.slice(0, maxSuggestions).map((known) => `--${known}`);
  return shown.length === 0 ? '' : `; did you mean ${joinWithOr(shown)}?`;
}
