import { Failure } from '../../failure.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import { openStandardOutput } from '../../output/standard-output.js';
import { SpillBuffer, type SpillBufferOptions } from '../../spill/spill-buffer.js';
import type { RunRequest } from '../plan/plan.js';
import { ColumnSets } from '../rows/column-sets.js';
import { RowBuffer } from '../rows/row-buffer.js';
import { RunColumns } from '../rows/run-columns.js';
import { openRunWriter, type RunWriter } from '../rows/run-writer.js';
import { typeComparisonOf } from '../rows/type-comparison.js';
import { unionOf } from '../rows/union-columns.js';
import { BufferedRows } from './buffered-rows.js';
import type { ResultCollector, WikiResult, WikiRows } from './result-collector.js';

/** Bytes of the spill file from which servers are held back while the reader is not reading. */
const defaultLimit = 1024 ** 3;
/** Bytes that are written before other wikis' rows get their turn. */
const bytesPerYield = 4 * 1024 * 1024;
/** Milliseconds after which what was written is sent on, also where it is little. */
const sendingPause = 200;

export interface StreamOptions {
  spill?: SpillBufferOptions;
  limit?: number;
  out?: OutputBuffer;
}

/** Gathers a run's rows into standard output. Rejects with Failure. */
export async function openStreamCollector(
  request: RunRequest,
  options: StreamOptions = {},
): Promise<ResultCollector> {
  const make = await openRunWriter(request);
  const out = options.out ?? new OutputBuffer(openStandardOutput());
  return new StreamCollector(request, out, make(out), options);
}

/**
 * One stream of all wikis' rows: each wiki's come whole, in the order of the plan, or with
 * --unordered as they are done; with --union-columns when all have ended. Those whose turn has not
 * come wait in a SpillBuffer.
 */
export class StreamCollector implements ResultCollector {
  readonly directory = undefined;
  readonly alreadyDone = new Map<string, never>();
  readonly resumable = false;
  readonly #out: OutputBuffer;
  readonly #writer: RunWriter;
  readonly #spill: SpillBuffer;
  readonly #limit: number;
  readonly #columns: RunColumns;
  readonly #sets = new ColumnSets();
  readonly #request: RunRequest;
  readonly #ordered: boolean;
  /** Wikis that have ended and were not written yet; undefined: it has no rows. */
  readonly #ended = new Map<string, BufferedRows | undefined>();
  /** How many wikis of the plan were written. */
  #due = 0;
  #someFailed = false;
  #isPumping = false;
  #pumping: Promise<void> | undefined;
  #sent = now();
  /** The reader is not reading: these wait until it does. */
  #held: { resolve: () => void; reject: (error: unknown) => void }[] | undefined;
  #failure: unknown;
  #abandoned = false;

