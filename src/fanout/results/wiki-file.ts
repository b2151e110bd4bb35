import { Failure } from '../../failure.js';
import { CompressedSink, type Compression } from '../../output/compressed-sink.js';
import type { FileOutput } from '../../output/file-output.js';
import type { RunFormat } from '../../output/format.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { countRowBytes, type RowsTaken, type TakeRows } from '../../protocol/packets.js';
import { WikiFailure } from '../outcome.js';
import { PartFile } from './part-file.js';

/** Creates the format of a wiki's file. */
export type MakeFileFormat = (out: OutputBuffer, wiki: string) => RunFormat;

/** Formats one wiki's rows into a part file, compressed if required. */
export class WikiFile {
  rows = 0;
  /** Bytes of the rows as the server sent them. */
  bytes = 0;
  readonly part: PartFile;
  readonly #sink: FileOutput | PartFile;
  readonly #out: OutputBuffer;
  readonly #format: RunFormat;

  /** `file`: its final path, relative to `root`. Throws OutputError if it cannot be created. */
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

  /** Throws WikiFailure if the format cannot represent the columns. */
  begin(columns: Column[]): void {
    withWikiFailure(() => this.#format.begin(columns));
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.rows++;
    this.bytes += end - start;
    withWikiFailure(() => this.#format.row(bytes, start, end));
  }

  takeRows(...batch: Parameters<TakeRows>): RowsTaken | undefined {
    const taken = withWikiFailure(() => this.#format.takeRows(...batch));
    if (taken === undefined) return undefined;
    this.rows += taken.rows;
    this.bytes += countRowBytes(batch[1], taken);
    return taken;
  }

  backPressure(): Promise<void> | undefined {
    return this.#out.backPressure();
  }

  /** Completes the file, after its last row. Rejects with OutputError or WikiFailure. */
  async finish(): Promise<void> {
    withWikiFailure(() => {
      this.#format.end(true);
      this.#format.finish?.();
    });
    await this.#out.flush();
    await this.#sink.finish();
  }

  /** Closes and removes the part file. */
  discard(): void {
    this.#sink.discard();
  }
}

/**
 * Runs `act` and converts a Failure of the format into a WikiFailure: only this wiki's rows cannot be
 * represented, so the others continue.
 */
function withWikiFailure<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Failure ? new WikiFailure(error.message) : error;
  }
}
