import type { Column, WikiOutcome } from './row.js';

/**
 * Options that determine the section of a wiki. Defaults are those of the command line, including its
 * environment variables.
 */
export interface SectionOptions {
  /**
   * The path of a checkout of mediawiki-config. Default: the environment variable
   * ANALYTICS_MYSQL_MW_CONFIG_PATH, or else `/srv/mediawiki-config`.
   */
  mwConfigPath?: string | undefined;
  /** Use section x1, which has the tables of some extensions for every wiki. Default: false. */
  useX1?: boolean | undefined;
}

/**
 * Options that determine the server. Defaults are those of the command line, including its environment
 * variables.
 */
export interface TargetOptions extends SectionOptions {
  /** The section: `s1` … `s8`, `x1` or `staging`. Default: the section that the dblists name. */
  section?: string | undefined;
  /**
   * The DNS servers, each as `ADDR` or `ADDR:PORT`. Default: those in the environment variable
   * ANALYTICS_MYSQL_NAMESERVER, or else those of the system.
   */
  nameservers?: readonly string[] | undefined;
  /** The domain of the SRV records. Default: `eqiad.wmnet`. */
  domain?: string | undefined;
  /** Connect to this host. Neither dblists nor SRV records are used then. */
  host?: string | undefined;
  /** Connect to this port. Default: the port from DNS or from the port scheme; 3306 with `host`. */
  port?: number | undefined;
  /** Connect to this Unix socket file. */
  socket?: string | undefined;
  /** Use the redacted replicas, in which the database of `itwiki` is `itwiki_p`. Default: false. */
  redacted?: boolean | undefined;
  /** The host of the redacted replicas. Default: `an-redacteddb1001.eqiad.wmnet`. */
  redactedHost?: string | undefined;
}

/**
 * Options for the login. Defaults are those of the command line: the client's option files, or, if they
 * name no user, the first readable credentials file of an access group.
 */
export interface LoginOptions {
  user?: string | undefined;
  password?: string | undefined;
  /**
   * The credentials file: its path, or the name of an access group's file, such as
   * `analytics-research-client`.
   */
  credentials?: string | undefined;
  /** Read only this option file. */
  defaultsFile?: string | undefined;
  /** Also read this option file, after those of the system. */
  defaultsExtraFile?: string | undefined;
  /** Also read the option groups `[client<suffix>]`. */
  defaultsGroupSuffix?: string | undefined;
  /** Read no option files. */
  noDefaults?: boolean | undefined;
  /**
   * The time limit for connecting, in seconds; 0 means no limit. Default: the limit in the option
   * files, or else none but that of the system.
   */
  connectTimeout?: number | undefined;
  /**
   * Send the password itself, if the server asks for it, even without TLS and without a socket file.
   * Default: `enable-cleartext-plugin` in the option files, or else false.
   */
  enableCleartextPlugin?: boolean | undefined;
  /** Use the compressed protocol. */
  compress?: boolean | undefined;
  /** Statements to run after each login. Default: `init-command` in the option files. */
  initCommands?: readonly string[] | undefined;
  /** Options for TLS; `false` disables it. By default, TLS is used if the server offers it. */
  tls?: false | TlsOptions | undefined;
}

/**
 * Options for TLS. `ca`, `cert` and `key` are paths of files. Each of them requires TLS over TCP: a
 * server that does not offer it is refused with error 2026.
 */
export interface TlsOptions {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  /** Require that the server's certificate is valid and matches the host. */
  verifyServerCert?: boolean | undefined;
}

/** Options that determine the JavaScript values of cells; see `Value`. */
export interface ValueOptions {
  /**
   * The type of values in binary columns (BINARY, VARBINARY, BLOB), in which MediaWiki stores text as
   * UTF-8:
   *
   * - `'utf8'` (default): string. A value that is not valid UTF-8 ends the query with Failure
   *   `not-utf8`, which names the column.
   * - `'bytes'`: Uint8Array.
   * - A function that returns one of the two for each column.
   */
  binary?: 'utf8' | 'bytes' | ((column: Column) => 'utf8' | 'bytes') | undefined;
  /**
   * The type of values in BIGINT columns, which include `count(*)`:
   *
   * - `'bigint'` (default).
   * - `'number'`: a value that is not a safe integer ends the query with Failure `unsafe-number`.
   * - `'string'`: the digits.
   */
  bigint?: 'bigint' | 'number' | 'string' | undefined;
}

/** The part of AbortSignal that the library uses. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Option for rows as objects, whose keys are the names of the columns. Two columns with the same name
 * are a Failure `same-names`.
 */
export interface AsObjects {
  rows?: 'object' | undefined;
}

/** Option for rows as arrays, whose values are in the order of the columns. */
export interface AsArrays {
  rows: 'array';
}

/** Options of both `query` and `queryWikis`. */
export interface AskOptions extends LoginOptions, ValueOptions {
  /**
   * Seconds after which the server ends a statement; 0 means the server's own limit. Default: 0, for
   * `queryWikis` 3600.
   */
  maxStatementTime?: number | undefined;
  /**
   * Aborts the query, and ends its statements on the servers. The iteration then throws the signal's
   * reason.
   */
  signal?: AbortSignalLike | undefined;
  /** Called with each warning that the command line would print, such as a failure of DNS. */
  onWarning?: ((warning: string) => void) | undefined;
}

/** Options of `query`. */
export interface QueryOptions extends TargetOptions, AskOptions {}

/** Options of `queryWikis`. They correspond to the command-line options for `--wikis`. */
export interface WikisOptions extends TargetOptions, AskOptions {
  /** The wikis to exclude: an expression like that of the wikis, or an array of names. */
  except?: string | readonly string[] | undefined;
  /** The number of parallel connections to each section, from 1 to 16. Default: 1. */
  perSection?: number | undefined;
  /** Run the statements in read-only transactions. Default: true; `false` lets them write. */
  readOnly?: boolean | undefined;
  /**
   * Seconds that a server may take for a wiki, from the first statement to the last row. The time in
   * which your program holds the server back does not count. Default: 0, which means no limit.
   */
  wikiTimeout?: number | undefined;
  /** Seconds that each connection pauses after each wiki. Default: 0. */
  throttle?: number | undefined;
  /** How often a wiki is retried after a transient error, such as a lost connection. Default: 3. */
  retries?: number | undefined;
  /** End the run at the first failed wiki. Default: false. */
  failFast?: boolean | undefined;
  /**
   * Return the wikis in the order in which they are complete, not in the order of their names.
   * Default: false.
   */
  unordered?: boolean | undefined;
  /**
   * Allow that the wikis have different columns. Each row then has the columns of its own wiki. Only
   * for rows as objects. Default: false.
   */
  unionColumns?: boolean | undefined;
  /**
   * Do not throw WikisFailed after the last row if wikis have failed; `WikisQuery.outcomes` names them.
   * Default: false.
   */
  allowFailures?: boolean | undefined;
  /** Called with the outcome of each wiki as it ends, before its rows are returned. */
  onWiki?: ((outcome: WikiOutcome) => void) | undefined;
}
