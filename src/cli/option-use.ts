import { Failure } from '../failure.js';
import { findOption, findOptionByLetter, type OptionNotFound } from './find-option.js';
import { type ClientOption, type NamePrefix, normalName, type OwnOption } from './option.js';
import { ownOptions } from './own-options.js';

/** Where an option was given; `file`: an option file or a credentials file. */
export type Origin = 'command line' | 'file';

/** One use of an option, in the order in which it counts. Later wins: files first. */
export type OptionUse = ClientUse | OwnUse | UnknownUse;

/** A use of one of our own options. */
export interface OwnUse {
  kind: 'own';
  origin: Origin;
  option: OwnOption;
  /** Empty for flags. */
  value: string;
}

/** A use of one of the client's options. */
export interface ClientUse extends NamePrefix {
  kind: 'client';
  origin: Origin;
  option: ClientOption;
  value: string | undefined;
  /** Behind loose-, which forgives a number that is none. */
  loose: boolean;
  /** Lines for stderr, such as the client's Info on a prefix. */
  notes: string[];
  /** What is wrong with it; told when it is applied, not while words are taken apart. */
  failure: Failure | undefined;
  /** A letter behind one that the client does not have: another program may take it for a value. */
  afterUnknown?: boolean;
}

/** A word that is an option, but none that the client has. */
export interface UnknownUse {
  kind: 'unknown';
  origin: Origin;
  /** As it was given. */
  word: string;
  /** undefined for `--loose-` names, which are only warned of. */
  failure: Failure | undefined;
  notes: string[];
}

/** Reads an option of a file: `body` is `name` or `name=value`, as it would follow a `--`. */
export function parseFileOption(body: string): OptionUse {
  const equals = body.indexOf('=');
  const name = normalName(equals < 0 ? body : body.slice(0, equals));
  const own = ownOptions.find((option) => option.inFiles && option.name === name);
  if (!own) return parseLongOption(body, 'file', () => undefined);
  return {
    kind: 'own',
    origin: 'file',
    option: own,
    value: equals < 0 ? '' : body.slice(equals + 1),
  };
}

/** Whether it is a use of the client's option of that name. */
export function isOf(use: OptionUse | undefined, name: string): boolean {
  return use?.kind === 'client' && use.option.name === name;
}

/** Whether it has a value that nobody else may see. */
export function isSecret(use: OptionUse): boolean {
  return use.kind !== 'unknown' && use.option.secret === true && use.value !== undefined;
}

/** An option of a file as --print-defaults shows it: see fileUse. */
export function shownBody(use: OptionUse, body: string): string {
  return `--${isSecret(use) ? `${body.slice(0, body.indexOf('='))}=*****` : body}`;
}

const secretName = /pass|pwd|secret/i;

/**
 * Reads a long option of the client.
 *
 * @param body what follows the `--`
 * @param next gives the next word, for options whose value may stand apart; undefined where there
 *   is none. Not called when it is not needed.
 */
export function parseLongOption(
  body: string,
  origin: Origin,
  next: () => string | undefined,
): ClientUse | UnknownUse {
  const equals = body.indexOf('=');
  const name = equals < 0 ? body : body.slice(0, equals);
  const joined = equals < 0 ? undefined : body.slice(equals + 1);
  const found = findOption(name);
  if ('problem' in found) {
    const shown = joined === undefined ? '' : `=${secretName.test(name) ? '*****' : joined}`;
    if (found.problem === 'ambiguous') return ambiguous(`--${body}`, origin, found, shown);
    const text =
      joined === undefined ? `unknown option '--${name}'` : `unknown variable '${name}${shown}'`;
    if (!found.loose) return unknown(`--${body}`, origin, text, joined === undefined ? 2 : 7);
    const notes = [`Warning: analytics-mysql: ${text}`];
    return { kind: 'unknown', origin, word: `--${body}`, failure: undefined, notes };
  }

  const { option, off, on, prefix, loose } = found;
  const notes: string[] = [];
  if (prefix !== undefined) {
    notes.push(
      `Info: Using unique option prefix '${prefix}' is error-prone and can break in the future. ` +
        `Please use the full name '${option.name}' instead.`,
    );
  }
  const use: ClientUse = {
    kind: 'client',
    origin,
    option,
    value: joined,
    off,
    on,
    loose,
    notes,
    failure: undefined,
  };
  if (option.name === 'debug') {
    const text = `Option 'debug${joined === undefined ? '' : `=${joined}`}' used, but is disabled`;
    if (loose) notes.push(`analytics-mysql: WARNING: ${text}`);
    else use.failure = disabled(`debug${joined === undefined ? '' : `=${joined}`}`);
  } else if (option.kind === 'bare' && (joined !== undefined || off || on)) {
    use.failure = new Failure('no-value', `option '--${option.name}' cannot take an argument`, 4);
  } else if (takesValue(option) && joined === undefined && !off && !on) {
    use.value = next();
    if (use.value === undefined) {
      const text = `option '--${option.name}' requires an argument`;
      use.failure = new Failure('needs-value', text, 5);
    }
  }
  return use;
}

