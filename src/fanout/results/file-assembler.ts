import type { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import type { JournalEntry } from '../journal/journal.js';
import type { RunWriter } from '../rows/run-writer.js';
import type { StoredRows } from './checkpoint.js';
import type { WikiResult } from './result-collector.js';

/** A wiki whose rows are stored in the checkpoint. */
export interface StoredWiki {
  wiki: string;
  columns: Column[];
  rows: StoredRows;
  /** See `ColumnUnion.columnIndexes`; undefined if all wikis have the same columns. */
  columnIndexes: readonly number[] | undefined;
  /** The assembler sets `file` and `sha256` if the wiki gets its own file. */
  result: WikiResult;
}

/** How a wiki ended for which there are no rows to write. */
export type WikiEnding = Pick<JournalEntry, 'outcome' | 'errno' | 'final'>;

/** Copies a wiki's stored packets to a writer: its columns first, then its rows. */
export type CopyRows = (
  storedRows: StoredRows,
  writer: RunWriter,
  out: OutputBuffer,
) => Promise<void>;

/**
 * Creates the output of a run from the stored rows, after all wikis have ended. SingleFile creates one
 * file for all wikis, UnionDirectory one file for each wiki.
 */
export interface FileAssembler {
  /** See `ResultCollector.directory`. */
  readonly directory: string | undefined;
  /** Whether the output may be created only when all wikis have ended for good. */
  readonly waitsForAll: boolean;
  /** Throws WikiFailure if the output cannot hold a result set with these columns. */
  accept(columns: readonly Column[]): void;
  /**
   * Writes the rows of all wikis in the given order. `columns` are those of the run; undefined if there
   * are no wikis. Rejects with OutputError or Failure, and then leaves no partial file.
   */
  assemble(
    wikis: readonly StoredWiki[],
    columns: Column[] | undefined,
    copy: CopyRows,
  ): Promise<void>;
  /** Records that the run is finished, after `assemble`. Throws Failure. */
  finish(endings: ReadonlyMap<string, WikiEnding>): void;
  /** Removes partial files, when the run is aborted. Can be called at any time. */
  discard(): void;
  /**
   * Releases what the assembler holds. May be called again. `isResumable`: --resume can continue the
   * run.
   */
  close(isResumable: boolean): void;
}
