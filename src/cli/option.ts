import type { ClientSettings } from './client-settings.js';
import type { Settings } from './settings.js';

/** The groups in which --help lists the options, in their order, with their headings. */
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

type Topic = keyof typeof topics;

/** What every option has, the client's and our own. */
export interface OptionFacts {
  /** Without the leading `--`. */
  name: string;
  topic: Topic;
  help: string;
  /** The placeholder of the value in --help; undefined for options without a value. */
  argument?: string;
  /** The default, as --help prints it; undefined: none. */
  initial?: string;
  /** The value is a password: it is masked wherever the command line is shown. */
  secret?: true;
  /** How the option changes the data of a run; undefined: the same data comes with and without it. */
  data?: readonly DataEffect[];
}

/**
 * Something that an option sets and the data depends on. It is recorded in FILE.meta.json, and
 * --resume refuses to continue a run in which it was another.
 */
export interface DataEffect {
  /** `rows`: the rows or their values; `form`: only the bytes that a file holds for them. */
  changes: 'rows' | 'form';
  /** Its key in FILE.meta.json. Options that set the same thing share one effect. */
  key: string;
  /** Its value; undefined: it does not apply. */
  value: (context: DataContext) => unknown;
}

/** What the value of a DataEffect is read from. */
export interface DataContext {
  settings: Settings;
  /** The name of the connection's character set. */
  characterSet: string;
}

/** Limits of a number of the client's; values outside are moved to the nearest limit, with a warning. */
export interface NumberRange {
  min: bigint;
  max: bigint;
  /** Values are rounded down to a multiple of it; 1 if left out. */
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
 * One option of the mariadb client; `apply` sets what it stands for. Kinds, as observed of 10.11.19:
 * - `bare`: never a value, and no --skip- either (`--batch=1` is an error)
 * - `boolean`: on, off, or `=0|1|on|off|true|false`; another value is ignored with a warning
 * - `switch`: like boolean, but another value turns it off, with a warning
 * - `number`: a whole number that may end in K, M, G, T, P or E
 * - `string`: a value, joined or as the next argument
 * - `optional`: a value only if joined
 */
export type ClientOption = OptionFacts & {
  letter?: string;
  /** The client prints the same bytes with and without it: it is checked, and left out of --help. */
  inert?: true;
  /** It counts on the command line only: option files do not choose the server. */
  ignoredInFiles?: true;
  /** It is refused beside --wikis; the text says what to do instead. */
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

/** One option of our own. */
export type OwnOption = OptionFacts & {
  /**
   * Where it has a meaning: beside `--wikis`, also with --print-target; only where --wikis runs
   * statements (`wikis-run`); only where statements come from -e or standard input (`batch`).
   * undefined: everywhere.
   */
  needs?: 'wikis' | 'wikis-run' | 'batch';
  /** It may stand in option files. */
  inFiles?: true;
} & (
    | { kind: 'flag' }
    | { kind: 'value'; argument: string; choices?: readonly string[] }
    /** It may be given several times, and each value counts. */
    | { kind: 'list'; argument: string }
    | { kind: 'number'; argument: string; initial: string; limits: Limits }
  );

/** Limits of a number of our own; values outside are refused. */
interface Limits {
  least: number;
  most: number;
  /** Seconds may have decimals, as in the server's own setting. */
  unit: 'whole number' | 'number of seconds';
}

/** The form in which names are compared: `_` is `-`, and case does not count. */
export function normalName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
