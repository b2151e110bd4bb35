import { removeAbandonedFiles } from '../../files/atomic-file.js';
import type { FileOutput } from '../../output/file-output.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { openNamedFile, withPath } from '../../session/named-file.js';
import type { RunWriter } from '../rows/run-writer.js';
import type { CopyRows, FileAssembler, StoredWiki } from './file-assembler.js';

/** Assembles one file from the rows of all wikis. */
export class SingleFile implements FileAssembler {
  readonly directory = undefined;
  // The file is replaced as a whole.
  readonly waitsForAll = false;
  readonly #path: string;
  readonly #make: (out: OutputBuffer) => RunWriter;
  /** The file while it is being written. */
  #file: FileOutput | undefined;

  constructor(path: string, make: (out: OutputBuffer) => RunWriter) {
    this.#path = path;
    this.#make = make;
  }

  accept(): void {}

  assemble(
    wikis: readonly StoredWiki[],
    columns: Column[] | undefined,
    copy: CopyRows,
  ): Promise<void> {
    return withPath(this.#path, () => this.#write(wikis, columns, copy));
  }

  finish(): void {}

  discard(): void {
    this.#file?.discard();
  }

  close(): void {}

  async #write(wikis: readonly StoredWiki[], columns: Column[] | undefined, copy: CopyRows) {
    // An earlier run may have been killed while it wrote the file.
    removeAbandonedFiles(this.#path);
    const file = openNamedFile(this.#path);
    this.#file = file;
    try {
      const out = new OutputBuffer(file);
      const writer = this.#make(out);
      if (columns !== undefined) writer.begin(columns);
      for (const { wiki, rows: storedRows, columnIndexes: places } of wikis) {
        writer.beginWiki(wiki, true, places);
        await copy(storedRows, writer, out);
      }
      writer.end();
      await out.flush();
      await file.finish();
    } catch (error) {
      file.discard();
      throw error;
    } finally {
      this.#file = undefined;
    }
  }
}
