import type { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import type { RunWriter } from '../rows/run-writer.js';
import type { Gathered } from './gathering.js';
import type { Kept } from './kept-rows.js';

/** A wiki whose rows were kept. */
export interface KeptWiki {
  wiki: string;
  columns: Column[];
  kept: Kept;
  /** See `Union.places`; undefined where all wikis have the same columns. */
  places: readonly number[] | undefined;
  /** Gets the wiki's own file, where it has one. */
  gathered: Gathered;
}

/** Hands a wiki's rows to a writer, with its first packet, which is none of them. */
export type CopyRows = (kept: Kept, writer: RunWriter, out: OutputBuffer) => Promise<void>;

/** Makes what --output asks for of rows that were kept until all wikis had ended. */
export interface Assembly {
  /** See `Gathering.folder`. */
  readonly folder: string | undefined;
  /** Throws a WikiFailure where a result with these columns has no place. */
  accept(columns: readonly Column[]): void;
  /**
   * Writes the rows of all wikis, which are in their order; `columns` are those of the run, undefined
   * where there are no wikis. Rejects with OutputError or Failure, and then nothing half is left.
   */
  assemble(
    wikis: readonly KeptWiki[],
    columns: Column[] | undefined,
    copy: CopyRows,
  ): Promise<void>;
  /** The run is given up: what is half is removed. Safe at any time. */
  discard(): void;
}
