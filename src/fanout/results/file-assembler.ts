import type { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import type { RunWriter } from '../rows/run-writer.js';
import type { StoredRows } from './checkpoint.js';
import type { WikiResult } from './result-collector.js';

/** A wiki whose rows were kept. */
export interface StoredWiki {
  wiki: string;
  columns: Column[];
  rows: StoredRows;
  /** See `Union.places`; undefined where all wikis have the same columns. */
  places: readonly number[] | undefined;
  /** Gets the wiki's own file, where it has one. */
  result: WikiResult;
}

/** Hands a wiki's rows to a writer, with its first packet, which is none of them. */
export type CopyRows = (kept: StoredRows, writer: RunWriter, out: OutputBuffer) => Promise<void>;

/** Makes what --output asks for of rows that were kept until all wikis had ended. */
export interface FileAssembler {
  /** See `Gathering.directory`. */
  readonly directory: string | undefined;
  /** Throws a WikiFailure where a result with these columns has no place. */
  accept(columns: readonly Column[]): void;
  /**
   * Writes the rows of all wikis, which are in their order; `columns` are those of the run, undefined
   * where there are no wikis. Rejects with OutputError or Failure, and then nothing half is left.
   */
  assemble(
    wikis: readonly StoredWiki[],
    columns: Column[] | undefined,
    copy: CopyRows,
  ): Promise<void>;
  /** The run is given up: what is half is removed. Safe at any time. */
  discard(): void;
}
