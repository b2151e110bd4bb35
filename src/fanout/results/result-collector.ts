import type { Column } from '../../protocol/column.js';
import type { TakeRows } from '../../protocol/packets.js';

/** What came of a wiki's rows: what a journal and provenance say. */
export interface WikiResult {
  rows: number;
  /** Bytes of the rows as the server sent them. */
  bytes: number;
  /** The wiki's own file, relative to the directory of the run; undefined where all share one output. */
  file: string | undefined;
  /** SHA-256 of that file in hexadecimal. */
  sha256: string | undefined;
}

/**
 * Takes the rows of one attempt at one wiki. Nothing of it is seen by anyone until `done`; an
 * attempt that fails is dropped and leaves nothing behind, so that it can be made again.
 */
export interface WikiRows {
  /**
   * The result set begins. Throws a WikiFailure where it cannot stand beside those of the other
   * wikis, or is the second of this wiki.
   */
  begin(columns: Column[]): void;
  /** One row of the text protocol, undecoded: `bytes[start … end)`, lent until it returns. */
  row(bytes: Uint8Array, start: number, end: number): void;
  /** Rows by the chunk; what it leaves comes by `row`. */
  readonly takeRows: TakeRows;
  /** A promise holds this wiki's server back. Rejects with OutputError. */
  pressure(): Promise<void> | undefined;
  /**
   * All statements of the wiki have ended well. When it settles the wiki counts as done: it is
   * written, or kept so that it will be. Rejects with WikiFailure, OutputError or Failure.
   */
  done(): Promise<WikiResult>;
  /** The attempt failed: forget what it gave. Safe at any time, also after `done` has failed. */
  drop(): void;
}

/** Where the results of a run go: a stream in order, one file, or a file for each wiki. */
export interface ResultCollector {
  /** What `Gathered.file` is relative to; undefined: all wikis share one output. */
  readonly directory: string | undefined;
  /** Wikis that an earlier run has finished, with what came of them; they are not asked again. */
  readonly alreadyDone: ReadonlyMap<string, ResumedWiki>;
  /** The wiki's attempt begins; the one before it, if any, was dropped. */
  begin(wiki: string): WikiRows;
  /** The wiki will have no rows, for good: those behind it need not wait for it. */
  markWithoutResult(wiki: string, outcome: 'skipped' | 'failed', errno: number): void;
  /**
   * Every wiki was ended, by `done` or `without`: writes what is left; files get their names.
   * Rejects with OutputError or Failure.
   */
  finish(): Promise<void>;
  /**
   * The run ends before its end (a signal, --fail-fast, an error). What is finished is kept where
   * --resume can go on from it; nothing stands half under a final name. Safe at any time.
   */
  abandon(): void;
  /** Whether --resume can go on from what an abandoned or partly failed run has left. */
  readonly resumable: boolean;
}

export interface ResumedWiki extends WikiResult {
  outcome: 'ok' | 'skipped';
}
