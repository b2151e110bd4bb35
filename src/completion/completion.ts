import type { SqlMode } from '../protocol/sql-mode.js';

/** The kind of a candidate, which is shown next to it. */
export type CandidateKind =
  | 'table'
  | 'view'
  | 'column'
  | 'variable'
  | 'alias'
  | 'database'
  | 'wiki'
  | 'keyword'
  | 'function'
  | 'command'
  | 'file'
  | 'query'
  | 'charset';

/** A text to insert at the cursor, quoted if necessary. */
export interface Candidate {
  text: string;
  kind: CandidateKind;
}

/** The candidates for the text from `start` to `end` (UTF-16 units), which they replace. */
export interface Completion {
  start: number;
  end: number;
  candidates: readonly Candidate[];
}

/** The names in a database. */
export interface SchemaTables {
  /** The tables, without the views. */
  readonly tables: readonly string[];
  readonly views?: readonly string[] | undefined;
  /** The columns of each table or view. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

/** The names that are currently known. The tables are those of the current database. */
export interface KnownNames extends SchemaTables {
  /** The current database. */
  database?: string | undefined;
  /** The databases of the server. */
  databases: readonly string[];
  /** The wikis of all servers. */
  wikis: readonly string[];
  /** The tables of other databases of the server, as far as they were needed. */
  otherSchemas?: ReadonlyMap<string, SchemaTables> | undefined;
  /** The names of the system variables, without `@@`. */
  systemVariables?: readonly string[] | undefined;
  /** The names of the user variables that this session has set, without `@`. */
  userVariables?: Iterable<string> | undefined;
  /** The names of the saved queries. */
  queries: readonly string[];
  /** The names of the formats of results. */
  formats?: readonly string[];
}

export interface CompletionOptions {
  delimiter: string;
  sqlMode: SqlMode;
}

/** Candidates of one kind that fit the position equally well. */
export interface CandidateGroup {
  kind: CandidateKind;
  texts: Iterable<string>;
  /** How well they fit the position; the lowest rank comes first. */
  rank: number;
  /**
   * Which texts match: `prefix` if they begin with the typed text, `part` if also when a part of
   * them does (`unixtime` in `from_unixtime`). By default every text that contains the typed text
   * matches.
   */
  match?: 'prefix' | 'part';
  /**
   * Whether the texts are unlikely at this position, so that they come after all likely matches.
   */
  isUnlikely?: boolean;
  /**
   * Whether to use the group only if no likely text, or part of one, begins with the typed text.
   */
  isLastResort?: boolean;
  /** Returns the text to insert, if it differs from the text to match. */
  format?: (text: string) => string;
}
