import type { Plan } from '../fanout/plan/plan.js';
import { BufferedRows } from '../fanout/results/buffered-rows.js';
import type { ResultCollector, WikiResult, WikiRows } from '../fanout/results/result-collector.js';
import { ColumnSets } from '../fanout/rows/column-sets.js';
import { RowBuffer } from '../fanout/rows/row-buffer.js';
import { PacketReader } from '../protocol/packet-reader.js';
import { SpillBuffer } from '../spill/spill-buffer.js';
import { type Deferred, deferred } from './deferred.js';
import type { AsArrays, AsObjects, WikisOptions } from './options.js';
import type { Row, Value, WikiRow } from './row.js';
import { RowReader } from './row-reader.js';
import { SameColumns } from './same-columns.js';

/** Bytes of waiting rows in the file from which servers are held back. */
const roomy = 64 * 1024 * 1024;
/** No packet of ours is longer than those that were let in. */
const longest = 2 ** 31;

/**
 * Gathers the rows of many wikis for one reader, who gets a wiki's rows when all of them have come:
 * those of an attempt that fails are never seen. What waits is in memory, beyond 32 MB in a file
 * without a name; and where the reader is slow, the servers are held back.
 */
export class RowCollector implements ResultCollector {
  readonly directory = undefined;
  readonly alreadyDone = new Map<string, never>();
  readonly resumable = false;
  readonly #plan: Plan;
  readonly #options: WikisOptions & (AsArrays | AsObjects);
  readonly #spill = new SpillBuffer();
  readonly #columns: SameColumns | undefined;
  readonly #sets = new ColumnSets();
  /** Wikis that have ended and were not read yet; undefined: it has no rows. */
  readonly #ended = new Map<string, BufferedRows | undefined>();
  /** How many wikis of the plan the reader has got. */
  #due = 0;
  #finished = false;
  #failure: { error: unknown } | undefined;
  /** The reader waits for a wiki to end. */
  #waiting: Deferred<void> | undefined;
  /** Servers wait for the reader. */
  #held: Deferred<void> | undefined;

  constructor(plan: Plan, options: WikisOptions & (AsArrays | AsObjects)) {
    this.#plan = plan;
    this.#options = options;
    const mayDiffer = options.unionColumns && options.rows !== 'array';
    this.#columns = mayDiffer ? undefined : new SameColumns(options);
  }

  begin(wiki: string): WikiRows {
    return new BufferedRows(wiki, new RowBuffer(this.#spill.queue()), {
      begin: (columns) => {
        // Throws what would be wrong with every wiki, such as two columns of one name.
        new RowReader(columns, this.#options);
        this.#columns?.check(wiki, columns);
        return this.#sets.shared(columns);
      },
      pressure: () => this.#pressure(),
      done: (rows) => this.#done(rows),
    });
  }

  markWithoutResult(wiki: string): void {
    this.#columns?.forget(wiki);
    this.#ended.set(wiki, undefined);
    this.#wake();
  }

  async finish(): Promise<void> {
    this.#finished = true;
    this.#wake();
  }

  abandon(): void {
    this.fail(undefined);
  }

  /** The reader gets `error` in place of what it has not read yet. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#spill.close();
    this.#release();
    this.#wake();
  }

  /** All rows, wiki after wiki. Throws what `fail` is given, and a Failure for what is no such value. */
  async *rows(): AsyncGenerator<WikiRow<Row | Value[]>, void, undefined> {
    for (;;) {
      const wiki = this.#next();
      if (wiki === 'none') {
        this.#check();
        if (this.#finished) break;
        // Nobody can be waiting for a reader that waits itself.
        this.#release();
        this.#waiting = deferred();
        await this.#waiting.promise;
      } else if (wiki !== undefined) yield* this.#rowsOf(wiki);
    }
    this.#spill.close();
  }

  async *#rowsOf({ wiki, buffer, columns }: BufferedRows) {
    if (columns !== undefined) {
      const reader = new RowReader(columns, this.#options);
      let rows: (Row | Value[])[] = [];
      const take = (bytes: Uint8Array, start: number, end: number) => {
        rows.push(reader.read(bytes, start, end));
      };
      const packets = new PacketReader(
        take,
        (_, start) => start,
        longest,
        () => {},
      );
      for (let piece = this.#piece(buffer); piece !== undefined; piece = this.#piece(buffer)) {
        packets.push(piece);
        for (const row of rows) {
          yield { wiki, row };
          this.#check();
        }
        rows = [];
        if (this.#spill.inFile <= roomy) this.#release();
      }
    }
    buffer.drop();
  }

  #piece(buffer: BufferedRows['buffer']): Uint8Array | undefined {
    this.#check();
    return buffer.next();
  }

  #next(): BufferedRows | undefined | 'none' {
    const wiki = this.#dueWiki();
    if (wiki === undefined || !this.#ended.has(wiki)) return 'none';
    const rows = this.#ended.get(wiki);
    this.#ended.delete(wiki);
    this.#due++;
    return rows;
  }

  #dueWiki(): string | undefined {
    return this.#options.unordered
      ? this.#ended.keys().next().value
      : this.#plan.wikis[this.#due]?.wiki;
  }

  /** Where the reader waits for a wiki none is held back: it may be that one. */
  #pressure(): Promise<void> | undefined {
    if (this.#waiting !== undefined || this.#spill.inFile <= roomy) return undefined;
    this.#held ??= deferred();
    return this.#held.promise;
  }

  async #done(rows: BufferedRows): Promise<WikiResult> {
    this.#ended.set(rows.wiki, rows);
    const { rows: count, bytes } = rows.buffer;
    this.#wake();
    return { rows: count, bytes, file: undefined, sha256: undefined };
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  #release(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
