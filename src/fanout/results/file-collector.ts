import { Failure } from '../../failure.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { SpillBuffer } from '../../spill/spill-buffer.js';
import { WikiFailure } from '../outcome.js';
import type { OutputLayout } from '../plan/output-layout.js';
import type { RunRequest } from '../plan/plan.js';
import { type ColumnChecker, createColumnChecker } from '../rows/column-checker.js';
import { encodeColumns } from '../rows/column-codec.js';
import { ColumnInterner } from '../rows/column-interner.js';
import { RowBuffer } from '../rows/row-buffer.js';
import { openRunWriter, type RunWriter } from '../rows/run-writer.js';
import { typeComparisonOf } from '../rows/type-comparison.js';
import { type ColumnUnion, uniteColumns } from '../rows/union-columns.js';
import { BufferedRows } from './buffered-rows.js';
import { Checkpoint, type StoredRows } from './checkpoint.js';
import type { FileAssembler, WikiEnding } from './file-assembler.js';
import { fingerprintOf } from './fingerprint.js';
import { isNonRegularFile, openNonRegularFileCollector } from './non-regular-file.js';
import type {
  LastError,
  ResultCollector,
  ResumedWiki,
  WikiResult,
  WikiRows,
} from './result-collector.js';
import { SingleFile } from './single-file.js';

/** Bytes of memory for the rows of wikis that are not complete; further rows go to the spill file. */
const maxMemory = 8 * 1024 * 1024;
/** Milliseconds after which stored rows are flushed to disk, to survive a crash of the machine. */
const syncDelay = 1000;
/** Bytes that are written between two turns of the event loop, in which signals are handled. */
const bytesPerYield = 4 * 1024 * 1024;

/** Opens the collector for an --output that is one file. Rejects with Failure. */
export async function openFileCollector(
  request: RunRequest,
  path: string,
): Promise<ResultCollector> {
  if (isNonRegularFile(path)) return openNonRegularFileCollector(request, path);
  const make = await openRunWriter(request);
  const { run, fanout } = request;
  const header = { run, fingerprint: fingerprintOf(request, 'query') };
  const checkpoint = Checkpoint.open(path, header, fanout.earlierRun);
  return new FileCollector(request, checkpoint, new SingleFile(path, make), undefined);
}

/**
 * Collects results for an output that needs the rows of all wikis in the order of the plan: one file,
 * or several files with the columns of all wikis. Until all wikis have ended, it stores their rows in a
 * checkpoint next to the output, so that a crash loses no complete wiki and no partial file has a final
 * name. If some wikis fail with errors that trying again may cure, the checkpoint stays: a run with
 * --resume queries only those wikis and creates the output again.
 */
export class FileCollector implements ResultCollector {
  readonly directory: string | undefined;
  readonly alreadyDone = new Map<string, ResumedWiki>();
  readonly #request: RunRequest;
  readonly #checkpoint: Checkpoint;
  readonly #assembler: FileAssembler;
  readonly #spill: SpillBuffer;
  readonly #columns: ColumnChecker;
  readonly #columnSets = new ColumnInterner();
  readonly #finished = new Map<string, { rows: StoredRows; result: WikiResult }>();
  readonly #withoutResult = new Map<string, WikiEnding>();
  #hasFailures = false;
  /** Whether a wiki failed with an error that trying again may cure. */
  #isUnfinished = false;
  #isComplete = false;
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;
  #isAbandoned = false;
  /** Bytes written since the last turn of the event loop, across wikis. */
  #bytesSinceYield = 0;

