import { Failure } from '../../failure.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { SpillBuffer } from '../../spill/spill-buffer.js';
import { WikiFailure } from '../outcome.js';
import type { RunRequest } from '../plan/plan.js';
import { typingOf } from '../rows/column-form.js';
import { noteOf } from '../rows/column-note.js';
import { ColumnSets } from '../rows/column-sets.js';
import { RowBuffer } from '../rows/row-buffer.js';
import { RunColumns } from '../rows/run-columns.js';
import { openRunWriter, type RunWriter } from '../rows/run-writer.js';
import { type Union, unionOf } from '../rows/union-columns.js';
import type { Assembly } from './assembly.js';
import { BufferedRows } from './buffered-rows.js';
import { fingerprintOf } from './fingerprint.js';
import type { FinishedBefore, Gathered, Gathering, WikiRows } from './gathering.js';
import { type Kept, KeptRows } from './kept-rows.js';
import { OneFile } from './one-file.js';
import { isSpecial, openSpecial } from './special-file.js';

/** Memory for rows that have come but not all: what is beyond goes into the file at once. */
const memory = 8 * 1024 * 1024;
/** Milliseconds after which what was kept survives a crash of the machine. */
const syncPause = 1000;
/** Bytes that are written before signals get their turn. */
const breath = 4 * 1024 * 1024;

/** Gathers a run's rows into one file. Rejects with Failure. */
export async function openFile(request: RunRequest, path: string): Promise<Gathering> {
  if (isSpecial(path)) return openSpecial(request, path);
  const make = await openRunWriter(request);
  const { run, fanout } = request;
  const header = { run, fingerprint: fingerprintOf(request, 'query') };
  const kept = KeptRows.open(path, header, fanout.resume);
  return new FileGathering(request, kept, new OneFile(path, make, request.fanout.resume));
}

/**
 * What needs the rows of all wikis, in the order of the plan: one file, or several with the columns of
 * all. Until all have ended they are kept beside it, so that nothing is lost and nothing half stands
 * under a final name, whatever happens; and when some have failed they stay, so that --resume asks
 * those alone and makes the file anew.
 */
export class FileGathering implements Gathering {
  readonly folder: string | undefined;
  readonly finishedBefore = new Map<string, FinishedBefore>();
  readonly #request: RunRequest;
  readonly #kept: KeptRows;
  readonly #assembly: Assembly;
  readonly #spill: SpillBuffer;
  readonly #columns: RunColumns;
  readonly #sets = new ColumnSets();
  readonly #finished = new Map<string, { kept: Kept; gathered: Gathered }>();
  #someFailed = false;
  #complete = false;
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;
  #abandoned = false;
  /** Bytes written while signals waited, of many small wikis too. */
  #sinceBreath = 0;

