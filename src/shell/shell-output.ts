import { safeText } from '../output/safe-text.js';
import type { Sink } from '../output/sink.js';
import { openStandardOutput } from '../output/standard-output.js';
import { TeeFile } from '../output/tee-file.js';
import { teeFailure } from '../session/tee.js';

/** What the terminal shows, and in which character set texts come. */
export interface ShellOutputOptions {
  colours: boolean;
  /** The connection's, at each moment. */
  characterSet: () => string;
}

/**
 * The terminal, and the file of `tee`, which gets a copy of what goes there. What is written is made
 * safe: nothing in it commands the terminal.
 */
export class ShellOutput implements Sink {
  readonly #terminal = openStandardOutput();
  readonly #options: ShellOutputOptions;
  #tee: TeeFile | undefined;

  constructor(options: ShellOutputOptions) {
    this.#options = options;
  }

  /** The file that is written to; undefined: none is. */
  get tee(): string | undefined {
    return this.#tee?.path;
  }

  /** Opens another file, or with undefined none; gives the line that says how that went. */
  setTee(path: string | undefined): string {
    this.#tee?.close();
    this.#tee = undefined;
    if (path === undefined) return '';
    try {
      this.#tee = new TeeFile(path, (error) => {
        this.#tee = undefined;
        teeFailure(path, error);
      });
      return `Logging to file '${path}'\n`;
    } catch (error) {
      return teeFailure(path, error as NodeJS.ErrnoException);
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    this.copy(bytes);
    return this.show(this.safe(bytes));
  }

  /** A text as the terminal may show it: newlines and tabs are kept, the rest is made visible. */
  safe(bytes: Uint8Array): Uint8Array {
    const { colours, characterSet } = this.#options;
    return safeText(bytes, { colours, characterSet: characterSet() }, 'newlines and tabs');
  }

  /** Writes to the terminal alone, and as it is. */
  async show(bytes: Uint8Array): Promise<void> {
    await this.#terminal.write(bytes);
  }

  /** Adds to the file alone what was shown in another way: what was typed, what a pager showed. */
  copy(bytes: Uint8Array): void {
    this.#tee?.append(bytes);
  }
}