  /** `layout` is set if each wiki has its own file. */
  constructor(
    request: RunRequest,
    checkpoint: Checkpoint,
    assembler: FileAssembler,
    layout: OutputLayout | undefined,
  ) {
    this.directory = assembler.directory;
    this.#request = request;
    this.#checkpoint = checkpoint;
    this.#assembler = assembler;
    this.#spill = new SpillBuffer({
      memory: maxMemory,
      open: () => checkpoint.file,
      checksums: true,
    });
    this.#columns = createColumnChecker(request, layout);
    for (const { wiki } of request.plan.wikis) this.#resumeWiki(wiki);
  }

  get isResumable(): boolean {
    return !this.#isComplete && this.#checkpoint.journal.hasResult;
  }

  begin(wiki: string): WikiRows {
    const buffer = new RowBuffer(this.#spill.createQueue());
    return new BufferedRows(wiki, buffer, {
      begin: (columns) => {
        this.#assembler.accept(columns);
        this.#columns.check(wiki, columns);
        buffer.appendColumns(encodeColumns(columns));
        return this.#columnSets.intern(columns);
      },
      backPressure: () => (this.#failure === undefined ? undefined : Promise.reject(this.#failure)),
      complete: (rows) => this.#completeWiki(rows),
    });
  }

  markWithoutResult(
    wiki: string,
    outcome: 'skipped' | 'failed',
    { errno, isFinal }: LastError,
  ): void {
    if (this.#isAbandoned) return;
    if (outcome === 'failed') {
      this.#hasFailures = true;
      this.#isUnfinished ||= !isFinal;
    }
    this.#columns.forget(wiki);
    const ending: WikiEnding = {
      outcome,
      errno,
      ...(outcome === 'failed' && isFinal && { final: true as const }),
    };
    this.#withoutResult.set(wiki, ending);
    this.#checkpoint.journal.add({ wiki, ...ending, rows: 0, bytes: 0 });
    this.#scheduleSync();
  }

  async finish(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      if (this.#failure !== undefined) throw this.#failure;
      if (!this.#isUnfinished || !this.#assembler.waitsForAll) await this.#assemble();
      if (this.#isUnfinished) return;
      this.#assembler.finish(this.#listEndings());
      this.#isComplete = true;
      this.#checkpoint.remove();
    } finally {
      this.#spill.close();
      if (!this.#isComplete) this.#checkpoint.close();
      this.#assembler.close(this.isResumable);
    }
  }

  abandon(): void {
    if (this.#isAbandoned) return;
    this.#isAbandoned = true;
    clearTimeout(this.#timer);
    this.#assembler.discard();
    this.#spill.close();
    if (!this.#isComplete) this.#checkpoint.close();
    this.#assembler.close(this.isResumable);
  }

  /** Returns how the wikis ended that have no rows to assemble. */
  #listEndings(): Map<string, WikiEnding> {
    const withoutColumns = [...this.#finished].filter(([, { rows }]) => rows.columns === undefined);
    const endings = withoutColumns.map(([wiki]): [string, WikiEnding] => [wiki, { outcome: 'ok' }]);
    return new Map([...this.#withoutResult, ...endings]);
  }

  /** Takes over what an earlier run stored of a wiki. */
  #resumeWiki(wiki: string): void {
    const entry = this.#checkpoint.journal.entries.get(wiki);
    if (entry === undefined || entry.outcome === 'failed') return;
    const counts = { file: undefined, sha256: undefined, rows: entry.rows, bytes: entry.bytes };
    if (entry.outcome === 'skipped') {
      const { outcome, errno } = entry;
      this.#withoutResult.set(wiki, { outcome, ...(errno !== undefined && { errno }) });
      this.alreadyDone.set(wiki, { ...counts, outcome: 'skipped' });
      return;
    }
    const stored = this.#checkpoint.verifyEntry(entry);
    if (stored === undefined) return;
    try {
      if (stored.columns !== undefined) this.#columns.check(wiki, stored.columns);
    } catch (error) {
      if (!(error instanceof WikiFailure)) throw error;
      // The wiki is queried again, and fails with this error if its columns still differ.
      this.#checkpoint.file.free(stored.extents);
      return;
    }
    const columns = stored.columns && this.#columnSets.intern(stored.columns);
    const wikiResult = { ...counts, outcome: 'ok' as const };
    this.#finished.set(wiki, { rows: { ...stored, columns }, result: wikiResult });
    this.alreadyDone.set(wiki, wikiResult);
  }

  async #completeWiki({ wiki, buffer, columns }: BufferedRows): Promise<WikiResult> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isAbandoned) throw new WikiFailure('the run was aborted');
    const { rows, bytes } = buffer;
    const { extents, sha256 = '' } = buffer.seal();
    this.#checkpoint.journal.add({ wiki, outcome: 'ok', rows, bytes, extents, sha256 });
    const wikiResult = { rows, bytes, file: undefined, sha256: undefined };
    this.#finished.set(wiki, { rows: { rows, bytes, extents, columns }, result: wikiResult });
    this.#scheduleSync();
    return wikiResult;
  }

  #scheduleSync(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#sync().catch((error) => {
        this.#failure ??= error;
      });
    }, syncDelay).unref();
  }

  /** Flushes the rows to disk first, then the lines of the journal that refer to them. */
  async #sync(): Promise<void> {
    await this.#checkpoint.file.syncAsync();
    if (!this.#isAbandoned && !this.#isComplete) await this.#checkpoint.journal.syncAsync();
  }

  /** Creates the output from all complete wikis; creates none if every wiki failed. */
  async #assemble(): Promise<void> {
    const wikis = this.#request.plan.wikis.flatMap(({ wiki }) => {
      const { rows, result } = this.#finished.get(wiki) ?? {};
      if (rows?.columns === undefined || result === undefined) return [];
      return [{ wiki, columns: rows.columns, rows, result }];
    });
    const [first] = wikis;
    if (first === undefined && this.#hasFailures) return;
    const union = this.#union(wikis.map(({ columns }) => columns));
    await this.#assembler.assemble(
      wikis.map((wiki, index) => ({ ...wiki, columnIndexes: union?.columnIndexes[index] })),
      first && (union?.columns ?? first.columns),
      async ({ extents }, writer, out) => {
        for (const extent of extents) await this.#copy(extent, writer, out);
      },
    );
  }

  #union(columns: readonly Column[][]): ColumnUnion | undefined {
    const { fanout, settings } = this.#request;
    return fanout.unionColumns
      ? uniteColumns(columns, typeComparisonOf(settings.output))
      : undefined;
  }

  async #copy(extent: StoredRows['extents'][number], writer: RunWriter, out: OutputBuffer) {
    for (const piece of this.#checkpoint.file.readPieces(extent)) {
      writer.push(piece);
      this.#bytesSinceYield += piece.length;
      await out.backPressure();
      if (this.#bytesSinceYield > bytesPerYield) {
        this.#bytesSinceYield = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (this.#isAbandoned) throw new Failure('interrupted', 'the run was aborted', 130);
    }
  }
}
