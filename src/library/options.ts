import type { Column, WikiOutcome } from './row.js';

/** Where a wiki is looked for. What is not given is as on the command line, environment included. */
export interface SectionOptions {
  /**
   * A checkout of mediawiki-config; else the environment variable ANALYTICS_MYSQL_MW_CONFIG_PATH,
   * else `/srv/mediawiki-config`.
   */
  mwConfigPath?: string | undefined;
  /** Ask x1, which has tables of extensions for every wiki. */
  useX1?: boolean | undefined;
}

/** Where to connect. What is not given is as on the command line, environment included. */
export interface TargetOptions extends SectionOptions {
  /** `s1` … `s8`, `x1` or `staging`: the dblists are not asked. */
  section?: string | undefined;
  /**
   * The name servers, `ADDR` or `ADDR:PORT`; else those of the environment variable
   * ANALYTICS_MYSQL_NAMESERVER, else the system's.
   */
  nameservers?: readonly string[] | undefined;
  /** Of the SRV records; else `eqiad.wmnet`. */
  domain?: string | undefined;
  /** Connect to this host: neither dblists nor DNS are asked for one. */
  host?: string | undefined;
  /** In place of the port that was found; with `host` alone 3306. */
  port?: number | undefined;
  /** Connect to this socket file. */
  socket?: string | undefined;
}

/**
 * Who logs in, and how. Without `user` it is as on the command line: the client's option files,
 * else the first file of an access group that may be read.
 */
export interface LoginOptions {
  user?: string | undefined;
  password?: string | undefined;
  /** The file of an access group by name, such as `analytics-research-client`, or a path. */
  credentials?: string | undefined;
  /** Read this option file alone. */
  defaultsFile?: string | undefined;
  /** Read this option file too, after the system's. */
  defaultsExtraFile?: string | undefined;
  /** Read the groups `[client<suffix>]` too. */
  defaultsGroupSuffix?: string | undefined;
  /** Read no option files. */
  noDefaults?: boolean | undefined;
  /** Seconds that connecting may take; else as the option files say, else as long as the system lets it. */
  connectTimeout?: number | undefined;
  /** Compress what goes over the connection. */
  compress?: boolean | undefined;
  /** Statements to run right after connecting. */
  initCommands?: readonly string[] | undefined;
  /** `false`: no TLS. Else it is used where the server offers it. */
  tls?: false | TlsOptions | undefined;
}

/** TLS; all but `verifyServerCert` are paths. */
export interface TlsOptions {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  /** The certificate must be good, and of this host. */
  verifyServerCert?: boolean | undefined;
}

/** What the values of rows are in JavaScript; see `Value`. */
export interface ValueOptions {
  /**
   * What binary columns (BINARY, VARBINARY, BLOB) become. MediaWiki keeps its texts in them, as
   * UTF-8. `'utf8'` (default): strings; a value that is no UTF-8 ends the query with a Failure
   * `not-utf8` that names the column. `'bytes'`: a Uint8Array each. Or a function that says it of
   * each column.
   */
  binary?: 'utf8' | 'bytes' | ((column: Column) => 'utf8' | 'bytes') | undefined;
  /**
   * What BIGINT columns become, `count(*)` among them. `'bigint'` (default). `'number'`: one that is
   * too large for a number to hold exactly ends the query with a Failure `unsafe-number`.
   * `'string'`: the digits.
   */
  bigint?: 'bigint' | 'number' | 'string' | undefined;
}

/** An AbortSignal, or what is used of it. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A row is an object by the columns' names; two columns of one name are a Failure `same-names`. */
export interface AsObjects {
  rows?: 'object' | undefined;
}

/** A row is an array in the columns' order. */
export interface AsArrays {
  rows: 'array';
}

/** What `query` and `queryWikis` both take. */
export interface AskOptions extends LoginOptions, ValueOptions {
  /** Ends what runs, on the server too; the rows end with the signal's reason, thrown. */
  signal?: AbortSignalLike | undefined;
  /** Told what the command line would print as a warning, such as why DNS was not of use. */
  onWarning?: ((warning: string) => void) | undefined;
}

/** What `query` takes. */
export interface QueryOptions extends TargetOptions, AskOptions {}

/** What `queryWikis` takes: the options of the command line beside `--wikis`, called alike. */
export interface WikisOptions extends TargetOptions, AskOptions {
  /** Wikis to leave out: an expression as that of the wikis, or names. */
  except?: string | readonly string[] | undefined;
  /** Connections to each section at a time; 1. */
  perSection?: number | undefined;
  /** `false`: the statements may write. */
  readOnly?: boolean | undefined;
  /** Seconds after which the server ends a statement; 3600. 0: as the server has it. */
  maxStatementTime?: number | undefined;
  /** Seconds that each connection rests behind each wiki; 0. */
  throttle?: number | undefined;
  /** How often a transient fault, such as a lost connection, is tried again; 3. */
  retries?: number | undefined;
  /** The first failure ends the run. */
  failFast?: boolean | undefined;
  /** Wikis come as they are done, not in the order of their names. */
  unordered?: boolean | undefined;
  /** Wikis may have other columns than the first, with rows as objects. */
  unionColumns?: boolean | undefined;
  /** The rows end as if all was well where wikis have failed: `outcomes` says which. */
  allowFailures?: boolean | undefined;
  /** Told of each wiki as it ends; its rows come later. */
  onWiki?: ((outcome: WikiOutcome) => void) | undefined;
}
