import type { Column } from '../../protocol/column.js';
import type { TakeRows } from '../../protocol/packets.js';

/** The result of a wiki, as a journal and provenance record it. */
export interface WikiResult {
  rows: number;
  /** Bytes of the rows as the server sent them. */
  bytes: number;
  /**
   * The wiki's own file, relative to `ResultCollector.directory`; undefined if all wikis share one
   * output.
   */
  file: string | undefined;
  /** SHA-256 of that file in hexadecimal. */
  sha256: string | undefined;
}

/**
 * Receives the rows of one attempt at one wiki. They are not visible in the output before `complete`. A
 * failed attempt is dropped and leaves nothing, so that it can be retried.
 */
export interface WikiRows {
  /**
   * Starts the result set. Throws WikiFailure if its columns do not match those of the other wikis, or
   * if it is the second result set of this wiki.
   */
  begin(columns: Column[]): void;
  /**
   * Receives one row of the text protocol, undecoded: `bytes[start … end)`. The bytes are valid only
   * during the call.
   */
  row(bytes: Uint8Array, start: number, end: number): void;
  /** Receives many rows at once; the caller passes those that it leaves to `row`. */
  readonly takeRows: TakeRows;
  /**
   * Returns a promise while this wiki's server must be held back; it resolves when the server may send
   * more. Rejects with OutputError.
   */
  backPressure(): Promise<void> | undefined;
  /**
   * Completes the wiki, after all its statements have succeeded. When the promise resolves, its rows
   * are written, or stored so that they will be. Rejects with WikiFailure, OutputError or Failure.
   */
  complete(): Promise<WikiResult>;
  /** Discards the rows of a failed attempt. Can be called at any time, also after `complete` failed. */
  drop(): void;
}

/** Collects the results of a run: into a stream, into one file, or into a file for each wiki. */
export interface ResultCollector {
  /** The directory of `WikiResult.file`; undefined if all wikis share one output. */
  readonly directory: string | undefined;
  /** The wikis that an earlier run finished, with their results; they are not queried again. */
  readonly alreadyDone: ReadonlyMap<string, ResumedWiki>;
  /** Starts an attempt at a wiki. The caller has dropped the previous attempt, if there was one. */
  begin(wiki: string): WikiRows;
  /**
   * Records that the wiki has finally failed or was skipped, so that later wikis are no longer held
   * back.
   */
  markWithoutResult(wiki: string, outcome: 'skipped' | 'failed', error: LastError): void;
  /**
   * Writes the remaining rows and gives files their final names, after each wiki has ended with
   * `WikiRows.complete` or `markWithoutResult`. Rejects with OutputError or Failure.
   */
  finish(): Promise<void>;
  /**
   * Ends the run early: after a signal, an error, or a failure with --fail-fast. Keeps the complete
   * wikis if --resume can continue from them, and leaves no partial file under a final name. Can be
   * called at any time.
   */
  abandon(): void;
  /** Whether --resume can continue this run after it was abandoned or has partly failed. */
  readonly isResumable: boolean;
  /** Set if an earlier run of the same command is finished, so that there is nothing to do. */
  readonly finishedRun?: FinishedRun | undefined;
}

/** The last error of a wiki that has no result. */
export interface LastError {
  errno: number;
  /** Trying again cannot cure it. */
  isFinal: boolean;
}

/** An earlier run that is finished. */
export interface FinishedRun {
  /** undefined if its journal does not tell it. */
  began: Date | undefined;
  /** The number of wikis that failed for good. */
  failed: number;
}

/** A wiki that an earlier run finished. */
export interface ResumedWiki extends WikiResult {
  outcome: 'ok' | 'skipped';
}
