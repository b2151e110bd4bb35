import type { TargetRequest } from '../target/target.js';
import type { ResultFormat } from './result-format.js';

/**
 * TLS as the client's --ssl options ask for it. `enabled` false means plain TCP, unless
 * `verifyServerCert`. All but the last two are paths.
 */
export interface TlsSettings {
  enabled: boolean;
  verifyServerCert: boolean;
  ca: string | undefined;
  capath: string | undefined;
  cert: string | undefined;
  key: string | undefined;
  crl: string | undefined;
  crlpath: string | undefined;
  cipher: string | undefined;
  /** --tls-version, as it was given */
  versions: string | undefined;
}

/** How to log in and what to say first. */
export interface ConnectSettings {
  user: string | undefined;
  /** `ask`: -p without a value. undefined: none was given anywhere. */
  password: string | { ask: true } | undefined;
  /** The name given by --default-character-set; undefined: see chooseCharacterSet. */
  characterSet: string | undefined;
  tls: TlsSettings;
  /** seconds; 0 means the system's own limit */
  connectTimeout: number;
  initCommands: string[];
  compress: boolean;
  /** The user may be let in to set a new password. */
  expiredPassword: boolean;
  /** bytes, from --max-allowed-packet */
  maxAllowedPacket: number;
  /** LOAD DATA LOCAL may read files here. */
  localInfile: boolean;
  /** --safe-updates and its limits, said to the server after connecting. */
  safeUpdates: SafeUpdates;
  /** Blanks may stand between the name of a function and its parenthesis. */
  ignoreSpaces: boolean;
}

/** --safe-updates and its limits. */
export interface SafeUpdates {
  on: boolean;
  /** rows of a SELECT without LIMIT */
  selectLimit: number;
  /** combinations of rows that a join may look at */
  maxJoinSize: number;
}

/** How results are written; counts are of repeated flags, as in -vvv. */
export interface OutputSettings {
  /** Not a conversation: -B, -e, or standard input or output is no terminal. */
  batch: boolean;
  /**
   * What the client counts: 0 a table, 1 tab-separated, 2 and more without column names. It begins
   * at 1 where standard input or output is no terminal; -B makes it at least 1, each -s adds one.
   */
  silent: number;
  /** -s was given: only errors are told. */
  silentGiven: boolean;
  verbose: number;
  columnNames: boolean;
  raw: boolean;
  binaryAsHex: boolean;
  columnTypeInfo: boolean;
  showWarnings: boolean;
  /** Print a failing statement, unless --verbose did. */
  printQueryOnError: boolean;
  quick: boolean;
  /** With --quick, the limit of a column's declared length in a table, in bytes. */
  quickMaxColumnWidth: number;
  unbuffered: boolean;
  /** Say at the end what it cost. */
  debugInfo: boolean;
  /** What --format says, or the name of the file, or the client's options. */
  format: ResultFormat;
  /** --output: the file that takes the results; undefined: standard output. */
  file: string | undefined;
  /** MediaWiki's timestamps of 14 digits are written in ISO 8601. */
  isoTimestamps: boolean;
  /** --binary-as-text: binary columns are strings in Parquet. */
  binaryAsText: boolean;
  /** --provenance: FILE.meta.json beside the file of --output. */
  provenance: boolean;
}

/** What our own options say of the output. */
export type OutputOptions = Pick<
  OutputSettings,
  'format' | 'file' | 'isoTimestamps' | 'binaryAsText' | 'provenance'
>;

