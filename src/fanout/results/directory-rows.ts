import { join } from 'node:path';
import type { Column } from '../../protocol/column.js';
import type { RowsTaken, TakeRows } from '../../protocol/packets.js';
import { toFileFailure } from '../../session/named-file.js';
import type { Journal } from '../journal/journal.js';
import { columnsToJson } from '../journal/journal-columns.js';
import { createSecondResultFailure, WikiFailure } from '../outcome.js';
import { type OutputLayout, wikiFileOf } from '../plan/output-layout.js';
import type { ColumnChecker } from '../rows/column-checker.js';
import type { CommitQueue } from './commit-queue.js';
import { requireNoPartitionColumn } from './partition-column.js';
import type { WikiResult, WikiRows } from './result-collector.js';
import { type MakeFileFormat, WikiFile } from './wiki-file.js';

/** What a DirectoryCollector shares with the rows of all wikis. */
export interface DirectoryContext {
  layout: OutputLayout;
  make: MakeFileFormat;
  journal: Journal;
  columns: ColumnChecker;
  /** Whether this run created the directory. */
  isNew: boolean;
}

/** Writes the rows of one attempt at a wiki into the wiki's file as they arrive. */
export class DirectoryRows implements WikiRows {
  readonly #wiki: string;
  readonly #context: DirectoryContext;
  readonly #commits: CommitQueue;
  readonly #onEnd: () => void;
  #file: WikiFile | undefined;
  #columns: unknown;
  #state: 'open' | 'dropped' | 'done' = 'open';

  /** Calls `onEnd` once, when the wiki is complete or the attempt is dropped. */
  constructor(wiki: string, context: DirectoryContext, commits: CommitQueue, onEnd: () => void) {
    this.#wiki = wiki;
    this.#context = context;
    this.#commits = commits;
    this.#onEnd = onEnd;
  }

  begin(columns: Column[]): void {
    if (this.#state !== 'open') return;
    if (this.#file !== undefined) {
      throw createSecondResultFailure();
    }
    const { layout, make, columns: runColumns } = this.#context;
    if (layout.isHiveLayout) requireNoPartitionColumn(columns);
    runColumns.check(this.#wiki, columns);
    this.#withPathInErrors(() => {
      const file = this.#relativePath();
      this.#file = new WikiFile(layout.root, file, layout.compression, (out) =>
        make(out, this.#wiki),
      );
      this.#file.begin(columns);
    });
    this.#columns = columnsToJson(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#file?.row(bytes, start, end);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.#file?.takeRows(...chunk);
  }

  backPressure(): Promise<void> | undefined {
    return this.#file?.backPressure()?.catch((error) => {
      throw this.#toFailure(error);
    });
  }

  async complete(): Promise<WikiResult> {
    const file = this.#file;
    try {
      await file?.finish();
    } catch (error) {
      throw this.#toFailure(error);
    }
    if (this.#state !== 'open') throw new WikiFailure('the run was aborted');
    this.#commits.throwIfFailed();
    const wikiResult = {
      rows: file?.rows ?? 0,
      bytes: file?.bytes ?? 0,
      file: file && this.#relativePath(),
      sha256: file?.part.sha256(),
    };
    const { journal, layout } = this.#context;
    journal.add({
      ...{ wiki: this.#wiki, outcome: 'ok', rows: wikiResult.rows, bytes: wikiResult.bytes },
      ...(wikiResult.file !== undefined && { file: wikiResult.file }),
      ...(file !== undefined && { size: file.part.size, columns: this.#columns }),
      ...(wikiResult.sha256 !== undefined && { sha256: wikiResult.sha256 }),
    });
    this.#state = 'done';
    if (file !== undefined) {
      this.#commits.add({ part: file.part.path, path: join(layout.root, this.#relativePath()) });
    }
    this.#onEnd();
    return wikiResult;
  }

  drop(): void {
    if (this.#state !== 'open') return;
    this.#state = 'dropped';
    this.#file?.discard();
    this.#file = undefined;
    this.#onEnd();
  }

  #relativePath(): string {
    return wikiFileOf(this.#context.layout, this.#wiki);
  }

  #withPathInErrors(act: () => void): void {
    try {
      act();
    } catch (error) {
      throw this.#toFailure(error);
    }
  }

  #toFailure(error: unknown): unknown {
    return toFileFailure(join(this.#context.layout.root, this.#relativePath()), error);
  }
}
