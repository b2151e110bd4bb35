import { removeLeftBeside } from '../../files/atomic-file.js';
import type { FileOutput } from '../../output/file-output.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { naming, openNamedFile } from '../../session/named-file.js';
import type { RunWriter } from '../rows/run-writer.js';
import type { Assembly, CopyRows, KeptWiki } from './assembly.js';

/** One file of the rows of all wikis. */
export class OneFile implements Assembly {
  readonly folder = undefined;
  readonly #path: string;
  readonly #make: (out: OutputBuffer) => RunWriter;
  readonly #resumed: boolean;
  /** While it is being made. */
  #file: FileOutput | undefined;

  /** `resumed`: an earlier run may have been killed while it made the file. */
  constructor(path: string, make: (out: OutputBuffer) => RunWriter, resumed: boolean) {
    this.#path = path;
    this.#make = make;
    this.#resumed = resumed;
  }

  accept(): void {}

  assemble(
    wikis: readonly KeptWiki[],
    columns: Column[] | undefined,
    copy: CopyRows,
  ): Promise<void> {
    return naming(this.#path, () => this.#write(wikis, columns, copy));
  }

  discard(): void {
    this.#file?.discard();
  }

  async #write(wikis: readonly KeptWiki[], columns: Column[] | undefined, copy: CopyRows) {
    if (this.#resumed) removeLeftBeside(this.#path);
    const file = openNamedFile(this.#path);
    this.#file = file;
    try {
      const out = new OutputBuffer(file);
      const writer = this.#make(out);
      if (columns !== undefined) writer.begin(columns);
      for (const { wiki, kept, places } of wikis) {
        writer.wiki(wiki, true, places);
        await copy(kept, writer, out);
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