/** --wikis and what goes with it: one script over many wikis. */
export interface FanoutSettings {
  /** --wikis: an expression over lists, sections, wikis, globs and files. */
  wikis: string;
  /** --except: the same, taken away at the end. */
  except: string | undefined;
  /** --dry-run: say what would be done, connect to nothing. */
  dryRun: boolean;
  /** --plan json: print the run as data, connect to nothing. */
  plan: 'json' | undefined;
  /** Connections to each section at a time. */
  perSection: number;
  /** The sessions may write nothing; --skip-read-only lets them. */
  readOnly: boolean;
  /** Seconds after which the server ends a statement; 0: as the server has it. */
  maxStatementTime: number;
  /** Seconds that each connection rests behind each wiki. */
  throttle: number;
  /** The name of the first column, that of the wiki; undefined: there is none. */
  wikiColumn: string | undefined;
  /** --wiki-column was given: it stands in files of one wiki too. */
  wikiColumnGiven: boolean;
  /** --unordered: a wiki's rows are written as soon as they have come. */
  unordered: boolean;
  /** --union-columns: what some wikis lack is NULL. */
  unionColumns: boolean;
  /** --fail-fast: the first failure ends the run. */
  failFast: boolean;
  /** --resume: go on where an earlier run ended. */
  resume: boolean;
  /** How often a transient fault is tried again. */
  retries: number;
}

/** Where statements come from and what happens when one fails. */
export interface InputSettings {
  /** -e, each as given; undefined: read standard input. */
  execute: string[] | undefined;
  delimiter: string;
  force: boolean;
  lineNumbers: boolean;
  comments: boolean;
  binaryMode: boolean;
  namedCommands: boolean;
  /** No commands that reach the file system. */
  sandbox: boolean;
  /** An error in a sourced file ends it, and the script. */
  abortSourceOnError: boolean;
  /** Pass over statements while another database is in use. */
  oneDatabase: boolean;
  /** A database was named without -D: without, --one-database begins by passing over everything. */
  databaseNamedAlone: boolean;
  /** --tee: files; the client makes them, and writes to the last, in a conversation only. */
  tees: string[];
  /** Ctrl-C ends nothing. */
  sigintIgnore: boolean;
}

/** A conversation in a terminal; none of it counts in batch. */
export interface ShellSettings {
  /** --prompt; undefined: MYSQL_PS1, else the client's own. */
  prompt: string | undefined;
  /** --pager: a command line, `''` for none; undefined: not said. */
  pager: string | undefined;
  /** Names of tables and columns are read for completion. */
  rehash: boolean;
  /** Connect again when the connection is lost. */
  reconnect: boolean;
  /** A sound at an error, and when a long statement ends. */
  beep: boolean;
  /** Show how far a long statement is, where the server says it. */
  progressReports: boolean;
  /** Ask before statements that destroy. */
  destructiveWarning: boolean;
  /** Seconds from which a statement's end is told by a sound; 0: never. */
  longQueryBell: number;
}

/** A file of options that was looked at, for the line that explains a denied login. */
export interface TriedFile {
  path: string;
  outcome: 'read' | 'missing' | 'unreadable' | 'world-writable';
}

/** Another mysql program that is to run in our place. */
export interface ExternalClient {
  /** Its name or path. */
  program: string;
  /** The client's options out of option files, as `--name=value`; without passwords. */
  fileOptions: readonly string[];
  /** The same of the command line. */
  lineOptions: readonly string[];
}

/**
 * All that the user asked for: argv, environment and option files become this one plain value,
 * and program.ts acts on it.
 */
export interface Settings {
  /** `usage`: more than one name stands alone; the client answers with its help and status 1. */
  action: 'run' | 'print-target' | 'print-defaults' | 'help' | 'version' | 'usage';
  printTargetFormat: 'text' | 'json' | 'jdbc';
  /** -v, also asked together with --print-target */
  target: TargetRequest;
  /** --client; undefined: this program is the client. */
  client: ExternalClient | undefined;
  /** What --print-defaults prints: all of it as it was written, passwords masked. */
  shownArguments: string[];
  connect: ConnectSettings;
  output: OutputSettings;
  input: InputSettings;
  shell: ShellSettings;
  /** undefined: one wiki, or none. */
  fanout: FanoutSettings | undefined;
  triedFiles: TriedFile[];
  /** Lines for stderr, such as `Info: Using unique option prefix …`, in order. */
  warnings: string[];
  /** Lines for stdout, before all else. */
  announcements: string[];
  /** argv with every password masked, for the process's title. */
  maskedArguments: string[] | undefined;
}
