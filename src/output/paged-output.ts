import type { DisplayWidth } from '../text/client-width.js';
import { type PagedOutcome, Pager, type PagerOptions } from './pager.js';
import { ScreenLines } from './screen-lines.js';
import type { ScreenShape } from './screen-shape.js';
import type { Sink } from './sink.js';

/** Lines that stay free below output without a pager: for the summary and the prompt. */
const reservedLines = 3;

/** Returns the number of lines of a screen that output without a pager can fill. */
export function countFreeLines(screenLines: number): number {
  return Math.max(screenLines - reservedLines, 1);
}

export interface PagedOutputOptions extends PagerOptions {
  /** The pager as a /bin/sh command; undefined: print everything without a pager. */
  command: string | undefined;
  /** Use the pager even for output that fits on the screen: the user asked for this filter. */
  alwaysPage?: boolean;
  /**
   * Returns the shape of what is written: a wide table goes through the pager even if it fits on the
   * screen when its lines are wrapped. By default everything is text.
   */
  shape?(): ScreenShape;
  /** The commands for some shapes; by default it is `command`. */
  commands?: Partial<Record<ScreenShape, string>> | undefined;
  /** Number of screen lines. */
  rows: number;
  /** Number of cells per screen line. */
  columns: number;
  /** Counts the cells of a text; by default each byte is one cell. */
  displayWidth?: DisplayWidth;
}

/**
 * The output of one statement on a terminal: it is printed directly if it fits on the screen, and
 * through a pager otherwise. Memory is bounded, because `write` waits for a slow pager.
 */
export class PagedOutput implements Sink {
  readonly #options: PagedOutputOptions;
  readonly #screen: ScreenLines;
  readonly #maxLines: number;
  #buffered: Buffer = Buffer.alloc(0);
  #pager: Pager | undefined;
  #isDirect: boolean;

  constructor(options: PagedOutputOptions) {
    this.#options = options;
    this.#maxLines = countFreeLines(options.rows);
    const { columns, displayWidth = (_bytes, start, end) => end - start } = options;
    this.#screen = new ScreenLines(columns, displayWidth);
    this.#isDirect = options.command === undefined;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { command, directSink } = this.#options;
    if (this.#isDirect || command === undefined) return directSink.write(bytes);
    if (this.#pager !== undefined) return this.#pager.write(bytes);
    const all = this.#buffered.length === 0 ? bytes : Buffer.concat([this.#buffered, bytes]);
    const { alwaysPage, commands, shape: getShape } = this.#options;
    const shape = getShape?.() ?? 'text';
    if (alwaysPage || shape === 'wide table' || this.#screen.exceeds(all, this.#maxLines)) {
      this.#buffered = Buffer.alloc(0);
      this.#pager = new Pager(commands?.[shape] ?? command, shape, this.#options);
      return this.#pager.write(all);
    }
    // A copy, because the bytes are valid only during the call.
    this.#buffered = Buffer.from(all);
  }

  /**
   * Ends the output: prints the buffered bytes, or waits until the pager has exited. Rejects with
   * the OutputError of `directSink`.
   */
  async end(): Promise<PagedOutcome> {
    if (this.#pager !== undefined) return this.#pager.end();
    this.#isDirect = true;
    if (this.#buffered.length > 0) await this.#options.directSink.write(this.#buffered);
    return 'direct';
  }
}