  constructor(
    request: RunRequest,
    out: OutputBuffer,
    writer: RunWriter,
    { spill, limit }: StreamOptions,
  ) {
    const { fanout, settings } = request;
    this.#request = request;
    this.#out = out;
    this.#writer = writer;
    this.#spill = new SpillBuffer(spill);
    this.#limit = limit ?? defaultLimit;
    this.#columns = new RunColumns({
      typed: typeComparisonOf(settings.output),
      union: fanout.unionColumns,
    });
    this.#ordered = !fanout.unordered || fanout.unionColumns;
  }

  begin(wiki: string): WikiRows {
    return new BufferedRows(wiki, new RowBuffer(this.#spill.queue()), {
      begin: (columns) => {
        this.#columns.check(wiki, columns);
        return this.#sets.shared(columns);
      },
      pressure: () => this.#pressure(),
      done: (rows) => this.#done(rows),
    });
  }

  markWithoutResult(wiki: string, outcome: 'skipped' | 'failed'): void {
    if (outcome === 'failed') this.#someFailed = true;
    this.#columns.forget(wiki);
    this.#ended.set(wiki, undefined);
    this.#pump();
  }

  async finish(): Promise<void> {
    try {
      await this.#pumping;
      this.#check();
      if (this.#request.fanout.unionColumns) await this.#writeUnion();
      this.#end();
      await this.#out.flush();
    } finally {
      this.#spill.close();
    }
  }

  abandon(): void {
    if (this.#abandoned) return;
    this.#abandoned = true;
    this.#spill.close();
    this.#release();
    if (this.#failure === undefined) this.#out.send();
  }

  /** A Parquet file without columns is none; where wikis have failed, that is told already. */
  #end(): void {
    try {
      this.#writer.end();
    } catch (error) {
      if (!(this.#someFailed && error instanceof Failure && error.code === 'no-result'))
        throw error;
    }
  }

  /**
   * Holds servers back while the wiki that is due waits for the reader, once too much lies in the
   * file. Where no wiki waits for the reader none is held back: it may be the one that is due.
   */
  #pressure(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const held = this.#held;
    if (held === undefined || this.#spill.inFile <= this.#limit) return undefined;
    return new Promise((resolve, reject) => held.push({ resolve, reject }));
  }

  async #done(rows: BufferedRows): Promise<WikiResult> {
    this.#check();
    const { wiki, buffer } = rows;
    this.#ended.set(wiki, rows);
    this.#pump();
    return { rows: buffer.rows, bytes: buffer.bytes, file: undefined, sha256: undefined };
  }

  /** Writes what is due, if that is not being done already. */
  #pump(): void {
    if (this.#isPumping || this.#request.fanout.unionColumns) return;
    this.#isPumping = true;
    this.#pumping = this.#writeDue().catch((error) => this.#fail(error));
  }

  async #writeDue(): Promise<void> {
    try {
      for (let next = this.#next(); next !== 'none'; next = this.#next()) {
        await this.#write(next);
        if (this.#abandoned || this.#failure !== undefined) return;
      }
    } finally {
      // At once: what ends from here on needs another call.
      this.#isPumping = false;
    }
    if (now() - this.#sent > sendingPause) {
      this.#sent = now();
      this.#out.send();
    }
  }

  async #write(rows: BufferedRows | undefined): Promise<void> {
    if (rows?.columns === undefined) {
      rows?.buffer.drop();
      return;
    }
    if (!this.#writer.begun) this.#writer.begin(rows.columns);
    this.#writer.wiki(rows.wiki);
    await this.#drain(rows);
  }

  #next(): BufferedRows | undefined | 'none' {
    const wiki = this.#ordered
      ? this.#request.plan.wikis[this.#due]?.wiki
      : this.#ended.keys().next().value;
    if (wiki === undefined || !this.#ended.has(wiki)) return 'none';
    const rows = this.#ended.get(wiki);
    this.#ended.delete(wiki);
    this.#due++;
    return rows;
  }

  async #drain({ buffer }: BufferedRows): Promise<void> {
    let since = 0;
    for (let piece = buffer.next(); piece !== undefined; piece = buffer.next()) {
      this.#writer.push(piece);
      const wait = this.#out.pressure();
      if (wait !== undefined) {
        this.#held ??= [];
        await wait;
        this.#release();
        since = 0;
      } else {
        since += piece.length;
        if (since > bytesPerYield) await new Promise((resolve) => setImmediate(resolve));
        if (since > bytesPerYield) since = 0;
      }
      if (this.#abandoned) return;
    }
    buffer.drop();
  }

  /** All wikis have ended: their columns are known. */
  async #writeUnion(): Promise<void> {
    const rows = this.#request.plan.wikis.flatMap(({ wiki }) => this.#ended.get(wiki) ?? []);
    const withColumns = rows.filter(({ columns }) => columns !== undefined);
    if (withColumns.length === 0) return;
    const typing = typeComparisonOf(this.#request.settings.output);
    const union = unionOf(
      withColumns.map(({ columns }) => columns ?? []),
      typing,
    );
    this.#writer.begin(union.columns);
    for (const [index, wiki] of withColumns.entries()) {
      this.#writer.wiki(wiki.wiki, false, union.places[index]);
      await this.#drain(wiki);
    }
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    for (const { resolve } of held ?? []) resolve();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    const held = this.#held;
    this.#held = undefined;
    for (const { reject } of held ?? []) reject(error);
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Milliseconds of a clock that never jumps. */
function now(): number {
  return process.uptime() * 1000;
}
