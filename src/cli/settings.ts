import type { TargetRequest } from '../target/target.js';
import type { WikiFieldName } from '../wikis/wiki-fields.js';
import type { CompletionShell } from './completion-files.js';
import type { EndpointOptions } from './endpoint-override.js';
import type { HelpTopic } from './help-topics.js';
import type { ResultFormat } from './result-format.js';

/*
 * The types of the settings: the result of reading all options, option files and the environment.
 */

/**
 * The TLS settings of the client's --ssl options. `enabled` false means plain TCP, unless
 * `verifyServerCert` is true. All strings except the last two are paths.
 */
export interface TlsSettings {
  enabled: boolean;
  verifyServerCert: boolean;
  ca: string | undefined;
  capath: string | undefined;
  cert: string | undefined;
  key: string | undefined;
  /** The passphrase of the key, which the user typed. No option sets it. */
  passphrase: string | undefined;
  crl: string | undefined;
  crlpath: string | undefined;
  cipher: string | undefined;
  /** The value of --tls-version, as it was given. */
  versions: string | undefined;
}

/** How to connect, log in and set up the session. */
export interface ConnectSettings {
  user: string | undefined;
  /**
   * A text of toExactText(). `ask`: -p was given without a value. undefined: no password was given.
   */
  password: string | { ask: true } | undefined;
  /** The name from --default-character-set; undefined: see chooseCharacterSet. */
  characterSet: string | undefined;
  tls: TlsSettings;
  /** Seconds; 0: the limit of the operating system. */
  connectTimeout: number;
  initCommands: string[];
  /**
   * Seconds after which the server ends a statement; 0: the server's own limit. For runs over many
   * wikis, see FanoutSettings.
   */
  maxStatementTime: number;
  /** Send the password itself, if the server asks for it, even without TLS. */
  enableCleartextPlugin: boolean;
  compress: boolean;
  /** Log in even if the password has expired, so that the user can set a new one. */
  expiredPassword: boolean;
  /** Bytes, from --max-allowed-packet. */
  maxAllowedPacket: number;
  /** Which statements may send files of this machine to the server. */
  localInfile: LocalInfile;
  /** --safe-updates and its limits, set on the server after connecting. */
  safeUpdates: SafeUpdates;
  /** Spaces are allowed between the name of a function and its parenthesis. */
  ignoreSpaces: boolean;
}

/**
 * `load`: statements that begin with LOAD; `any`: --local-infile was given, so comments and EXECUTE
 * IMMEDIATE may precede LOAD.
 */
export type LocalInfile = 'none' | 'load' | 'any';

/** --safe-updates and its limits. */
export interface SafeUpdates {
  on: boolean;
  /** The maximum number of rows of a SELECT without LIMIT. */
  selectLimit: number;
  /** The maximum number of row combinations that a join may examine. */
  maxJoinSize: number;
}

/** How results are written. Numbers such as `verbose` count repeated flags, as in -vvv. */
export interface OutputSettings {
  /** The shell is not started: -B, -e, or standard input or output is not a terminal. */
  batch: boolean;
  /**
   * The client's level of --silent: 0 a table, 1 tab-separated, 2 and more without column names. It
   * starts at 1 if standard input or output is not a terminal; -B makes it at least 1, each -s adds
   * 1.
   */
  silent: number;
  /** -s was given: print errors only. */
  silentGiven: boolean;
  /** The number of -v; it also has an effect with --print-target. */
  verbose: number;
  columnNames: boolean;
  raw: boolean;
  binaryAsHex: boolean;
  columnTypeInfo: boolean;
  showWarnings: boolean;
  /** Print a failed statement, unless --verbose printed it already. */
  printQueryOnError: boolean;
  quick: boolean;
  /** With --quick, the maximum declared length of a table's column, in bytes. */
  quickMaxColumnWidth: number;
  unbuffered: boolean;
  /** Print the resource use at the end. */
  debugInfo: boolean;
  /** The format, from --format, or the file name, or the client's options. */
  format: ResultFormat;
  /** --output: the file for the results; undefined: standard output. */
  file: string | undefined;
  /** --timestamps=iso: MediaWiki timestamps (14 digits) are written in ISO 8601. */
  isoTimestamps: boolean;
  /** --binary-as-text: binary columns are strings in Parquet. */
  binaryAsText: boolean;
  /** --provenance: write FILE.meta.json next to the --output file. */
  provenance: boolean;
}

/** The output settings that come from own options. */
export type OutputOptions = Pick<
  OutputSettings,
  'format' | 'file' | 'isoTimestamps' | 'binaryAsText' | 'provenance'
>;

/** A column of the output of --print-target and --list-wikis. */
export type ShownField = 'dbname' | WikiFieldName | 'host' | 'port';

/**
 * What to do about an earlier run with the same output. `refuse`: report it. `resume`: continue it,
 * unless it began more than `maxAge` seconds ago. `restart`: replace it.
 */
export type EarlierRun =
  | { action: 'refuse' }
  | { action: 'resume'; maxAge: number | undefined }
  | { action: 'restart' };

