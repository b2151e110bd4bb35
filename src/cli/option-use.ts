import { Failure } from '../failure.js';
import { hasSecret, isSecretValue, mask } from '../text/secrets.js';
import { findOption, findOptionByLetter, type OptionNotFound } from './find-option.js';
import { type ClientOption, type NamePrefix, normalizeName, type OwnOption } from './option.js';
import { type FileOption, ownGroup } from './option-files.js';
import { ownOptions } from './own-options.js';
import { suggestOptions } from './suggest-options.js';

/*
 * Parses the use of an option, on the command line or in an option file.
 */

/** Where an option was given; `file`: an option file or a credentials file. */
export type Origin = 'command line' | 'file';

/** One use of an option. Lists of uses are ordered: files come first, and a later use wins. */
export type OptionUse = ClientUse | OwnUse | UnknownUse;

interface FileUse {
  /** The option file in which the option stands, in a group of ours, which the client does not read. */
  ownFile?: string;
}

/** A use of an option that the client does not have. */
export interface OwnUse extends FileUse {
  kind: 'own';
  origin: Origin;
  option: OwnOption;
  /** Empty for flags. */
  value: string;
}

/** A use of one of the client's options. */
export interface ClientUse extends NamePrefix, FileUse {
  kind: 'client';
  origin: Origin;
  option: ClientOption;
  value: string | undefined;
  /** The name has the prefix loose-: an invalid number is only a warning. */
  loose: boolean;
  /** Lines for stderr, such as the client's Info on a prefix. */
  notes: string[];
  /** The error in this use; it is reported when the option is applied, not while parsing. */
  failure: Failure | undefined;
  /** The letter follows an unknown one in its word: another program may read it as a value. */
  afterUnknown?: boolean;
}

/** A word that looks like an option but is not one of the client's. */
export interface UnknownUse extends FileUse {
  kind: 'unknown';
  origin: Origin;
  /** The word as it was given. */
  word: string;
  /** undefined for names with `--loose-`, which cause only a warning. */
  failure: Failure | undefined;
  notes: string[];
}

/**
 * Parses an option of a file: `body` is `name` or `name=value`, the text that would follow a `--`.
 * Own options are known in the groups that other programs ignore.
 *
 * @throws Failure `no-value`, `needs-value`, `line-only` for an own option
 */
export function parseFileOption({ body, file, group }: FileOption): OptionUse {
  const equals = body.indexOf('=');
  const name = normalizeName(equals < 0 ? body : body.slice(0, equals));
  const own = ownOptions.find((option) => option.name === name);
  const isOwnGroup = group.startsWith(ownGroup);
  if (!own || !isOwnGroup) {
    const use = parseLongOption(body, 'file', () => undefined);
    return isOwnGroup ? { ...use, ownFile: file } : use;
  }
  const fail = (code: string, problem: string, exitStatus?: number) =>
    new Failure(code, `option '${name}' in '${file}' ${problem}`, exitStatus);
  if (own.lineOnly) throw fail('line-only', 'can be used on the command line only; remove it');
  if (own.kind === 'flag' && equals >= 0) throw fail('no-value', 'cannot take an argument', 4);
  if (own.kind !== 'flag' && own.kind !== 'optional' && equals < 0) {
    throw fail('needs-value', `requires an argument: ${name}=${own.argument}`, 5);
  }
  return {
    kind: 'own',
    origin: 'file',
    ownFile: file,
    option: own,
    value: equals < 0 ? '' : body.slice(equals + 1),
  };
}

/** Tests whether this is a use of the client's option with that name. */
export function isUseOf(use: OptionUse | undefined, name: string): boolean {
  return use?.kind === 'client' && use.option.name === name;
}

/** Tests whether the use has a secret value, such as a password or a statement that contains one. */
export function isSecret(use: OptionUse): boolean {
  if (use.kind === 'unknown') {
    const equals = use.word.indexOf('=');
    return equals > 0 && isSecretValue(use.word.slice(0, equals), use.word.slice(equals + 1));
  }
  return use.value !== undefined && (use.option.secret === true || hasSecret(use.value));
}

/** Formats an option of a file for --print-defaults, with a secret value masked. */
export function maskOption(use: OptionUse, body: string): string {
  return `--${isSecret(use) ? maskValue(body) : body}`;
}

/** Masks the value in `name=value`. */
export function maskValue(word: string): string {
  return `${word.slice(0, word.indexOf('='))}=${mask}`;
}

