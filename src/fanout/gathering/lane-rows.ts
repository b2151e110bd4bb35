import type { Column } from '../../replica/column.js';
import type { Lane } from '../rows/lane.js';
import { WikiFailure } from '../wiki-failure.js';
import type { Gathered, WikiRows } from './gathering.js';

/** What a gathering does for the rows of one attempt. */
export interface LaneOwner {
  /**
   * Gives the columns, or a copy that it has already. Throws a WikiFailure where they cannot stand
   * beside those of other wikis.
   */
  begin(columns: Column[]): Column[];
  pressure(): Promise<void> | undefined;
  /** Takes the rows over. */
  done(rows: LaneRows): Promise<Gathered>;
}

/** Keeps the rows of one attempt at a wiki in a lane until all of them have come. */
export class LaneRows implements WikiRows {
  readonly wiki: string;
  readonly lane: Lane;
  /** Of the result set; undefined where there was none. */
  columns: Column[] | undefined;
  readonly #owner: LaneOwner;
  #given = false;

  constructor(wiki: string, lane: Lane, owner: LaneOwner) {
    this.wiki = wiki;
    this.lane = lane;
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
    this.lane.row(bytes, start, end);
  }

  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): number {
    return this.lane.takeRows(bytes, start, end, longest);
  }

  pressure(): Promise<void> | undefined {
    return this.#owner.pressure();
  }

  async done(): Promise<Gathered> {
    const gathered = await this.#owner.done(this);
    this.#given = true;
    return gathered;
  }

  drop(): void {
    if (!this.#given) this.lane.drop();
  }
}
