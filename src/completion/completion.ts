import type { SqlMode } from '../protocol/sql-mode.js';

/** What a candidate is; shown beside it. */
export type CandidateKind =
  | 'table'
  | 'view'
  | 'column'
  | 'alias'
  | 'database'
  | 'wiki'
  | 'keyword'
  | 'function'
  | 'command'
  | 'file'
  | 'query'
  | 'charset';

/** One text that could stand at the cursor, as it is put in: quoted where it must be. */
export interface Candidate {
  text: string;
  kind: CandidateKind;
}

/** What fits: any of `candidates` in place of the text from `start` to `end` (UTF-16 units). */
export interface Completion {
  start: number;
  end: number;
  candidates: readonly Candidate[];
}

/** The names that are known at the moment. */
export interface Names {
  /** The current one. */
  database?: string | undefined;
  /** Those of the server. */
  databases: readonly string[];
  /** Those of all servers. */
  wikis: readonly string[];
  /** Those of the current database, without its views. */
  tables: readonly string[];
  views?: readonly string[] | undefined;
  /** By table or view of the current database. */
  columns: ReadonlyMap<string, readonly string[]>;
  /** The saved queries. */
  queries: readonly string[];
}

export interface CompletionOptions {
  delimiter: string;
  sqlMode: SqlMode;
}

/** Texts of one kind that fit equally well. */
export interface Offer {
  kind: CandidateKind;
  texts: Iterable<string>;
  /** How well they fit: the lowest come first. */
  rank: number;
  /**
   * Only what begins as typed, or has a part that does (`time` in `from_unixtime`); if not given,
   * whatever has what is typed in it.
   */
  only?: 'prefix' | 'part';
  /** Hardly fits the place: comes behind what fits it and has a part that begins as typed. */
  unlikely?: boolean;
  /** Counts only if nothing else begins as typed, or has a part that does. */
  lastResort?: boolean;
  /** How a text is put in, if not as it is. */
  form?: (text: string) => string;
}
