import { Failure } from '../../failure.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { SpillBuffer } from '../../spill/spill-buffer.js';
import { WikiFailure } from '../outcome.js';
import type { RunRequest } from '../plan/plan.js';
import { encodeColumns } from '../rows/column-codec.js';
import { ColumnSets } from '../rows/column-sets.js';
import { RowBuffer } from '../rows/row-buffer.js';
import { RunColumns } from '../rows/run-columns.js';
import { openRunWriter, type RunWriter } from '../rows/run-writer.js';
import { typeComparisonOf } from '../rows/type-comparison.js';
import { type Union, unionOf } from '../rows/union-columns.js';
import { BufferedRows } from './buffered-rows.js';
import { Checkpoint, type StoredRows } from './checkpoint.js';
import type { FileAssembler } from './file-assembler.js';
import { fingerprintOf } from './fingerprint.js';
import { isNonRegularFile, openNonRegularFile } from './non-regular-file.js';
import type { ResultCollector, ResumedWiki, WikiResult, WikiRows } from './result-collector.js';
import { SingleFile } from './single-file.js';

/** Memory for rows that have come but not all: what is beyond goes into the file at once. */
const memory = 8 * 1024 * 1024;
/** Milliseconds after which what was kept survives a crash of the machine. */
const syncPause = 1000;
/** Bytes that are written before signals get their turn. */
const bytesPerYield = 4 * 1024 * 1024;

/** Gathers a run's rows into one file. Rejects with Failure. */
export async function openFileCollector(
  request: RunRequest,
  path: string,
): Promise<ResultCollector> {
  if (isNonRegularFile(path)) return openNonRegularFile(request, path);
  const make = await openRunWriter(request);
  const { run, fanout } = request;
  const header = { run, fingerprint: fingerprintOf(request, 'query') };
  const checkpoint = Checkpoint.open(path, header, fanout.resume);
  return new FileCollector(request, checkpoint, new SingleFile(path, make, request.fanout.resume));
}

/**
 * What needs the rows of all wikis, in the order of the plan: one file, or several with the columns of
 * all. Until all have ended they are kept beside it, so that nothing is lost and nothing half stands
 * under a final name, whatever happens; and when some have failed they stay, so that --resume asks
 * those alone and makes the file anew.
 */
export class FileCollector implements ResultCollector {
  readonly directory: string | undefined;
  readonly alreadyDone = new Map<string, ResumedWiki>();
  readonly #request: RunRequest;
  readonly #checkpoint: Checkpoint;
  readonly #assembler: FileAssembler;
  readonly #spill: SpillBuffer;
  readonly #columns: RunColumns;
  readonly #sets = new ColumnSets();
  readonly #finished = new Map<string, { rows: StoredRows; result: WikiResult }>();
  #someFailed = false;
  #complete = false;
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;
  #abandoned = false;
  /** Bytes written while signals waited, of many small wikis too. */
  #bytesSinceYield = 0;

