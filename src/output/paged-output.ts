import type { DisplayWidth } from '../text/client-width.js';
import { type PagedEnd, Pager, type PagerOptions } from './pager.js';
import { ScreenLines } from './screen-lines.js';
import type { Sink } from './sink.js';

export interface PagedOptions extends PagerOptions {
  /** The program, as /bin/sh takes it; undefined: none, all is printed straight. */
  command: string | undefined;
  /** What fits on the screen goes through it as well: it is a filter that somebody asked for. */
  always?: boolean;
  /** Lines of the screen. */
  rows: number;
  /** Lines that stay free below what is printed straight: the summary's, and the prompt's. */
  reserved?: number;
  /** Cells of a line of the screen. */
  columns: number;
  /** Counts the cells of a text; without it each byte is one. */
  cells?: DisplayWidth;
}

/**
 * One result on its way to a terminal: what fits on the screen is printed straight, more goes
 * through a pager. Bounded memory: a reader that takes its time holds `write` back.
 */
export class PagedOutput implements Sink {
  readonly #options: PagedOptions;
  readonly #screen: ScreenLines;
  readonly #lines: number;
  #gathered: Buffer = Buffer.alloc(0);
  #pager: Pager | undefined;
  #straight: boolean;

  constructor(options: PagedOptions) {
    this.#options = options;
    this.#lines = Math.max(options.rows - (options.reserved ?? 3), 1);
    const { columns, cells = (_bytes, start, end) => end - start } = options;
    this.#screen = new ScreenLines(columns, cells);
    this.#straight = options.command === undefined;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { command, direct } = this.#options;
    if (this.#straight || command === undefined) return direct.write(bytes);
    if (this.#pager !== undefined) return this.#pager.write(bytes);
    const all = this.#gathered.length === 0 ? bytes : Buffer.concat([this.#gathered, bytes]);
    if (this.#options.always || this.#screen.exceed(all, this.#lines)) {
      this.#gathered = Buffer.alloc(0);
      this.#pager = new Pager(command, this.#options);
      return this.#pager.write(all);
    }
    // A copy: the bytes are only lent.
    this.#gathered = Buffer.from(all);
  }

  /**
   * The output is complete: prints what was gathered, or waits until the pager has ended. Rejects
   * with the OutputError of `direct`.
   */
  async end(): Promise<PagedEnd> {
    if (this.#pager !== undefined) return this.#pager.end();
    this.#straight = true;
    if (this.#gathered.length > 0) await this.#options.direct.write(this.#gathered);
    return 'direct';
  }
}