/**
 * Parses a long option of the client.
 *
 * @param body the text after the `--`
 * @param next returns the next word, or undefined at the end; called only if the option needs a
 *   value and has none
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
    const shown = joined === undefined ? '' : `=${isSecretValue(name, joined) ? mask : joined}`;
    if (found.problem === 'ambiguous') return createAmbiguousUse(`--${body}`, origin, found, shown);
    const text =
      joined === undefined ? `unknown option '--${name}'` : `unknown variable '${name}${shown}'`;
    if (!found.loose) {
      const message = `${text}${suggestOptions(name, origin === 'file')}`;
      return createUnknownUse(`--${body}`, origin, message, joined === undefined ? 2 : 7);
    }
    const notes = [`Warning: analytics-mysql: ${text}`];
    return { kind: 'unknown', origin, word: `--${body}`, failure: undefined, notes };
  }

  const { option, off, on, prefix, loose, autoset } = found;
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
    else use.failure = createDisabledFailure(`debug${joined === undefined ? '' : `=${joined}`}`);
  } else if (option.kind === 'bare' && (joined !== undefined || off || on)) {
    use.failure = new Failure('no-value', `option '--${option.name}' cannot take an argument`, 4);
  } else if (autoset && option.kind !== 'bare' && option.kind !== 'boolean') {
    const hasValue = joined !== undefined || off || on;
    use.failure = createAutosetFailure(option.name, hasValue);
    if (loose && !hasValue) {
      notes.push(`Warning: analytics-mysql: ${use.failure.message}`);
      return { kind: 'unknown', origin, word: `--${body}`, failure: undefined, notes };
    }
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
 * Parses one letter of a group of short options (`-BNe`), which can be used on the command line
 * only.
 *
 * @param rest the text after the letter in the same word; it is the value if the option takes one
 * @param next as in parseLongOption
 */
export function parseShortOption(
  letter: string,
  rest: string,
  next: () => string | undefined,
): { use: ClientUse | UnknownUse; usesRest: boolean } {
  const option = findOptionByLetter(letter);
  if (!option) {
    const text = `unknown option '-${letter}'`;
    return { use: createUnknownUse(`-${letter}${rest}`, 'command line', text, 2), usesRest: false };
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
  // Observed (10.11.19): the text after -# is read as short options.
  if (option.name === 'debug') {
    use.failure = createDisabledFailure('-#');
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
 * Formats a use as one word for the command line of another mysql program, with the value after
 * `=`, so that no word depends on the one before it.
 */
export function formatOption(use: ClientUse | UnknownUse): string {
  if (use.kind === 'unknown') return use.word;
  const skip = use.off ? 'skip-' : use.on ? 'enable-' : '';
  const value = use.value === undefined ? '' : `=${use.value}`;
  return `--${skip}${use.option.name.replaceAll('_', '-')}${value}`;
}

function takesValue(option: ClientOption): boolean {
  return option.kind === 'string' || option.kind === 'number';
}

function createUnknownUse(
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

/** After a prefix such as skip- or loose-, the client prints two messages with different texts. */
function createAmbiguousUse(
  word: string,
  origin: Origin,
  { special, given, first, last }: Extract<OptionNotFound, { problem: 'ambiguous' }>,
  shown: string,
): UnknownUse {
  const text = `ambiguous option '--${given}${shown}' (${first}, ${last})`;
  if (special === undefined) return createUnknownUse(word, origin, text, 3);
  const firstText = `ambiguous option '--${special}-${given}${shown}' (--${special}-${first})`;
  const secondText = shown === '' ? text : `variable prefix '${given}${shown}' is not unique`;
  const lines = [firstText, secondText].map((line) => `analytics-mysql: ${line}`);
  return createUnknownUse(word, origin, firstText, shown === '' ? 3 : 6, lines);
}

/**
 * Observed (10.11.19): the prefix autoset- changes nothing for an option without a value, and no
 * other option of the client allows it.
 */
function createAutosetFailure(name: string, hasValue: boolean): Failure {
  return hasValue
    ? new Failure('no-value', `automatically set option '--${name}' cannot take an argument`, 4)
    : new Failure('no-autoset', `automatic setup request is unsupported by option '--${name}'`, 13);
}

function createDisabledFailure(name: string): Failure {
  return new Failure('disabled-option', `ERROR: Option '${name}' used, but is disabled`, 12);
}
