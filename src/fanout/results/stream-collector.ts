import { isProgramFormat } from '../../cli/result-format.js';
import { Failure } from '../../failure.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import { openStandardOutput } from '../../output/standard-output.js';
import { setOutputCharacterSet } from '../../session/describe-character-set.js';
import { SpillBuffer, type SpillBufferOptions } from '../../spill/spill-buffer.js';
import type { RunRequest } from '../plan/plan.js';
import { type ColumnChecker, createColumnChecker } from '../rows/column-checker.js';
import { ColumnInterner } from '../rows/column-interner.js';
import { RowBuffer } from '../rows/row-buffer.js';
import { openRunWriter, type RunWriter } from '../rows/run-writer.js';
import { typeComparisonOf } from '../rows/type-comparison.js';
import { uniteColumns } from '../rows/union-columns.js';
import { BufferedRows } from './buffered-rows.js';
import type { ResultCollector, WikiResult, WikiRows } from './result-collector.js';

/** Bytes in the spill file above which servers are held back while the reader is not reading. */
const defaultSpillLimit = 1024 ** 3;
/** Bytes that are written between two turns of the event loop, in which other rows are received. */
const bytesPerYield = 4 * 1024 * 1024;
/** Milliseconds after which the output buffer is sent, even if it is nearly empty. */
const sendInterval = 200;

/** Options for tests and non-regular files: limits of the buffering, and an output to write to. */
export interface StreamOptions {
  spill?: SpillBufferOptions;
  spillLimit?: number;
  out?: OutputBuffer;
}

/** Opens the collector for standard output, or for `options.out`. Rejects with Failure. */
export async function openStreamCollector(
  request: RunRequest,
  options: StreamOptions = {},
): Promise<ResultCollector> {
  const make = await openRunWriter(request);
  const { output } = request.settings;
  const out = options.out ?? new OutputBuffer(openStandardOutput(), output.raw);
  if (!isProgramFormat(output.format)) setOutputCharacterSet(out, request.characterSet);
  return new StreamCollector(request, out, make(out), options);
}

/**
 * Writes the rows of all wikis to one stream, wiki after wiki: in the order of the plan, or with
 * --unordered in the order in which the wikis are complete; with --union-columns after all wikis have
 * ended. A SpillBuffer holds the rows of wikis that cannot be written yet.
 */
export class StreamCollector implements ResultCollector {
  readonly directory = undefined;
  readonly alreadyDone = new Map<string, never>();
  readonly isResumable = false;
  readonly #out: OutputBuffer;
  readonly #writer: RunWriter;
  readonly #spill: SpillBuffer;
  readonly #spillLimit: number;
  readonly #columns: ColumnChecker;
  readonly #columnSets = new ColumnInterner();
  readonly #request: RunRequest;
  readonly #isOrdered: boolean;
  /** The wikis that have ended but are not written yet; the value is undefined for one without rows. */
  readonly #ended = new Map<string, BufferedRows | undefined>();
  /** How many wikis of the plan have been written. */
  #writtenCount = 0;
  #hasFailures = false;
  #isWriting = false;
  #writing: Promise<void> | undefined;
  #lastSent = now();
  /** Servers that are held back; undefined while the reader is reading. */
  #heldServers: { resolve: () => void; reject: (error: unknown) => void }[] | undefined;
  #failure: unknown;
  #isAbandoned = false;

  constructor(
    request: RunRequest,
    out: OutputBuffer,
    writer: RunWriter,
    { spill, spillLimit }: StreamOptions,
  ) {
    const { fanout } = request;
    this.#request = request;
    this.#out = out;
    this.#writer = writer;
    this.#spill = new SpillBuffer(spill);
    this.#spillLimit = spillLimit ?? defaultSpillLimit;
    this.#columns = createColumnChecker(request, undefined);
    this.#isOrdered = !fanout.unordered || fanout.unionColumns;
  }

  begin(wiki: string): WikiRows {
    return new BufferedRows(wiki, new RowBuffer(this.#spill.createQueue()), {
      begin: (columns) => {
        this.#columns.check(wiki, columns);
        return this.#columnSets.intern(columns);
      },
      backPressure: () => this.#backPressure(),
      complete: (rows) => this.#completeWiki(rows),
    });
  }

  markWithoutResult(wiki: string, outcome: 'skipped' | 'failed'): void {
    if (outcome === 'failed') this.#hasFailures = true;
    this.#columns.forget(wiki);
    this.#ended.set(wiki, undefined);
    this.#startWriting();
  }

