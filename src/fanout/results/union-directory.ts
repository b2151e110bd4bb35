import { join } from 'node:path';
import { CompressedSink } from '../../output/compressed-sink.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { toFileFailure } from '../../session/named-file.js';
import type { Journal, JournalEntry } from '../journal/journal.js';
import { type OutputLayout, wikiFileOf } from '../plan/output-layout.js';
import { RunWriter } from '../rows/run-writer.js';
import { CommitQueue } from './commit-queue.js';
import type { CopyRows, FileAssembler, StoredWiki, WikiEnding } from './file-assembler.js';
import { finishDirectory, removeIfEmpty, removePartFiles } from './finished-files.js';
import { PartFile } from './part-file.js';
import { requireNoPartitionColumn } from './partition-column.js';
import type { MakeFileFormat } from './wiki-file.js';

/** Assembles a file for each wiki, each with the columns of all wikis. */
export class UnionDirectory implements FileAssembler {
  readonly directory: string;
  readonly #layout: OutputLayout;
  readonly #make: MakeFileFormat;
  /** The files of an earlier run must not be mixed with those of this one. */
  readonly waitsForAll: boolean;
  readonly #journal: Journal;
  readonly #isNew: boolean;
  readonly #commits: CommitQueue;
  readonly #written: JournalEntry[] = [];
  #isHandedOver = false;

  /**
   * `journal`: the journal of the directory; `isNew`: this run created the directory. Throws the
   * system's error.
   */
  constructor(layout: OutputLayout, make: MakeFileFormat, journal: Journal, isNew: boolean) {
    this.directory = layout.root;
    this.waitsForAll = journal.replaces.length > 0;
    this.#layout = layout;
    this.#make = make;
    this.#journal = journal;
    this.#isNew = isNew;
    this.#commits = new CommitQueue(journal, layout.root, this.waitsForAll);
    removePartFiles(layout, new Set());
  }

  accept(columns: readonly Column[]): void {
    if (this.#layout.isHiveLayout) requireNoPartitionColumn(columns);
  }

  async assemble(
    wikis: readonly StoredWiki[],
    columns: Column[] | undefined,
    copy: CopyRows,
  ): Promise<void> {
    const partFiles: { part: string; path: string }[] = [];
    try {
      for (const wiki of wikis) {
        const file = wikiFileOf(this.#layout, wiki.wiki);
        const path = join(this.#layout.root, file);
        try {
          const part = await this.#write(file, wiki, columns ?? wiki.columns, copy);
          const sha256 = part.sha256();
          Object.assign(wiki.result, { file, sha256 });
          const { rows, bytes } = wiki.result;
          const { size } = part;
          this.#written.push({ wiki: wiki.wiki, outcome: 'ok', rows, bytes, file, size, sha256 });
          partFiles.push({ part: part.path, path });
        } catch (error) {
          throw toFileFailure(path, error);
        }
      }
    } catch (error) {
      this.discard();
      throw error;
    }
    this.#isHandedOver = true;
    for (const file of partFiles) this.#commits.add(file);
    await this.#commits.finish();
  }

  finish(endings: ReadonlyMap<string, WikiEnding>): void {
    for (const entry of this.#written) this.#journal.add(entry);
    for (const [wiki, ending] of endings) {
      this.#journal.add({ wiki, ...ending, rows: 0, bytes: 0 });
    }
    finishDirectory(this.#layout, this.#journal);
  }

  close(isResumable: boolean): void {
    this.#journal.closeOrRemove(isResumable);
    if (this.#isNew) removeIfEmpty(this.#layout.root);
  }

  discard(): void {
    if (this.#isHandedOver) this.#commits.flushNow();
    else removePartFiles(this.#layout, new Set());
  }

  async #write(
    file: string,
    wiki: StoredWiki,
    columns: Column[],
    copy: CopyRows,
  ): Promise<PartFile> {
    const { root, compression } = this.#layout;
    const part = new PartFile(root, file);
    const sink = compression === undefined ? part : new CompressedSink(part, compression);
    try {
      const out = new OutputBuffer(sink);
      const writer = new RunWriter(this.#make(out, wiki.wiki), undefined);
      writer.begin(columns);
      writer.beginWiki(wiki.wiki, true, wiki.columnIndexes);
      await copy(wiki.rows, writer, out);
      writer.end();
      await out.flush();
      await sink.finish();
      return part;
    } catch (error) {
      sink.discard();
      throw error;
    }
  }
}
