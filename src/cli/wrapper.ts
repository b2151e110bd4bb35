import { wrapperOptions } from './options.js';

/** The wrapper's own options as values. */
export type WrapperValues = {
  flags: ReadonlySet<string>;
  /** name → value, the last one given */
  values: ReadonlyMap<string, string>;
  /** name → values, in order */
  lists: ReadonlyMap<string, string[]>;
};

/**
 * Reads the wrapper's own options.
 *
 * @param words `--name` for a flag, `--name=value` for all others, names in full
 */
export function readWrapperOptions(words: readonly string[]): WrapperValues {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  for (const word of words) {
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const value = word.slice(equals + 1);
    const kind = wrapperOptions.find((option) => option.name === name)?.kind;
    if (kind === 'flag') flags.add(name);
    else if (kind === 'list') lists.set(name, [...(lists.get(name) ?? []), value]);
    else values.set(name, value);
  }
  return { flags, values, lists };
}
