import { Failure } from '../../failure.js';
import { CompressedSink, type Compression } from '../../output/compressed-sink.js';
import type { FileOutput } from '../../output/file-output.js';
import type { RunFormat } from '../../output/format.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { bytesOfRows, type RowsTaken } from '../../protocol/packets.js';
import { WikiFailure } from '../outcome.js';
import { PartFile } from './part-file.js';

/** Makes the format of a wiki's file. */
export type MakeFileFormat = (out: OutputBuffer, wiki: string) => RunFormat;

/** One wiki's file in the making: its rows go straight into the format, and on. */
export class WikiFile {
  rows = 0;
  /** Of the rows as the server sent them. */
  bytes = 0;
  readonly part: PartFile;
  readonly #sink: FileOutput | PartFile;
  readonly #out: OutputBuffer;
  readonly #format: RunFormat;

  /** `file`: its path, relative to `root`. Throws OutputError where it cannot be made. */
  constructor(
    root: string,
    file: string,
    compression: Compression | undefined,
    make: (out: OutputBuffer) => RunFormat,
  ) {
    const part = new PartFile(root, file);
    this.part = part;
    this.#sink = compression === undefined ? part : new CompressedSink(part, compression);
    this.#out = new OutputBuffer(this.#sink);
    this.#format = make(this.#out);
  }

  /** Throws WikiFailure where the format cannot hold the columns. */
  begin(columns: Column[]): void {
    ofThisWiki(() => this.#format.begin(columns));
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.rows++;
    this.bytes += end - start;
    ofThisWiki(() => this.#format.row(bytes, start, end));
  }

  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): RowsTaken | undefined {
    const taken = ofThisWiki(() => this.#format.takeRows(bytes, start, end, longest));
    if (taken === undefined) return undefined;
    this.rows += taken.rows;
    this.bytes += bytesOfRows(start, taken);
    return taken;
  }

  pressure(): Promise<void> | undefined {
    return this.#out.pressure();
  }

  /** All rows have come. Rejects with OutputError or WikiFailure. */
  async finish(): Promise<void> {
    ofThisWiki(() => {
      this.#format.end(true);
      this.#format.finish?.();
    });
    await this.#out.flush();
    await this.#sink.finish();
  }

  /** Nothing is left of it. */
  discard(): void {
    this.#sink.discard();
  }
}

/** What a format cannot hold are the rows of this wiki; the others may go on. */
function ofThisWiki<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Failure ? new WikiFailure(error.message) : error;
  }
}
