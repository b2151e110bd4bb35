import type { Sink } from '../output/sink.js';
import { openStandardOutput } from '../output/standard-output.js';
import { TeeFile } from '../output/tee-file.js';
import { describeCharacterSet } from '../session/describe-character-set.js';
import { reportTeeError } from '../session/tee.js';
import { StreamSanitizer } from '../text/stream-sanitizer.js';
import { type SanitizeTextOptions, sanitizeText } from '../text/text-sanitizer.js';

/** The colors of the terminal and the character set of the texts. */
export interface ShellOutputOptions {
  colors: boolean;
  /** --raw: the terminal gets all text unchanged. */
  raw: boolean;
  /** Returns the current character set of the connection. */
  characterSet: () => string;
}

/**
 * Writes to the terminal, and a copy to the file of `tee`. Sanitizes the text for the terminal, so
 * that it cannot control it.
 */
export class ShellOutput implements Sink {
  readonly #terminal = openStandardOutput();
  readonly #options: ShellOutputOptions;
  #tee: TeeFile | undefined;
  /** Receives the output instead of the terminal; for a pager. */
  detour: Sink | undefined;

  constructor(options: ShellOutputOptions) {
    this.#options = options;
  }

  /** The path of the file of `tee`; undefined if none is open. */
  get tee(): string | undefined {
    return this.#tee?.path;
  }

  /** Opens another file of `tee`, or none, and reports the result on the terminal. */
  async openTee(path: string | undefined): Promise<void> {
    await this.writeRaw(this.sanitize(Buffer.from(this.#setTee(path))));
  }

  /** Returns the line that reports the result. */
  #setTee(path: string | undefined): string {
    this.#tee?.close();
    this.#tee = undefined;
    if (path === undefined) return '';
    try {
      const onFailure = (error: NodeJS.ErrnoException) => {
        this.#tee = undefined;
        reportTeeError(path, error);
      };
      this.#tee = new TeeFile(path, onFailure, (bytes) => this.sanitize(bytes));
      return `Logging to file '${path}'\n`;
    } catch (error) {
      return reportTeeError(path, error as NodeJS.ErrnoException);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.copyToTee(bytes);
    const sanitized = this.sanitize(bytes);
    await (this.detour === undefined ? this.writeRaw(sanitized) : this.detour.write(sanitized));
  }

  /**
   * Returns a text for the terminal: keeps newlines and tabs, makes other control characters
   * visible.
   */
  sanitize(bytes: Uint8Array): Uint8Array {
    return this.#options.raw
      ? bytes
      : sanitizeText(bytes, this.#sanitizeOptions(), 'newlines and tabs');
  }

  /** Returns a sanitizer for output that arrives in pieces; undefined with --raw. */
  createStreamSanitizer(): StreamSanitizer | undefined {
    return this.#options.raw ? undefined : new StreamSanitizer(this.#sanitizeOptions());
  }

  /** Writes to the terminal only, without sanitizing. */
  async writeRaw(bytes: Uint8Array): Promise<void> {
    await this.#terminal.write(bytes);
  }

  #sanitizeOptions(): SanitizeTextOptions {
    const { colors, characterSet } = this.#options;
    return { colors, ...describeCharacterSet(characterSet()) };
  }

  /** Writes to the file of `tee` only: for typed text, and for results that a pager shows. */
  copyToTee(bytes: Uint8Array): void {
    this.#tee?.append(bytes);
  }
}
