import { Failure } from '../failure.js';
import type { ClientOption } from './options.js';
import { byLetter, resolve } from './resolve.js';

/** One use of one of the client's options, from the command line or from an option file. */
export interface Use {
  option: ClientOption;
  value: string | undefined;
  /** Behind skip- or disable-. */
  off: boolean;
  /** The option file that it stands in; undefined: the command line. */
  file: string | undefined;
  /** Lines for stderr, such as the client's Info on a prefix. */
  notes: string[];
  /** What is wrong with it; thrown when it is applied, not while words are taken apart. */
  failure: Failure | undefined;
}

/** A word that is an option, but none that the client has. */
export interface Stray {
  option: undefined;
  /** As it was given. */
  word: string;
  /** undefined for `--loose-` names, which are only warned of. */
  failure: Failure | undefined;
  notes: string[];
  file: string | undefined;
}

const secretName = /pass|pwd|secret/i;

/**
 * Reads a long option of the client.
 *
 * @param body what follows the `--`
 * @param next gives the next word, for options whose value may stand apart; undefined where there
 *   is none. Not called when it is not needed.
 * @param file the option file that it stands in
 */
export function longOption(
  body: string,
  next: () => string | undefined,
  file?: string,
): Use | Stray {
  const equals = body.indexOf('=');
  const name = equals < 0 ? body : body.slice(0, equals);
  const joined = equals < 0 ? undefined : body.slice(equals + 1);
  const found = resolve(name);
  if ('problem' in found) {
    const shown = joined === undefined ? '' : `=${secretName.test(name) ? '*****' : joined}`;
    if (found.problem === 'ambiguous') {
      const text = `ambiguous option '--${found.given}${shown}' (${found.first}, ${found.last})`;
      return stray(`--${body}`, text, 3, file);
    }
    const text =
      joined === undefined ? `unknown option '--${name}'` : `unknown variable '${name}${shown}'`;
    if (!found.loose) return stray(`--${body}`, text, joined === undefined ? 2 : 7, file);
    const notes = [`Warning: analytics-mysql: ${text}`];
    return { option: undefined, word: `--${body}`, failure: undefined, file, notes };
  }

  const { option, off, prefix } = found;
  const notes: string[] = [];
  if (prefix !== undefined) {
    notes.push(
      `Info: Using unique option prefix '${prefix}' is error-prone and can break in the future. ` +
        `Please use the full name '${option.name}' instead.`,
    );
  }
  const use: Use = { option, value: joined, off, file, notes, failure: undefined };
  if (option.kind === 'bare' && (joined !== undefined || off)) {
    use.failure = usage('no-value', `option '--${option.name}' cannot take an argument`, 4, file);
  } else if (takesValue(option) && joined === undefined && !off) {
    use.value = next();
    if (use.value === undefined) {
      use.failure = usage('needs-value', `option '--${option.name}' requires an argument`, 5, file);
    }
  }
  return use;
}

/**
 * Reads one letter of a group of short options (`-BNe`).
 *
 * @param rest what follows the letter in the same word; used up if the option takes a value
 * @param next as in longOption
 */
export function shortOption(
  letter: string,
  rest: string,
  next: () => string | undefined,
): { use: Use | Stray; usesRest: boolean } {
  const option = byLetter(letter);
  if (!option) {
    const text = `unknown option '-${letter}'`;
    return { use: stray(`-${letter}${rest}`, text, 2, undefined), usesRest: true };
  }
  const use: Use = {
    option,
    value: undefined,
    off: false,
    file: undefined,
    notes: [],
    failure: undefined,
  };
  if (option.kind === 'optional') {
    use.value = rest === '' ? undefined : rest;
    return { use, usesRest: true };
  }
  if (!takesValue(option)) return { use, usesRest: false };
  use.value = rest === '' ? next() : rest;
  if (use.value === undefined) {
    use.failure = usage('needs-value', `option '-${letter}' requires an argument`, 5, undefined);
  }
  return { use, usesRest: true };
}

/**
 * One word for one use: what the command line of another mysql program needs to mean the same,
 * with the value joined, so that a word alone tells what it is.
 */
export function asWord(use: Use): string {
  const skip = use.off ? 'skip-' : '';
  const value = use.value === undefined ? '' : `=${use.value}`;
  return `--${skip}${use.option.name.replaceAll('_', '-')}${value}`;
}

function takesValue(option: ClientOption): boolean {
  return option.kind === 'string' || option.kind === 'number';
}

function stray(word: string, text: string, exitStatus: number, file: string | undefined): Stray {
  const code = exitStatus === 3 ? 'ambiguous-option' : 'unknown-option';
  return { option: undefined, word, notes: [], file, failure: usage(code, text, exitStatus, file) };
}

/** A Failure about an option, which names the option file that it stands in. */
export function usage(
  code: string,
  text: string,
  exitStatus: number,
  file: string | undefined,
): Failure {
  return new Failure(code, file === undefined ? text : `${text} in ${file}`, exitStatus);
}