  constructor(request: RunRequest, checkpoint: Checkpoint, assembler: FileAssembler) {
    this.directory = assembler.directory;
    this.#request = request;
    this.#checkpoint = checkpoint;
    this.#assembler = assembler;
    this.#spill = new SpillBuffer({ memory, open: () => checkpoint.file, checksums: true });
    const { settings, fanout } = request;
    this.#columns = new RunColumns({
      typed: typeComparisonOf(settings.output),
      union: fanout.unionColumns,
    });
    for (const { wiki } of request.plan.wikis) this.#takeOver(wiki);
  }

  get resumable(): boolean {
    return !this.#complete && this.#checkpoint.journal.hasResult;
  }

  begin(wiki: string): WikiRows {
    const buffer = new RowBuffer(this.#spill.queue());
    return new BufferedRows(wiki, buffer, {
      begin: (columns) => {
        this.#assembler.accept(columns);
        this.#columns.check(wiki, columns);
        buffer.putColumns(encodeColumns(columns));
        return this.#sets.shared(columns);
      },
      pressure: () => (this.#failure === undefined ? undefined : Promise.reject(this.#failure)),
      done: (rows) => this.#done(rows),
    });
  }

  markWithoutResult(wiki: string, outcome: 'skipped' | 'failed', errno: number): void {
    if (this.#abandoned) return;
    if (outcome === 'failed') this.#someFailed = true;
    this.#columns.forget(wiki);
    this.#checkpoint.journal.add({ wiki, outcome, errno, rows: 0, bytes: 0 });
    this.#syncSoon();
  }

  async finish(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#assemble();
      if (this.#someFailed) return;
      this.#complete = true;
      this.#checkpoint.remove();
    } finally {
      this.#spill.close();
      if (!this.#complete) this.#checkpoint.close();
    }
  }

  abandon(): void {
    if (this.#abandoned) return;
    this.#abandoned = true;
    clearTimeout(this.#timer);
    this.#assembler.discard();
    this.#spill.close();
    if (!this.#complete) this.#checkpoint.close();
  }

  /** What an earlier run knows of a wiki. */
  #takeOver(wiki: string): void {
    const entry = this.#checkpoint.journal.entries.get(wiki);
    if (entry === undefined || entry.outcome === 'failed') return;
    const before = { file: undefined, sha256: undefined, rows: entry.rows, bytes: entry.bytes };
    if (entry.outcome === 'skipped') {
      this.alreadyDone.set(wiki, { ...before, outcome: 'skipped' });
      return;
    }
    const stored = this.#checkpoint.verified(entry);
    if (stored === undefined) return;
    try {
      if (stored.columns !== undefined) this.#columns.check(wiki, stored.columns);
    } catch (error) {
      if (!(error instanceof WikiFailure)) throw error;
      // It is asked again, and told why it has no place.
      this.#checkpoint.file.free(stored.extents);
      return;
    }
    const columns = stored.columns && this.#sets.shared(stored.columns);
    const wikiResult = { ...before, outcome: 'ok' as const };
    this.#finished.set(wiki, { rows: { ...stored, columns }, result: wikiResult });
    this.alreadyDone.set(wiki, wikiResult);
  }

  async #done({ wiki, buffer, columns }: BufferedRows): Promise<WikiResult> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#abandoned) throw new WikiFailure('the run was given up');
    const { rows, bytes } = buffer;
    const { extents, sha256 = '' } = buffer.seal();
    this.#checkpoint.journal.add({ wiki, outcome: 'ok', rows, bytes, extents, sha256 });
    const wikiResult = { rows, bytes, file: undefined, sha256: undefined };
    this.#finished.set(wiki, { rows: { rows, bytes, extents, columns }, result: wikiResult });
    this.#syncSoon();
    return wikiResult;
  }

  #syncSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#sync().catch((error) => {
        this.#failure ??= error;
      });
    }, syncPause).unref();
  }

  /** First the rows, then the lines that speak of them. */
  async #sync(): Promise<void> {
    await this.#checkpoint.file.synced();
    if (!this.#abandoned && !this.#complete) await this.#checkpoint.journal.synced();
  }

  /** Makes the file of all that has finished; none where there is nothing but failures. */
  async #assemble(): Promise<void> {
    const wikis = this.#request.plan.wikis.flatMap(({ wiki }) => {
      const { rows, result } = this.#finished.get(wiki) ?? {};
      if (rows?.columns === undefined || result === undefined) return [];
      return [{ wiki, columns: rows.columns, rows, result }];
    });
    const [first] = wikis;
    if (first === undefined && this.#someFailed) return;
    const union = this.#union(wikis.map(({ columns }) => columns));
    await this.#assembler.assemble(
      wikis.map((wiki, index) => ({ ...wiki, places: union?.places[index] })),
      first && (union?.columns ?? first.columns),
      async ({ extents }, writer, out) => {
        for (const extent of extents) await this.#copy(extent, writer, out);
      },
    );
  }

  #union(columns: readonly Column[][]): Union | undefined {
    const { fanout, settings } = this.#request;
    return fanout.unionColumns ? unionOf(columns, typeComparisonOf(settings.output)) : undefined;
  }

  async #copy(extent: StoredRows['extents'][number], writer: RunWriter, out: OutputBuffer) {
    for (const piece of this.#checkpoint.file.pieces(extent)) {
      writer.push(piece);
      this.#bytesSinceYield += piece.length;
      await out.pressure();
      if (this.#bytesSinceYield > bytesPerYield) {
        this.#bytesSinceYield = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (this.#abandoned) throw new Failure('interrupted', 'the run was given up', 130);
    }
  }
}
