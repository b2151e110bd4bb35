import { clientOptions } from './client-options.js';
import { type ClientOption, normalName } from './option.js';

/** A long name found among the client's options. */
export interface FoundOption {
  option: ClientOption;
  /** The last of the special prefixes is skip- or disable-. */
  off: boolean;
  /** The last of the special prefixes is enable-. */
  on: boolean;
  /** The name given was a prefix only. */
  prefix: string | undefined;
  /** Somewhere before the name stands loose-. */
  loose: boolean;
}

/** A long name that is none of the client's, or more than one. */
export type OptionNotFound =
  | {
      problem: 'ambiguous';
      given: string;
      /** The skip-, loose- … right before the name. */
      special: string | undefined;
      first: string;
      last: string;
    }
  | { problem: 'unknown'; loose: boolean };

const specialPrefix = /^(skip|disable|enable|maximum|loose)-/;

/**
 * Finds the client's option that a long name means, as mariadb 10.11.19 does: an exact name, else a
 * prefix of exactly one name, else the same for what stands behind skip-, disable-, enable-,
 * maximum- or loose-, as many as there are. Case does not count, `_` is `-`.
 *
 * @param name without the leading `--` and without `=value`
 */
export function findOption(name: string): FoundOption | OptionNotFound {
  let rest = normalName(name);
  let given = name;
  let off = false;
  let loose = false;
  let before: string | undefined;
  for (;;) {
    const found = find(rest, given);
    if (found && 'problem' in found) return { ...found, special: before };
    if (found) return { ...found, off, on: before === 'enable', loose };
    const special = specialPrefix.exec(rest);
    if (!special) return { problem: 'unknown', loose };
    before = special[1];
    loose ||= before === 'loose';
    off = before === 'skip' || before === 'disable';
    rest = rest.slice(special[0].length);
    given = given.slice(special[0].length);
  }
}

type Ambiguous = { problem: 'ambiguous'; given: string; first: string; last: string };

function find(
  name: string,
  given: string,
): Pick<FoundOption, 'option' | 'prefix'> | Ambiguous | undefined {
  const fitting: ClientOption[] = [];
  for (const option of clientOptions) {
    const candidate = normalName(option.name);
    if (candidate === name) return { option, prefix: undefined };
    if (candidate.startsWith(name)) fitting.push(option);
  }
  const first = fitting[0];
  const last = fitting.at(-1);
  if (!first || !last) return undefined;
  if (first === last) return { option: first, prefix: given };
  return { problem: 'ambiguous', given, first: first.name, last: last.name };
}

/** The client's option of a short letter, if it has one. `-I` is help as `-?` is. */
export function findOptionByLetter(letter: string): ClientOption | undefined {
  const wanted = letter === 'I' ? '?' : letter;
  return clientOptions.find((option) => option.letter === wanted);
}
