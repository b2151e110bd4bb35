import type { Plan } from '../fanout/plan/plan.js';
import { BufferedRows } from '../fanout/results/buffered-rows.js';
import type { ResultCollector, WikiResult, WikiRows } from '../fanout/results/result-collector.js';
import { ColumnInterner } from '../fanout/rows/column-interner.js';
import { RowBuffer } from '../fanout/rows/row-buffer.js';
import { PacketReader } from '../protocol/packet-reader.js';
import { SpillBuffer } from '../spill/spill-buffer.js';
import { createDeferred, type Deferred } from './deferred.js';
import type { AsArrays, AsObjects, WikisOptions } from './options.js';
import { ResultShapeChecker } from './result-shape-checker.js';
import type { Row, Value, WikiRow } from './row.js';
import { RowReader } from './row-reader.js';

/** Bytes of unread rows in the spill file above which servers are held back. */
const maxBytesInFile = 64 * 1024 * 1024;
/** No limit in effect: the connection has already checked the packets' length. */
const maxPacketLength = 2 ** 31;

/**
 * Collects the rows of many wikis for one reader, which gets a wiki's rows after all of them have
 * arrived, so it never sees rows of a failed attempt. Unread rows are kept in memory, and beyond 32 MiB
 * in an unnamed file. If the reader is slow, the servers are held back.
 */
export class RowCollector implements ResultCollector {
  readonly directory = undefined;
  readonly alreadyDone = new Map<string, never>();
  readonly isResumable = false;
  readonly #plan: Plan;
  readonly #options: WikisOptions & (AsArrays | AsObjects);
  readonly #spill = new SpillBuffer();
  readonly #columns: ResultShapeChecker | undefined;
  readonly #columnSets = new ColumnInterner();
  /** The wikis that have ended but are not read yet; the value is undefined for one without rows. */
  readonly #ended = new Map<string, BufferedRows | undefined>();
  /** How many wikis of the plan the reader has read. */
  #readCount = 0;
  #isFinished = false;
  #failure: { error: unknown } | undefined;
  /** Resolves when a wiki has ended; defined while the reader is idle. */
  #waitingReader: Deferred<void> | undefined;
  /** Resolves when servers may send more; defined while servers are held back. */
  #heldServers: Deferred<void> | undefined;

  constructor(plan: Plan, options: WikisOptions & (AsArrays | AsObjects)) {
    this.#plan = plan;
    this.#options = options;
    const mayDiffer = options.unionColumns && options.rows !== 'array';
    this.#columns = mayDiffer ? undefined : new ResultShapeChecker(options);
  }

  begin(wiki: string): WikiRows {
    return new BufferedRows(wiki, new RowBuffer(this.#spill.createQueue()), {
      begin: (columns) => {
        // The constructor throws for columns that no wiki can return, such as duplicate names.
        new RowReader(columns, this.#options);
        this.#columns?.check(wiki, columns);
        return this.#columnSets.intern(columns);
      },
      backPressure: () => this.#backPressure(),
      complete: (rows) => this.#completeWiki(rows),
    });
  }

  markWithoutResult(wiki: string): void {
    this.#columns?.forget(wiki);
    this.#ended.set(wiki, undefined);
    this.#wakeReader();
  }

  async finish(): Promise<void> {
    this.#isFinished = true;
    this.#wakeReader();
  }

  abandon(): void {
    this.fail(undefined);
  }

  /** Discards all unread rows; the reader gets `error` instead. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#spill.close();
    this.#releaseServers();
    this.#wakeReader();
  }

  /**
   * Yields all rows, wiki after wiki. Throws the error that `fail` was called with, and Failure
   * `not-utf8` or `unsafe-number` (see RowReader).
   */
  async *rows(): AsyncGenerator<WikiRow<Row | Value[]>, void, undefined> {
    for (;;) {
      const wiki = this.#takeNextReady();
      if (wiki === 'none') {
        this.#throwIfFailed();
        if (this.#isFinished) break;
        // The reader is idle: release back-pressured servers.
        this.#releaseServers();
        this.#waitingReader = createDeferred();
        await this.#waitingReader.promise;
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
        () => undefined,
        maxPacketLength,
        () => {},
      );
      for (
        let piece = this.#readPiece(buffer);
        piece !== undefined;
        piece = this.#readPiece(buffer)
      ) {
        packets.push(piece);
        for (const row of rows) {
          yield { wiki, row };
          this.#throwIfFailed();
        }
        rows = [];
        if (this.#spill.bytesInFile <= maxBytesInFile) this.#releaseServers();
      }
    }
    buffer.drop();
  }

  #readPiece(buffer: BufferedRows['buffer']): Uint8Array | undefined {
    this.#throwIfFailed();
    return buffer.next();
  }

  #takeNextReady(): BufferedRows | undefined | 'none' {
    const wiki = this.#nextReadyWiki();
    if (wiki === undefined || !this.#ended.has(wiki)) return 'none';
    const rows = this.#ended.get(wiki);
    this.#ended.delete(wiki);
    this.#readCount++;
    return rows;
  }

  #nextReadyWiki(): string | undefined {
    return this.#options.unordered
      ? this.#ended.keys().next().value
      : this.#plan.wikis[this.#readCount]?.wiki;
  }

  /** While the reader waits for a wiki, no server is held back: it may be the server of that wiki. */
  #backPressure(): Promise<void> | undefined {
    if (this.#waitingReader !== undefined || this.#spill.bytesInFile <= maxBytesInFile)
      return undefined;
    this.#heldServers ??= createDeferred();
    return this.#heldServers.promise;
  }

  async #completeWiki(rows: BufferedRows): Promise<WikiResult> {
    this.#ended.set(rows.wiki, rows);
    const { rows: count, bytes } = rows.buffer;
    this.#wakeReader();
    return { rows: count, bytes, file: undefined, sha256: undefined };
  }

  #wakeReader(): void {
    this.#waitingReader?.resolve();
    this.#waitingReader = undefined;
  }

  #releaseServers(): void {
    this.#heldServers?.resolve();
    this.#heldServers = undefined;
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
