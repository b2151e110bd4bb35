import { Failure } from '../failure.js';
import { clientOptions } from './client-options.js';
import { findOption } from './find-option.js';
import { normalName, type OwnOption } from './option.js';
import {
  isSecret,
  type OptionUse,
  type OwnUse,
  parseLongOption,
  parseShortOption,
} from './option-use.js';
import { ownOptions } from './own-options.js';

/** A command line taken apart, nothing yet judged but the wrapper's own words. */
export interface ParsedArgv {
  /** The first of them on the line: what comes behind is not looked at. */
  shortcut: 'help' | 'version' | undefined;
  /** In order. */
  uses: OptionUse[];
  positionals: string[];
  /** argv with passwords masked; undefined where there is none. */
  masked: string[] | undefined;
  /** argv as it is but for passwords, which are masked, and the wrapper's own options. */
  shownArguments: string[];
}

/**
 * Takes a command line apart in one pass, by the client's grammar. Options may stand anywhere.
 *
 * Names: an exact one wins, the wrapper's before the client's; then a prefix that fits the client's
 * options, so that the wrapper's names never make a client's prefix ambiguous; then a prefix that
 * fits exactly one of the wrapper's.
 *
 * `--`: the first is skipped, and what follows is read as before, because the program's users write
 * `analytics-mysql staging -- -e 'select 1'`. The second ends the options: what follows is a name.
 *
 * `-h` as the very last letter of the line is help, else the host.
 *
 * @param argv without the program's name
 * @throws Failure `no-value`, `needs-value` for an option of the wrapper
 */
export function parseArgv(argv: readonly string[]): ParsedArgv {
  const result: ParsedArgv = {
    shortcut: undefined,
    uses: [],
    positionals: [],
    masked: undefined,
    shownArguments: [],
  };
  let index = 0;
  let printsDefaults = false;
  let dashes = 0;
  const next = () => (index < argv.length ? argv[index++] : undefined);
  const mask = (at: number, word: string) => {
    result.masked ??= [...argv];
    result.masked[at] = word;
  };

  const words = () => result.masked ?? argv;
  let at = 0;
  let isOwn = true;
  while (index < argv.length && (!result.shortcut || printsDefaults)) {
    if (!isOwn) result.shownArguments.push(...words().slice(at, index));
    at = index;
    isOwn = false;
    const word = argv[index++] ?? '';
    if (dashes === 2 || !word.startsWith('-') || word === '-') {
      result.positionals.push(word);
    } else if (word === '--') {
      dashes++;
    } else if (word.startsWith('--')) {
      const own = ownOption(word.slice(2));
      if (own) {
        result.uses.push(ownUse(own, word, next));
        printsDefaults ||= own.name === 'print-defaults';
        isOwn = true;
        continue;
      }
      const use = parseLongOption(word.slice(2), 'command line', next);
      result.uses.push(use);
      result.shortcut ??= shortcutOf(use);
      if (isSecret(use)) mask(at, `${word.slice(0, word.indexOf('='))}=*****`);
    } else {
      let rest = word.slice(1);
      let behindUnknown = false;
      while (rest !== '') {
        const letter = rest.charAt(0);
        rest = rest.slice(1);
        if (letter === 'h' && rest === '' && index === argv.length) {
          result.shortcut = 'help';
          break;
        }
        const { use, usesRest } = parseShortOption(letter, rest, next);
        result.uses.push(use);
        if (use.kind === 'client' && behindUnknown) use.afterUnknown = true;
        behindUnknown ||= use.kind === 'unknown';
        if (isSecret(use)) mask(at, `${word.slice(0, word.length - rest.length)}*****`);
        result.shortcut ??= shortcutOf(use);
        if (usesRest) break;
      }
    }
  }
  if (!isOwn) result.shownArguments.push(...words().slice(at, index));
  return result;
}

/** Whether an option asks for the help or the version, which end the reading of all others. */
export function shortcutOf(use: OptionUse | undefined): ParsedArgv['shortcut'] {
  if (use?.kind !== 'client' || use.failure) return undefined;
  if (use.option.name === 'help' || use.option.name === 'version') return use.option.name;
  return undefined;
}

const clientNames = new Set(clientOptions.map((option) => normalName(option.name)));

function ownOption(body: string): OwnOption | undefined {
  const name = normalName(body.split('=', 1)[0] ?? '');
  const exact = ownOptions.find((option) => option.name === name);
  if (exact) return exact;
  if (clientNames.has(name) || name === '') return undefined;
  const fitting = ownOptions.filter((option) => option.name.startsWith(name));
  if (fitting.length !== 1) return undefined;
  const clients = findOption(name);
  return 'problem' in clients && clients.problem === 'unknown' ? fitting[0] : undefined;
}

function ownUse(option: OwnOption, word: string, next: () => string | undefined): OwnUse {
  const use = { kind: 'own', origin: 'command line', option } as const;
  const equals = word.indexOf('=');
  const joined = equals < 0 ? undefined : word.slice(equals + 1);
  if (option.kind === 'flag') {
    if (joined === undefined) return { ...use, value: '' };
    throw new Failure('no-value', `option '--${option.name}' cannot take an argument`, 4);
  }
  const value = joined ?? next();
  if (value !== undefined) return { ...use, value };
  throw new Failure('needs-value', `option '--${option.name}' requires an argument`, 5);
}
