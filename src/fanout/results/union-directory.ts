import { join } from 'node:path';
import { CompressedSink } from '../../output/compressed-sink.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { asFailure } from '../../session/named-file.js';
import type { Journal } from '../journal/journal.js';
import { type OutputLayout, wikiFileOf } from '../plan/output-layout.js';
import { RunWriter } from '../rows/run-writer.js';
import { CommitQueue } from './commit-queue.js';
import type { CopyRows, FileAssembler, StoredWiki } from './file-assembler.js';
import { removeParts } from './finished-files.js';
import { PartFile } from './part-file.js';
import { requireNoPartitionColumn } from './partition-column.js';
import type { MakeFileFormat } from './wiki-file.js';

/** A file for each wiki, all of them with the columns of all wikis. */
export class UnionDirectory implements FileAssembler {
  readonly directory: string;
  readonly #place: OutputLayout;
  readonly #make: MakeFileFormat;
  readonly #settling: CommitQueue;
  #given = false;

  /** `journal`: that of the rows that are kept. Throws the system's error. */
  constructor(place: OutputLayout, make: MakeFileFormat, journal: Journal) {
    this.directory = place.root;
    this.#place = place;
    this.#make = make;
    this.#settling = new CommitQueue(journal, place.root);
    removeParts(place);
  }

  accept(columns: readonly Column[]): void {
    if (this.#place.hive) requireNoPartitionColumn(columns);
  }

  async assemble(
    wikis: readonly StoredWiki[],
    columns: Column[] | undefined,
    copy: CopyRows,
  ): Promise<void> {
    const made: { part: string; path: string }[] = [];
    try {
      for (const wiki of wikis) {
        const file = wikiFileOf(this.#place, wiki.wiki);
        const path = join(this.#place.root, file);
        try {
          const part = await this.#write(file, wiki, columns ?? wiki.columns, copy);
          wiki.result.file = file;
          wiki.result.sha256 = part.sha256();
          made.push({ part: part.path, path });
        } catch (error) {
          throw asFailure(path, error);
        }
      }
    } catch (error) {
      this.discard();
      throw error;
    }
    this.#given = true;
    for (const file of made) this.#settling.add(file);
    await this.#settling.end();
  }

  discard(): void {
    if (this.#given) this.#settling.flushNow();
    else removeParts(this.#place);
  }

  async #write(
    file: string,
    wiki: StoredWiki,
    columns: Column[],
    copy: CopyRows,
  ): Promise<PartFile> {
    const { root, compression } = this.#place;
    const part = new PartFile(root, file);
    const sink = compression === undefined ? part : new CompressedSink(part, compression);
    try {
      const out = new OutputBuffer(sink);
      const writer = new RunWriter(this.#make(out, wiki.wiki), undefined);
      writer.begin(columns);
      writer.wiki(wiki.wiki, true, wiki.places);
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
