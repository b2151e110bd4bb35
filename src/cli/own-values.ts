import type { OptionUse } from './option-use.js';

/** What the uses of our own options add up to. */
export interface OwnValues {
  flags: ReadonlySet<string>;
  /** name → value, the last one given */
  values: ReadonlyMap<string, string>;
  /** name → values, in order */
  lists: ReadonlyMap<string, string[]>;
}

/** Adds up the uses of our own options, later over earlier; those of the client's are passed over. */
export function ownValuesOf(uses: readonly OptionUse[]): OwnValues {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  for (const use of uses) {
    if (use.kind !== 'own') continue;
    const { name, kind } = use.option;
    if (kind === 'flag') flags.add(name);
    else if (kind === 'list') lists.set(name, [...(lists.get(name) ?? []), use.value]);
    else values.set(name, use.value);
  }
  return { flags, values, lists };
}

/** Whether an option of our own was given. */
export function isGiven({ flags, values, lists }: OwnValues, name: string): boolean {
  return flags.has(name) || values.has(name) || lists.has(name);
}