/** The settings of --wikis: running one script on many wikis. */
export interface FanoutSettings {
  /** --wikis: an expression of lists, sections, wikis, globs and files. */
  wikis: string;
  /** --except: an expression of wikis to exclude from `wikis`. */
  except: string | undefined;
  /** --dry-run: print what would be run, without connecting. */
  dryRun: boolean;
  /** --plan json: print the plan of the run as JSON, without connecting. */
  plan: 'json' | undefined;
  /** The number of simultaneous connections to each section. */
  perSection: number;
  /** The sessions are read-only; --skip-read-only turns this off. */
  readOnly: boolean;
  /** Seconds after which the server ends a statement; 0: the server's own limit. */
  maxStatementTime: number;
  /** Seconds that a server may take for a wiki; 0: no limit. */
  wikiTimeout: number;
  /** Seconds that each connection pauses after each wiki. */
  throttle: number;
  /** The name of the first column, which holds the wiki; undefined: there is no such column. */
  wikiColumn: string | undefined;
  /** --wiki-column was given: files of one wiki have the column too. */
  wikiColumnGiven: boolean;
  /** --wiki-fields: the columns after that of the wiki's name. */
  wikiFields: readonly WikiFieldName[];
  /**
   * --wiki-fields with --print-target and --list-wikis: the columns of the output; undefined: not
   * given.
   */
  shownFields: readonly ShownField[] | undefined;
  /** --unordered: rows are written as they arrive. */
  unordered: boolean;
  /** --union-columns: columns that a wiki lacks are NULL. */
  unionColumns: boolean;
  /** --fail-fast: the first failure ends the run. */
  failFast: boolean;
  /** --resume and --restart: what to do about an earlier run with the same output. */
  earlierRun: EarlierRun;
  /** --quiet: print no progress and no summary of a run that goes well. */
  quiet: boolean;
  /** The number of retries after a transient error. */
  retries: number;
}

/** Where statements come from, and how they are parsed and run. */
export interface InputSettings {
  /** The values of -e; undefined: read standard input. */
  execute: string[] | undefined;
  delimiter: string;
  force: boolean;
  lineNumbers: boolean;
  comments: boolean;
  binaryMode: boolean;
  namedCommands: boolean;
  /** Refuse client commands that access the file system. */
  sandbox: boolean;
  /** An error in a sourced file ends the file and the script. */
  abortSourceOnError: boolean;
  /** Skip statements while another database is in use. */
  oneDatabase: boolean;
  /**
   * A database was given as an argument; if not, --one-database skips statements from the start.
   */
  hasDatabaseArgument: boolean;
  /**
   * The files of --tee. The client creates them all; it writes to the last one, in the shell only.
   */
  tees: string[];
  /** Ignore Ctrl-C. */
  sigintIgnore: boolean;
}

/** The settings of the interactive shell; they have no effect in batch mode. */
export interface ShellSettings {
  /** --prompt; undefined: MYSQL_PS1, or else the client's default. */
  prompt: string | undefined;
  /** --pager: a command line, or `''` for no pager; undefined: not given. */
  pager: string | undefined;
  /** Read the names of tables and columns for completion. */
  rehash: boolean;
  /** Reconnect when the connection is lost. */
  reconnect: boolean;
  /** Ring the bell at an error, and when a long statement ends. */
  beep: boolean;
  /** Show the progress of a long statement if the server reports it. */
  progressReports: boolean;
  /** Ask before destructive statements such as DROP. */
  destructiveWarning: boolean;
  /** The bell rings at the end of statements that take at least this many seconds; 0: never. */
  longQueryBell: number;
  /** Edit with the keys of vi; otherwise the files of readline and libedit decide. */
  vi: boolean;
}

/** An option as a word, and where it was given: a file with its group, or the command line. */
export interface ShownOption {
  origin: string;
  word: string;
}

/** The option files of the own options that come from one, by the option's name. */
export type OptionFileNames = ReadonlyMap<string, readonly string[]>;

/** An option file that was tried, for the line that explains a denied login. */
export interface TriedFile {
  path: string;
  outcome: 'read' | 'missing' | 'unreadable' | 'world-writable';
}

/** Another mysql program to run in place of this one (--client). */
export interface ExternalClient {
  /** The name or path of the program. */
  program: string;
  /** The client options of the option files as `--name=value`, without passwords. */
  fileOptions: readonly string[];
  /** The client options of the command line, in the same form. */
  lineOptions: readonly string[];
}

/** All settings of a run, from argv, environment and option files; program.ts executes them. */
export interface Settings {
  action:
    | 'run'
    | 'print-target'
    | 'list-wikis'
    | 'list-lists'
    | 'completion'
    | 'print-defaults'
    | 'help'
    | 'version';
  /** The topic of --help; undefined: the most useful options. */
  helpTopic: HelpTopic | undefined;
  /** The shell of --completion. */
  completionShell: CompletionShell | undefined;
  /** The format of --print-target; `result`: that of `output.format`. */
  printTargetFormat: 'text' | 'json' | 'jdbc' | 'result';
  target: TargetRequest;
  /** The options that choose a server, for the command `connect` with a host. */
  endpointOptions: EndpointOptions;
  /** --client; undefined: this program is the client. */
  client: ExternalClient | undefined;
  /** The arguments for --print-defaults as they were given, with passwords masked. */
  shownArguments: string[];
  /** The same with the own options, and with their origins, for --print-defaults -v; else undefined. */
  shownOrigins: ShownOption[] | undefined;
  connect: ConnectSettings;
  output: OutputSettings;
  input: InputSettings;
  shell: ShellSettings;
  /** undefined: --wikis was not given. */
  fanout: FanoutSettings | undefined;
  /** The files of the own options that come from option files, for messages about their values. */
  optionFileNames: OptionFileNames;
  triedFiles: TriedFile[];
  /** Lines for stderr in order, such as `Info: Using unique option prefix …`. */
  warnings: string[];
  /** Lines for stdout, before all other output. */
  announcements: string[];
  /** See ParsedArgv; for the process title. */
  maskedArguments: string[] | undefined;
}
