import type { Column } from '../../protocol/column.js';
import type { RowsTaken, TakeRows } from '../../protocol/packets.js';
import { WikiFailure } from '../outcome.js';
import type { RowBuffer } from '../rows/row-buffer.js';
import type { WikiResult, WikiRows } from './result-collector.js';

/** What a gathering does for the rows of one attempt. */
export interface RowsOwner {
  /**
   * Gives the columns, or a copy that it has already. Throws a WikiFailure where they cannot stand
   * beside those of other wikis.
   */
  begin(columns: Column[]): Column[];
  pressure(): Promise<void> | undefined;
  /** Takes the rows over. */
  done(rows: BufferedRows): Promise<WikiResult>;
}

/** Buffers the rows of one attempt at a wiki until all of them have come. */
export class BufferedRows implements WikiRows {
  readonly wiki: string;
  readonly buffer: RowBuffer;
  /** Of the result set; undefined where there was none. */
  columns: Column[] | undefined;
  readonly #owner: RowsOwner;
  #given = false;

  constructor(wiki: string, buffer: RowBuffer, owner: RowsOwner) {
    this.wiki = wiki;
    this.buffer = buffer;
    this.#owner = owner;
  }

  begin(columns: Column[]): void {
    if (this.columns !== undefined) {
      const text = 'it gives a second result, and there is room for one of each wiki';
      throw new WikiFailure(text);
    }
    this.columns = this.#owner.begin(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.buffer.row(bytes, start, end);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.buffer.takeRows(...chunk);
  }

  pressure(): Promise<void> | undefined {
    return this.#owner.pressure();
  }

  async done(): Promise<WikiResult> {
    const wikiResult = await this.#owner.done(this);
    this.#given = true;
    return wikiResult;
  }

  drop(): void {
    if (!this.#given) this.buffer.drop();
  }
}