  constructor(request: RunRequest, kept: KeptRows, assembly: Assembly) {
    this.folder = assembly.folder;
    this.#request = request;
    this.#kept = kept;
    this.#assembly = assembly;
    this.#spill = new SpillBuffer({ memory, open: () => kept.file, checksums: true });
    const { settings, fanout } = request;
    this.#columns = new RunColumns({
      typed: typingOf(settings.output),
      union: fanout.unionColumns,
    });
    for (const { wiki } of request.plan.wikis) this.#takeOver(wiki);
  }

  get resumable(): boolean {
    return !this.#complete && this.#kept.journal.hasResult;
  }

  begin(wiki: string): WikiRows {
    const buffer = new RowBuffer(this.#spill.queue());
    return new BufferedRows(wiki, buffer, {
      begin: (columns) => {
        this.#assembly.accept(columns);
        this.#columns.check(wiki, columns);
        buffer.note(noteOf(columns));
        return this.#sets.shared(columns);
      },
      pressure: () => (this.#failure === undefined ? undefined : Promise.reject(this.#failure)),
      done: (rows) => this.#done(rows),
    });
  }

  without(wiki: string, outcome: 'skipped' | 'failed', errno: number): void {
    if (this.#abandoned) return;
    if (outcome === 'failed') this.#someFailed = true;
    this.#columns.forget(wiki);
    this.#kept.journal.add({ wiki, outcome, errno, rows: 0, bytes: 0 });
    this.#syncSoon();
  }

  async finish(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#assemble();
      if (this.#someFailed) return;
      this.#complete = true;
      this.#kept.remove();
    } finally {
      this.#spill.close();
      if (!this.#complete) this.#kept.close();
    }
  }

  abandon(): void {
    if (this.#abandoned) return;
    this.#abandoned = true;
    clearTimeout(this.#timer);
    this.#assembly.discard();
    this.#spill.close();
    if (!this.#complete) this.#kept.close();
  }

  /** What an earlier run knows of a wiki. */
  #takeOver(wiki: string): void {
    const entry = this.#kept.journal.entries.get(wiki);
    if (entry === undefined || entry.outcome === 'failed') return;
    const before = { file: undefined, sha256: undefined, rows: entry.rows, bytes: entry.bytes };
    if (entry.outcome === 'skipped') {
      this.finishedBefore.set(wiki, { ...before, outcome: 'skipped' });
      return;
    }
    const kept = this.#kept.verified(entry);
    if (kept === undefined) return;
    try {
      if (kept.columns !== undefined) this.#columns.check(wiki, kept.columns);
    } catch (error) {
      if (!(error instanceof WikiFailure)) throw error;
      // It is asked again, and told why it has no place.
      this.#kept.file.free(kept.extents);
      return;
    }
    const columns = kept.columns && this.#sets.shared(kept.columns);
    const gathered = { ...before, outcome: 'ok' as const };
    this.#finished.set(wiki, { kept: { ...kept, columns }, gathered });
    this.finishedBefore.set(wiki, gathered);
  }

  async #done({ wiki, buffer, columns }: BufferedRows): Promise<Gathered> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#abandoned) throw new WikiFailure('the run was given up');
    const { rows, bytes } = buffer;
    const { extents, sha256 = '' } = buffer.settle();
    this.#kept.journal.add({ wiki, outcome: 'ok', rows, bytes, extents, sha256 });
    const gathered = { rows, bytes, file: undefined, sha256: undefined };
    this.#finished.set(wiki, { kept: { rows, bytes, extents, columns }, gathered });
    this.#syncSoon();
    return gathered;
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
    await this.#kept.file.synced();
    if (!this.#abandoned && !this.#complete) await this.#kept.journal.synced();
  }

  /** Makes the file of all that has finished; none where there is nothing but failures. */
  async #assemble(): Promise<void> {
    const wikis = this.#request.plan.wikis.flatMap(({ wiki }) => {
      const { kept, gathered } = this.#finished.get(wiki) ?? {};
      if (kept?.columns === undefined || gathered === undefined) return [];
      return [{ wiki, columns: kept.columns, kept, gathered }];
    });
    const [first] = wikis;
    if (first === undefined && this.#someFailed) return;
    const union = this.#union(wikis.map(({ columns }) => columns));
    await this.#assembly.assemble(
      wikis.map((wiki, index) => ({ ...wiki, places: union?.places[index] })),
      first && (union?.columns ?? first.columns),
      async ({ extents }, writer, out) => {
        for (const extent of extents) await this.#copy(extent, writer, out);
      },
    );
  }

  #union(columns: readonly Column[][]): Union | undefined {
    const { fanout, settings } = this.#request;
    return fanout.unionColumns ? unionOf(columns, typingOf(settings.output)) : undefined;
  }

  async #copy(extent: Kept['extents'][number], writer: RunWriter, out: OutputBuffer) {
    for (const piece of this.#kept.file.pieces(extent)) {
      writer.push(piece);
      this.#sinceBreath += piece.length;
      await out.pressure();
      if (this.#sinceBreath > breath) {
        this.#sinceBreath = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (this.#abandoned) throw new Failure('interrupted', 'the run was given up', 130);
    }
  }
}
