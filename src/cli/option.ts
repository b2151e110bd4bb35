import type { ClientSettings } from './client-settings.js';
import type { Settings } from './settings.js';

/*
 * The types of the tables of options: client-options.ts and own-options.ts.
 */

/** The topics by which --help groups the options, in order, with their headings. */
export const topics = {
  connecting: 'Where to connect',
  login: 'Logging in',
  statements: 'Statements',
  results: 'Results',
  wikis: 'Many wikis',
  shell: 'The shell',
  files: 'Option files',
  general: 'General',
} as const;

/** A topic of options. */
export type Topic = keyof typeof topics;

/**
 * The possible values of an option: a list, or where the completion of a shell finds them. `wikis`: the
 * expression of --wikis; `wiki fields`: names with commas between them.
 */
export type ValueSource =
  | readonly string[]
  | 'files'
  | 'directories'
  | 'programs'
  | 'sections'
  | 'credentials'
  | 'databases'
  | 'wikis'
  | 'wiki fields';

/** The properties of every option, whether or not the client has it. */
export interface OptionFacts {
  /** The name without the leading `--`. */
  name: string;
  topic: Topic;
  help: string;
  /** The short text of --help has the option, with the first sentence of `help`. */
  common?: true;
  /** The placeholder of the value in --help; undefined for options without a value. */
  argument?: string;
  /** The possible values, for completion in a shell; undefined: anything. */
  values?: ValueSource;
  /** The default as --help prints it; undefined: there is none. */
  initial?: string;
  /** The value is a password: it is masked wherever the command line is shown. */
  secret?: true;
  /** How the option changes the data of a run; undefined: it does not change the data. */
  data?: readonly DataEffect[];
}

/**
 * An effect of options on the data. Its value is recorded in FILE.meta.json, and --resume refuses
 * to continue a run in which the value was different.
 */
export interface DataEffect {
  /**
   * `rows`: it changes the rows or their values; `form`: it changes only how a file encodes them.
   */
  changes: 'rows' | 'form';
  /** The key in FILE.meta.json. Options that change the same setting share one effect. */
  key: string;
  /** Returns the value; undefined: the effect does not apply to this run. */
  value: (context: DataContext) => unknown;
}

/** The source of the value of a DataEffect. */
export interface DataContext {
  settings: Settings;
  /** The name of the connection's character set. */
  characterSet: string;
}

/** The range of a number of the client. Values outside are moved to a limit, with a warning. */
export interface NumberRange {
  min: bigint;
  max: bigint;
  /** Values are rounded down to a multiple of this; the default is 1. */
  block?: bigint;
}

/** The prefix before the name of an option. */
export interface NamePrefix {
  /** --skip- or --disable- */
  off: boolean;
  /** --enable- */
  on: boolean;
}

/**
 * An option of the mariadb client; `apply` changes the settings. Kinds, as observed (10.11.19):
 * - `bare`: takes no value, and no --skip- either (`--batch=1` is an error)
 * - `boolean`: on, off, or `=0|1|on|off|true|false`; any other value is ignored with a warning
 * - `switch`: like boolean, but any other value turns it off, with a warning
 * - `number`: a whole number that may end in K, M, G, T, P or E
 * - `string`: a value, in the same word or as the next argument
 * - `optional`: a value in the same word only, or none
 */
export type ClientOption = OptionFacts & {
  letter?: string;
  /** The option has no effect on the client's output: it is checked, but not listed in --help. */
  inert?: true;
  /** The option has an effect on the command line only: option files do not choose the server. */
  ignoredInFiles?: true;
  /** The option cannot be used with --wikis; the text says what to do instead. */
  insteadWithWikis?: string;
} & (
    | { kind: 'bare'; apply?: (settings: ClientSettings) => void }
    | {
        kind: 'boolean' | 'switch';
        initial: 'on' | 'off';
        apply?: (settings: ClientSettings, on: boolean) => void;
      }
    | {
        kind: 'number';
        range?: NumberRange;
        apply?: (settings: ClientSettings, value: number) => void;
      }
    | {
        kind: 'string';
        apply?: (settings: ClientSettings, value: string, prefix: NamePrefix) => void;
      }
    | {
        kind: 'optional';
        apply?: (settings: ClientSettings, value: string | undefined, prefix: NamePrefix) => void;
      }
  );

/** An option of this program that the client does not have. */
export type OwnOption = OptionFacts & {
  /**
   * When the option can be used: with --wikis, including --print-target (`wikis`); with --wikis if
   * it runs statements (`wikis-run`); if statements come from -e or standard input (`batch`).
   * undefined: always.
   */
  needs?: 'wikis' | 'wikis-run' | 'batch';
  /**
   * The option cannot be used in option files: it chooses them, or it makes the program print something in
   * place of a run.
   */
  lineOnly?: true;
  /**
   * Abbreviations that scripts for the previous tool contain. They mean this option although they
   * are the beginning of other options too, unless a value is joined with `=`.
   */
  abbreviations?: readonly string[];
} & (
    | { kind: 'flag' }
    | { kind: 'value'; argument: string; choices?: readonly string[] }
    /** The value can be given in the same word only: `--name` or `--name=VALUE`. */
    | { kind: 'optional'; argument: string }
    /** The option may be repeated; all values are used. */
    | { kind: 'list'; argument: string }
    | { kind: 'number'; argument: string; initial: string; limits: Limits }
  );

/** The range of a number of an own option; values outside are refused. */
interface Limits {
  min: number;
  max: number;
  /** Seconds may have decimals, like the server variable max_statement_time. */
  unit: 'whole number' | 'number of seconds';
}

/** Returns a name in lower case with `-` for `_`, the form in which names are compared. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
