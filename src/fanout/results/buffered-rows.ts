import type { Column } from '../../protocol/column.js';
import type { RowsTaken, TakeRows } from '../../protocol/packets.js';
import { createSecondResultFailure } from '../outcome.js';
import type { RowBuffer } from '../rows/row-buffer.js';
import type { WikiResult, WikiRows } from './result-collector.js';

/** The collector's part in buffering the rows of one attempt. */
export interface RowsOwner {
  /**
   * Returns the columns, or an equal array that is already stored. Throws WikiFailure if they do not
   * match the columns of the other wikis.
   */
  begin(columns: Column[]): Column[];
  /** See `WikiRows.backPressure`. */
  backPressure(): Promise<void> | undefined;
  /** Takes ownership of the buffered rows. Rejects as `WikiRows.complete` does. */
  complete(rows: BufferedRows): Promise<WikiResult>;
}

/** Buffers the rows of one attempt at a wiki until all of them have arrived. */
export class BufferedRows implements WikiRows {
  readonly wiki: string;
  readonly buffer: RowBuffer;
  /** The columns of the result set; undefined if there is none. */
  columns: Column[] | undefined;
  readonly #owner: RowsOwner;
  #isHandedOver = false;

  constructor(wiki: string, buffer: RowBuffer, owner: RowsOwner) {
    this.wiki = wiki;
    this.buffer = buffer;
    this.#owner = owner;
  }

  begin(columns: Column[]): void {
    if (this.columns !== undefined) {
      throw createSecondResultFailure();
    }
    this.columns = this.#owner.begin(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.buffer.row(bytes, start, end);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.buffer.takeRows(...chunk);
  }

  backPressure(): Promise<void> | undefined {
    return this.#owner.backPressure();
  }

  async complete(): Promise<WikiResult> {
    const wikiResult = await this.#owner.complete(this);
    this.#isHandedOver = true;
    return wikiResult;
  }

  drop(): void {
    if (!this.#isHandedOver) this.buffer.drop();
  }
}
