import { Failure } from '../failure.js';
import { mask } from '../text/secrets.js';
import { clientOptions } from './client-options.js';
import { findOption } from './find-option.js';
import { findHelpTopic, type HelpTopic } from './help-topics.js';
import { normalizeName, type OwnOption } from './option.js';
import {
  isSecret,
  maskValue,
  type OptionUse,
  type OwnUse,
  parseLongOption,
  parseShortOption,
} from './option-use.js';
import { ownOptions } from './own-options.js';

/*
 * Parses the command line by the grammar of the mariadb client.
 */

/**
 * A parsed command line. Errors in options of the client are recorded in `uses`; only errors in
 * this program's own options are thrown while parsing.
 */
export interface ParsedArgv {
  /** The first --help or --version; the arguments after it are not parsed. */
  shortcut: 'help' | 'version' | undefined;
  /** The topic of --help: the word after it, if that is one. */
  helpTopic: HelpTopic | undefined;
  /** The uses of options in order. */
  uses: OptionUse[];
  positionals: string[];
  /** argv with passwords masked, and statements that contain one; undefined if it has none. */
  masked: string[] | undefined;
  /** The same without this program's own options, for --print-defaults. */
  shownArguments: string[];
  /** All words of the command line in the same form, for --print-defaults -v. */
  shownLine: readonly string[];
}

/**
 * Parses a command line in one pass, by the client's grammar. Options may be anywhere on the line.
 *
 * Names: an exact name takes precedence, an own option before one of the client. Then come the
 * abbreviations of own options; then a prefix of client options, so that own options never make a
 * prefix of the client ambiguous; then a prefix of exactly one own option.
 *
 * `--`: the first one is ignored, because users of this program write
 * `analytics-mysql staging -- -e 'select 1'`. The second one ends the options: the words after it
 * are positional.
 *
 * --help takes the next word as its topic if it is one. Other words after it are ignored, as by the
 * client.
 *
 * `-h` means help if it is the last letter of the line, otherwise the host.
 *
 * @param argv the arguments without the program's name
 * @throws Failure `no-value`, `needs-value` for an own option
 */
export function parseArgv(argv: readonly string[]): ParsedArgv {
  const result: ParsedArgv = {
    shortcut: undefined,
    helpTopic: undefined,
    uses: [],
    positionals: [],
    masked: undefined,
    shownArguments: [],
    shownLine: argv,
  };
  let index = 0;
  let printsDefaults = false;
  let dashes = 0;
  const next = () => (index < argv.length ? argv[index++] : undefined);
  const setMasked = (wordIndex: number, word: string) => {
    result.masked ??= [...argv];
    result.masked[wordIndex] = word;
  };
  /** Masks the value of a use, which is either joined to the word of its name or the word after it. */
  const maskUse = (use: OptionUse, joined: string | undefined) => {
    if (!isSecret(use)) return;
    if (joined === undefined) setMasked(index - 1, mask);
    else setMasked(wordIndex, joined);
  };

  const words = () => result.masked ?? argv;
  let wordIndex = 0;
  let isOwn = true;
  while (index < argv.length && (!result.shortcut || printsDefaults)) {
    if (!isOwn) result.shownArguments.push(...words().slice(wordIndex, index));
    wordIndex = index;
    isOwn = false;
    const word = argv[index++] ?? '';
    if (dashes === 2 || !word.startsWith('-') || word === '-') {
      result.positionals.push(word);
    } else if (word === '--') {
      dashes++;
    } else if (word.startsWith('--')) {
      const own = findOwnOption(word.slice(2));
      if (own) {
        const use = parseOwnOption(own, word, next);
        result.uses.push(use);
        maskUse(use, word.includes('=') ? maskValue(word) : undefined);
        printsDefaults ||= own.name === 'print-defaults';
        isOwn = true;
        continue;
      }
      const use = parseLongOption(word.slice(2), 'command line', next);
      result.uses.push(use);
      result.shortcut ??= findShortcut(use);
      maskUse(use, word.includes('=') ? maskValue(word) : undefined);
    } else {
      let rest = word.slice(1);
      let followsUnknown = false;
      while (rest !== '') {
        const letter = rest.charAt(0);
        rest = rest.slice(1);
        if (letter === 'h' && rest === '' && index === argv.length) {
          result.shortcut = 'help';
          break;
        }
        const { use, usesRest } = parseShortOption(letter, rest, next);
        result.uses.push(use);
        if (use.kind === 'client' && followsUnknown) use.afterUnknown = true;
        followsUnknown ||= use.kind === 'unknown';
        if (use.kind === 'client') {
          const name = word.slice(0, word.length - rest.length);
          maskUse(use, rest === '' ? undefined : `${name}${mask}`);
        }
        result.shortcut ??= findShortcut(use);
        if (usesRest) break;
      }
    }
  }
  if (!isOwn) result.shownArguments.push(...words().slice(wordIndex, index));
  result.shownLine = words();
  if (result.shortcut === 'help') result.helpTopic = findHelpTopic(argv[index]);
  return result;
}

/** Returns which of --help and --version an option is, if any; both end the parsing. */
export function findShortcut(use: OptionUse | undefined): ParsedArgv['shortcut'] {
  if (use?.kind !== 'client' || use.failure) return undefined;
  if (use.option.name === 'help' || use.option.name === 'version') return use.option.name;
  return undefined;
}

const clientNames = new Set(clientOptions.map((option) => normalizeName(option.name)));

function findOwnOption(body: string): OwnOption | undefined {
  const name = normalizeName(body.split('=', 1)[0] ?? '');
  const exact = ownOptions.find(
    (option) =>
      option.name === name || (!body.includes('=') && option.abbreviations?.includes(name)),
  );
  if (exact) return exact;
  if (clientNames.has(name) || name === '') return undefined;
  const matches = ownOptions.filter((option) => option.name.startsWith(name));
  if (matches.length !== 1) return undefined;
  const clientMatch = findOption(name);
  return 'problem' in clientMatch && clientMatch.problem === 'unknown' ? matches[0] : undefined;
}

function parseOwnOption(option: OwnOption, word: string, next: () => string | undefined): OwnUse {
  const use = { kind: 'own', origin: 'command line', option } as const;
  const equals = word.indexOf('=');
  const joined = equals < 0 ? undefined : word.slice(equals + 1);
  if (option.kind === 'flag') {
    if (joined === undefined) return { ...use, value: '' };
    throw new Failure('no-value', `option '--${option.name}' cannot take an argument`, 4);
  }
  if (option.kind === 'optional') return { ...use, value: joined ?? '' };
  const value = joined ?? next();
  const text = `option '--${option.name}' requires an argument`;
  if (value === undefined) throw new Failure('needs-value', text, 5);
  // The client would take the next option for the value, and then its value for a database.
  const [following] = joined === undefined ? (/^--?[a-z][\w-]*/i.exec(value) ?? []) : [];
  if (following === undefined) return { ...use, value };
  const shown = following.startsWith('--') ? following : following.slice(0, 2);
  const instead = `use --${option.name}=${option.argument} if the ${option.argument} begins with '-'`;
  throw new Failure('needs-value', `${text} but is followed by '${shown}'; ${instead}`, 5);
}