/**
 * Reads one letter of a group of short options (`-BNe`), which stand on the command line alone.
 *
 * @param rest what follows the letter in the same word; used up if the option takes a value
 * @param next as in longOption
 */
export function parseShortOption(
  letter: string,
  rest: string,
  next: () => string | undefined,
): { use: ClientUse | UnknownUse; usesRest: boolean } {
  const option = findOptionByLetter(letter);
  if (!option) {
    const text = `unknown option '-${letter}'`;
    return { use: unknown(`-${letter}${rest}`, 'command line', text, 2), usesRest: false };
  }
  const use: ClientUse = {
    kind: 'client',
    origin: 'command line',
    option,
    value: undefined,
    off: false,
    on: false,
    loose: false,
    notes: [],
    failure: undefined,
  };
  // Seen: what follows -# is read as options of one letter.
  if (option.name === 'debug') {
    use.failure = disabled('-#');
    return { use, usesRest: false };
  }
  if (option.kind === 'optional') {
    use.value = rest === '' ? undefined : rest;
    return { use, usesRest: true };
  }
  if (!takesValue(option)) return { use, usesRest: false };
  use.value = rest === '' ? next() : rest;
  if (use.value === undefined) {
    use.failure = new Failure('needs-value', `option '-${letter}' requires an argument`, 5);
  }
  return { use, usesRest: true };
}

/**
 * One word for one use: what the command line of another mysql program needs to mean the same,
 * with the value joined, so that a word alone tells what it is.
 */
export function toWord(use: ClientUse | UnknownUse): string {
  if (use.kind === 'unknown') return use.word;
  const skip = use.off ? 'skip-' : use.on ? 'enable-' : '';
  const value = use.value === undefined ? '' : `=${use.value}`;
  return `--${skip}${use.option.name.replaceAll('_', '-')}${value}`;
}

function takesValue(option: ClientOption): boolean {
  return option.kind === 'string' || option.kind === 'number';
}

function unknown(
  word: string,
  origin: Origin,
  text: string,
  exitStatus: number,
  lines?: readonly string[],
): UnknownUse {
  const code = exitStatus === 3 || exitStatus === 6 ? 'ambiguous-option' : 'unknown-option';
  const failure = new Failure(code, text, exitStatus, lines);
  return { kind: 'unknown', origin, word, notes: [], failure };
}

/** Behind skip-, loose- and so on the client says it twice, the second time in other words. */
function ambiguous(
  word: string,
  origin: Origin,
  { special, given, first, last }: Extract<OptionNotFound, { problem: 'ambiguous' }>,
  shown: string,
): UnknownUse {
  const text = `ambiguous option '--${given}${shown}' (${first}, ${last})`;
  if (special === undefined) return unknown(word, origin, text, 3);
  const said = `ambiguous option '--${special}-${given}${shown}' (--${special}-${first})`;
  const again = shown === '' ? text : `variable prefix '${given}${shown}' is not unique`;
  const lines = [said, again].map((line) => `analytics-mysql: ${line}`);
  return unknown(word, origin, said, shown === '' ? 3 : 6, lines);
}

function disabled(name: string): Failure {
  return new Failure('disabled-option', `ERROR: Option '${name}' used, but is disabled`, 12);
}
