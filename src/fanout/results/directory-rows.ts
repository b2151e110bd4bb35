import { join } from 'node:path';
import type { Column } from '../../protocol/column.js';
import type { RowsTaken, TakeRows } from '../../protocol/packets.js';
import { asFailure } from '../../session/named-file.js';
import type { Journal } from '../journal/journal.js';
import { columnsToJson } from '../journal/journal-columns.js';
import { WikiFailure } from '../outcome.js';
import { type OutputLayout, wikiFileOf } from '../plan/output-layout.js';
import type { RunColumns } from '../rows/run-columns.js';
import type { CommitQueue } from './commit-queue.js';
import { requireNoPartitionColumn } from './partition-column.js';
import type { ResumedWiki, WikiResult, WikiRows } from './result-collector.js';
import { type MakeFileFormat, WikiFile } from './wiki-file.js';

/** What the rows of all wikis share. */
export interface DirectoryParts {
  layout: OutputLayout;
  make: MakeFileFormat;
  journal: Journal;
  finished: Map<string, ResumedWiki>;
  columns: RunColumns;
  /** The directory was made by this run. */
  isNew: boolean;
}

/** The rows of one attempt at a wiki, which go into its file as they come. */
export class DirectoryRows implements WikiRows {
  readonly #wiki: string;
  readonly #parts: DirectoryParts;
  readonly #commits: CommitQueue;
  readonly #ended: (wikiResult: boolean) => void;
  #file: WikiFile | undefined;
  #columns: unknown;
  #state: 'open' | 'dropped' | 'done' = 'open';

  /** `ended` is told, once, whether the wiki is done or the attempt was dropped. */
  constructor(
    wiki: string,
    parts: DirectoryParts,
    commits: CommitQueue,
    ended: (wikiResult: boolean) => void,
  ) {
    this.#wiki = wiki;
    this.#parts = parts;
    this.#commits = commits;
    this.#ended = ended;
  }

  begin(columns: Column[]): void {
    if (this.#state !== 'open') return;
    if (this.#file !== undefined) {
      throw new WikiFailure('it gives a second result, and there is room for one of each wiki');
    }
    const { layout: place, make, columns: others } = this.#parts;
    if (place.hive) requireNoPartitionColumn(columns);
    others.check(this.#wiki, columns);
    this.#naming(() => {
      const file = this.#path();
      this.#file = new WikiFile(place.root, file, place.compression, (out) =>
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

  pressure(): Promise<void> | undefined {
    return this.#file?.pressure()?.catch((error) => {
      throw this.#named(error);
    });
  }

  async done(): Promise<WikiResult> {
    const file = this.#file;
    try {
      await file?.finish();
    } catch (error) {
      throw this.#named(error);
    }
    if (this.#state !== 'open') throw new WikiFailure('the run was ended');
    this.#commits.check();
    const wikiResult = {
      rows: file?.rows ?? 0,
      bytes: file?.bytes ?? 0,
      file: file && this.#path(),
      sha256: file?.part.sha256(),
    };
    const { journal, layout: place } = this.#parts;
    journal.add({
      ...{ wiki: this.#wiki, outcome: 'ok', rows: wikiResult.rows, bytes: wikiResult.bytes },
      ...(wikiResult.file !== undefined && { file: wikiResult.file }),
      ...(file !== undefined && { size: file.part.size, columns: this.#columns }),
      ...(wikiResult.sha256 !== undefined && { sha256: wikiResult.sha256 }),
    });
    this.#state = 'done';
    if (file !== undefined) {
      this.#commits.add({ part: file.part.path, path: join(place.root, this.#path()) });
    }
    this.#ended(true);
    return wikiResult;
  }

  drop(): void {
    if (this.#state !== 'open') return;
    this.#state = 'dropped';
    this.#file?.discard();
    this.#file = undefined;
    this.#ended(false);
  }

  #path(): string {
    return wikiFileOf(this.#parts.layout, this.#wiki);
  }

  #naming(act: () => void): void {
    try {
      act();
    } catch (error) {
      throw this.#named(error);
    }
  }

  #named(error: unknown): unknown {
    return asFailure(join(this.#parts.layout.root, this.#path()), error);
  }
}