  async finish(): Promise<void> {
    try {
      await this.#writing;
      this.#throwIfFailed();
      if (this.#request.fanout.unionColumns) await this.#writeUnion();
      this.#endWriter();
      await this.#out.flush();
    } finally {
      this.#spill.close();
    }
  }

  abandon(): void {
    if (this.#isAbandoned) return;
    this.#isAbandoned = true;
    this.#spill.close();
    this.#releaseServers();
    if (this.#failure === undefined) this.#out.send();
  }

  /**
   * Ends the output. The writer throws `no-result` for Parquet without columns; this ignores it if
   * wikis have failed, because their errors are reported already.
   */
  #endWriter(): void {
    try {
      this.#writer.end();
    } catch (error) {
      if (!(this.#hasFailures && error instanceof Failure && error.code === 'no-result'))
        throw error;
    }
  }

  /**
   * Holds servers back while the reader is not reading and the spill file has reached its limit. While
   * the reader is reading, no server is held back: its wiki may be the next to write.
   */
  #backPressure(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const held = this.#heldServers;
    if (held === undefined || this.#spill.bytesInFile <= this.#spillLimit) return undefined;
    return new Promise((resolve, reject) => held.push({ resolve, reject }));
  }

  async #completeWiki(rows: BufferedRows): Promise<WikiResult> {
    this.#throwIfFailed();
    const { wiki, buffer } = rows;
    this.#ended.set(wiki, rows);
    this.#startWriting();
    return { rows: buffer.rows, bytes: buffer.bytes, file: undefined, sha256: undefined };
  }

  /** Starts to write the wikis whose turn has come, unless that is already under way. */
  #startWriting(): void {
    if (this.#isWriting || this.#request.fanout.unionColumns) return;
    this.#isWriting = true;
    this.#writing = this.#writeReadyWikis().catch((error) => this.#fail(error));
  }

  async #writeReadyWikis(): Promise<void> {
    try {
      for (let next = this.#takeNextReady(); next !== 'none'; next = this.#takeNextReady()) {
        await this.#write(next);
        if (this.#isAbandoned || this.#failure !== undefined) return;
      }
    } finally {
      // Reset synchronously: a wiki that ends from now on must start the writing again.
      this.#isWriting = false;
    }
    if (now() - this.#lastSent > sendInterval) {
      this.#lastSent = now();
      this.#out.send();
    }
  }

  async #write(rows: BufferedRows | undefined): Promise<void> {
    if (rows?.columns === undefined) {
      rows?.buffer.drop();
      return;
    }
    if (!this.#writer.hasBegun) this.#writer.begin(rows.columns);
    this.#writer.beginWiki(rows.wiki);
    await this.#drain(rows);
  }

  #takeNextReady(): BufferedRows | undefined | 'none' {
    const wiki = this.#isOrdered
      ? this.#request.plan.wikis[this.#writtenCount]?.wiki
      : this.#ended.keys().next().value;
    if (wiki === undefined || !this.#ended.has(wiki)) return 'none';
    const rows = this.#ended.get(wiki);
    this.#ended.delete(wiki);
    this.#writtenCount++;
    return rows;
  }

  async #drain({ buffer }: BufferedRows): Promise<void> {
    let bytesSinceYield = 0;
    for (let piece = buffer.next(); piece !== undefined; piece = buffer.next()) {
      this.#writer.push(piece);
      const pressure = this.#out.backPressure();
      if (pressure !== undefined) {
        this.#heldServers ??= [];
        await pressure;
        this.#releaseServers();
        bytesSinceYield = 0;
      } else {
        bytesSinceYield += piece.length;
        if (bytesSinceYield > bytesPerYield) await new Promise((resolve) => setImmediate(resolve));
        if (bytesSinceYield > bytesPerYield) bytesSinceYield = 0;
      }
      if (this.#isAbandoned) return;
    }
    buffer.drop();
  }

  /** Writes all wikis with the union of their columns, after all wikis have ended. */
  async #writeUnion(): Promise<void> {
    const rows = this.#request.plan.wikis.flatMap(({ wiki }) => this.#ended.get(wiki) ?? []);
    const withColumns = rows.filter(({ columns }) => columns !== undefined);
    if (withColumns.length === 0) return;
    const typeComparison = typeComparisonOf(this.#request.settings.output);
    const union = uniteColumns(
      withColumns.map(({ columns }) => columns ?? []),
      typeComparison,
    );
    this.#writer.begin(union.columns);
    for (const [index, wiki] of withColumns.entries()) {
      this.#writer.beginWiki(wiki.wiki, false, union.columnIndexes[index]);
      await this.#drain(wiki);
    }
  }

  #releaseServers(): void {
    const held = this.#heldServers;
    this.#heldServers = undefined;
    for (const { resolve } of held ?? []) resolve();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    const held = this.#heldServers;
    this.#heldServers = undefined;
    for (const { reject } of held ?? []) reject(error);
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Returns milliseconds of a monotonic clock. */
function now(): number {
  return process.uptime() * 1000;
}
