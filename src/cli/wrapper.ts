import parse from 'yargs-parser';
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
 * Reads the wrapper's own options with yargs's parser, from the table.
 *
 * @param words `--name` or `--name=value` each, names in full
 */
export function readWrapperOptions(words: readonly string[]): WrapperValues {
  const named = (kind: string) =>
    wrapperOptions.filter((option) => option.kind === kind).map((option) => option.name);
  const parsed: Record<string, unknown> = parse([...words], {
    boolean: named('flag'),
    string: [...named('value'), ...named('list')],
    array: named('list'),
    configuration: {
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'boolean-negation': false,
    },
  });
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  for (const { name, kind } of wrapperOptions) {
    const value = parsed[name];
    if (value === true) flags.add(name);
    if (value === undefined || kind === 'flag') continue;
    const given = Array.isArray(value) ? value.map(String) : [String(value)];
    if (kind === 'list') lists.set(name, given);
    else values.set(name, given.at(-1) ?? '');
  }
  return { flags, values, lists };
}
