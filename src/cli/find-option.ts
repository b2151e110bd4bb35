import { clientOptions } from './client-options.js';
import { type ClientOption, normalizeName } from './option.js';

/*
 * Finds an option of the mariadb client by its long name, a prefix of it, or its letter.
 */

/** The option of the client that a long name means. */
export interface FoundOption {
  option: ClientOption;
  /** The last of the special prefixes is skip- or disable-. */
  off: boolean;
  /** The last of the special prefixes is enable-. */
  on: boolean;
  /** The given name, if it is only a prefix of the option's name. */
  prefix: string | undefined;
  /** One of the prefixes is loose-. */
  loose: boolean;
  /** One of the prefixes is autoset-. */
  autoset: boolean;
}

/** The reason why a long name does not mean an option: it is unknown, or ambiguous. */
export type OptionNotFound =
  | {
      problem: 'ambiguous';
      given: string;
      /** The last prefix before the name, such as skip- or loose-. */
      special: string | undefined;
      first: string;
      last: string;
    }
  | { problem: 'unknown'; loose: boolean };

const specialPrefix = /^(skip|disable|enable|maximum|loose|autoset)-/;

/**
 * Finds the client's option that a long name means, like mariadb 10.11.19: the exact name first,
 * then the only name with that prefix. If neither exists, a leading skip-, disable-, enable-,
 * maximum-, loose- or autoset- is removed and the search is repeated. Case is ignored, and `_`
 * equals `-`.
 *
 * @param name without the leading `--` and without `=value`
 */
export function findOption(name: string): FoundOption | OptionNotFound {
  let rest = normalizeName(name);
  let given = name;
  let off = false;
  let loose = false;
  let autoset = false;
  let lastPrefix: string | undefined;
  for (;;) {
    const found = findByName(rest, given);
    if (found && 'problem' in found) return { ...found, special: lastPrefix };
    if (found) return { ...found, off, on: lastPrefix === 'enable', loose, autoset };
    const special = specialPrefix.exec(rest);
    if (!special) return { problem: 'unknown', loose };
    lastPrefix = special[1];
    loose ||= lastPrefix === 'loose';
    autoset ||= lastPrefix === 'autoset';
    off = lastPrefix === 'skip' || lastPrefix === 'disable';
    rest = rest.slice(special[0].length);
    given = given.slice(special[0].length);
  }
}

type Ambiguous = { problem: 'ambiguous'; given: string; first: string; last: string };

function findByName(
  name: string,
  given: string,
): Pick<FoundOption, 'option' | 'prefix'> | Ambiguous | undefined {
  const matches: ClientOption[] = [];
  for (const option of clientOptions) {
    const candidate = normalizeName(option.name);
    if (candidate === name) return { option, prefix: undefined };
    if (candidate.startsWith(name)) matches.push(option);
  }
  const first = matches[0];
  const last = matches.at(-1);
  if (!first || !last) return undefined;
  if (first === last) return { option: first, prefix: given };
  return { problem: 'ambiguous', given, first: first.name, last: last.name };
}

/** Finds the client's option with a short letter. `-I` means help, like `-?`. */
export function findOptionByLetter(letter: string): ClientOption | undefined {
  const wanted = letter === 'I' ? '?' : letter;
  return clientOptions.find((option) => option.letter === wanted);
}
