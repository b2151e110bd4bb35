import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, isFailure } from '../failure.js';
import { OutputError } from '../output/sink.js';
import type { Column } from '../replica/column.js';
import { asFailure, requireCompression } from '../session/named-file.js';
import { isErrno } from '../system-error.js';
import { shown } from '../wikis/shown.js';
import { typingOf } from './column-form.js';
import { fingerprintOf } from './fingerprint.js';
import { finishedFiles, removeParts } from './finished-files.js';
import {
  type FinishedBefore,
  type Gathered,
  type Gathering,
  WikiFailure,
  type WikiRows,
} from './gathering.js';
import type { GatheringRequest } from './gathering-request.js';
import { Journal } from './journal.js';
import { columnsFrom, notedColumns } from './journal-columns.js';
import { fileOf, newFolder, type OutputPlace, partitionColumn, placeOf } from './output-place.js';
import type { Plan, PlannedWiki } from './plan.js';
import { RunColumns } from './run-columns.js';
import { openRunFormat } from './run-format.js';
import { Settling } from './settling.js';
import { WikiColumnFormat } from './wiki-column.js';
import { type MakeFormat, WikiFile } from './wiki-file.js';

/**
 * Opens a run's folder, or pattern, where each wiki gets a file. What is there of an earlier run is
 * gone on with by --resume alone. Rejects with Failure.
 */
export async function openFolder(request: GatheringRequest, path: string): Promise<Gathering> {
  const { settings, fanout, plan, run } = request;
  const { output } = settings;
  if (fanout.unionColumns) {
    const text = '--union-columns writes one stream or FILE, which waits for all wikis';
    throw new Failure('union-folder', `${text}: leave the / or {wiki} out of --output`);
  }
  const place = placeOf(path, output);
  requireCompression(path, place.compression);
  const typed = typingOf({ ...output, format: place.format });
  const make = await openFormats(request, place);
  const header = { run, fingerprint: fingerprintOf(request, 'query-and-form') };
  return system(place.root, () => {
    const isNew = fanout.resume ? false : makeRoom(place, plan);
    const journal = openJournal(place, header, fanout.resume);
    try {
      const finished = finishedFiles(place, journal.entries.values());
      removeParts(place);
      const columns = new RunColumns({ typed });
      setColumns(columns, journal, finished);
      return new FolderGathering({ place, make, journal, finished, columns, isNew });
    } catch (error) {
      journal.close();
      throw error;
    }
  });
}

/** The columns of the first wiki that finished before count for all that are asked now. */
function setColumns(
  columns: RunColumns,
  journal: Journal,
  finished: ReadonlyMap<string, FinishedBefore>,
): void {
  for (const { wiki, columns: noted } of journal.entries.values()) {
    const known = finished.has(wiki) ? columnsFrom(noted) : undefined;
    if (known === undefined) continue;
    columns.check(wiki, known);
    return;
  }
}

/** Makes the format of a wiki's file, with the column of its name where that was asked for. */
async function openFormats(request: GatheringRequest, place: OutputPlace): Promise<MakeFormat> {
  const { settings, fanout, plan, characterSet } = request;
  const sql = plan.statements.at(-1)?.sql;
  const output = { ...settings.output, format: place.format };
  const make = await openRunFormat(output, characterSet, sql);
  const column = fanout.wikiColumnGiven && !place.hive ? fanout.wikiColumn : undefined;
  if (column === undefined) return make;
  const longest = Math.max(0, ...plan.wikis.map(({ wiki }) => Buffer.byteLength(wiki)));
  return (out, wiki) => {
    const format = new WikiColumnFormat(make(out), column, longest);
    format.wiki = wiki;
    return format;
  };
}

/** Makes the folder, or looks whether what is in it would be mixed with a new run's files. Gives whether it was made. */
function makeRoom(place: OutputPlace, plan: Plan): boolean {
  const { root, isPattern } = place;
  const made = mkdirSync(root, newFolder) !== undefined;
  // What to do then, says the journal.
  if (statSync(join(root, place.journal), { throwIfNoEntry: false }) !== undefined) return made;
  if (!isPattern) {
    const found = readdirSync(root).find((name) => !/^[._]/.test(name));
    if (found === undefined) return made;
    const text = `the folder ${shown(root)} is not empty ('${shown(found)}'), and its files would be`;
    throw new Failure('folder-not-empty', `${text} read together with these: name another`);
  }
  for (const { wiki } of plan.wikis) {
    const file = join(root, fileOf(place, wiki));
    if (statSync(file, { throwIfNoEntry: false }) === undefined) continue;
    const text = `${shown(file)} is there already, and not of a run that could be resumed`;
    throw new Failure('output-there', `${text}: remove it, or name another pattern`);
  }
  return made;
}

function openJournal(
  { root, journal, isPattern }: OutputPlace,
  header: { run: string; fingerprint: string },
  resume: boolean,
): Journal {
  try {
    return Journal.open(join(root, journal), header, resume);
  } catch (error) {
    if (!isFailure(error) || error.code !== 'unfinished-run') throw error;
    const what = isPattern ? 'pattern' : 'folder';
    const text = `${shown(join(root, isPattern ? journal : ''))} is of an earlier run`;
    const hint = `--resume finishes it; for a new run, name another ${what}`;
    throw new Failure(error.code, `${text}: ${hint}`);
  }
}

interface FolderParts {
  place: OutputPlace;
  make: MakeFormat;
  journal: Journal;
  finished: Map<string, FinishedBefore>;
  columns: RunColumns;
  /** The folder was made by this run. */
  isNew: boolean;
}

class FolderGathering implements Gathering {
  readonly folder: string;
  readonly finishedBefore: ReadonlyMap<string, FinishedBefore>;
  readonly #parts: FolderParts;
  readonly #settling: Settling;
  readonly #open = new Set<FolderRows>();
  #finished: number;
  #ended = false;

  constructor(parts: FolderParts) {
    this.#parts = parts;
    this.folder = parts.place.root;
    this.finishedBefore = parts.finished;
    this.#finished = parts.finished.size;
    this.#settling = new Settling(parts.journal, parts.place.root);
  }

  get resumable(): boolean {
    return this.#finished > 0;
  }

  begin({ wiki }: PlannedWiki): WikiRows {
    this.#settling.check();
    const rows = new FolderRows(wiki, this.#parts, this.#settling, (gathered) => {
      this.#open.delete(rows);
      if (gathered) this.#finished++;
    });
    this.#open.add(rows);
    return rows;
  }

  without({ wiki }: PlannedWiki, outcome: 'skipped' | 'failed', errno: number): void {
    this.#parts.columns.forget(wiki);
    this.#parts.journal.add({ wiki, outcome, errno, rows: 0, bytes: 0 });
    if (outcome === 'skipped') this.#finished++;
  }

  async finish(): Promise<void> {
    try {
      await this.#settling.end();
      this.#parts.journal.sync();
    } finally {
      this.#close();
    }
  }

  abandon(): void {
    if (this.#ended) return;
    for (const rows of [...this.#open]) rows.drop();
    this.#settling.endNow();
    this.#close();
  }

  /** A journal that says of no wiki that it is done is no reason to refuse the next run. */
  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { journal, place, isNew } = this.#parts;
    if (this.#finished > 0) journal.close();
    else journal.remove();
    if (this.#finished > 0 || !isNew) return;
    try {
      rmdirSync(place.root);
    } catch {
      // Someone has put something into it.
    }
  }
}

class FolderRows implements WikiRows {
  readonly #wiki: string;
  readonly #parts: FolderParts;
  readonly #settling: Settling;
  readonly #ended: (gathered: boolean) => void;
  #file: WikiFile | undefined;
  #columns: unknown;
  #state: 'open' | 'dropped' | 'done' = 'open';

  constructor(
    wiki: string,
    parts: FolderParts,
    settling: Settling,
    ended: (gathered: boolean) => void,
  ) {
    this.#wiki = wiki;
    this.#parts = parts;
    this.#settling = settling;
    this.#ended = ended;
  }

  begin(columns: Column[]): void {
    if (this.#state !== 'open') return;
    if (this.#file !== undefined) {
      throw new WikiFailure('it gives a second result, and there is room for one of each wiki');
    }
    const { place, make, columns: others } = this.#parts;
    if (place.hive) requireNoPartition(columns);
    others.check(this.#wiki, columns);
    this.#naming(() => {
      const file = this.#path();
      this.#file = new WikiFile(place.root, file, place.compression, (out) =>
        make(out, this.#wiki),
      );
      this.#file.begin(columns);
    });
    this.#columns = notedColumns(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#file?.row(bytes, start, end);
  }

  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): number {
    return this.#file?.takeRows(bytes, start, end, longest) ?? end;
  }

  pressure(): Promise<void> | undefined {
    return this.#file?.pressure()?.catch((error) => {
      throw this.#named(error);
    });
  }

  async done(): Promise<Gathered> {
    const file = this.#file;
    try {
      await file?.finish();
    } catch (error) {
      throw this.#named(error);
    }
    if (this.#state !== 'open') throw new WikiFailure('the run was ended');
    this.#settling.check();
    const gathered = {
      rows: file?.rows ?? 0,
      bytes: file?.bytes ?? 0,
      file: file && this.#path(),
      sha256: file?.part.sha256(),
    };
    const { journal, place } = this.#parts;
    journal.add({
      ...{ wiki: this.#wiki, outcome: 'ok', rows: gathered.rows, bytes: gathered.bytes },
      ...(gathered.file !== undefined && { file: gathered.file }),
      ...(file !== undefined && { size: file.part.size, columns: this.#columns }),
      ...(gathered.sha256 !== undefined && { sha256: gathered.sha256 }),
    });
    this.#state = 'done';
    if (file !== undefined) {
      this.#settling.add({ part: file.part.path, path: join(place.root, this.#path()) });
    }
    this.#ended(true);
    return gathered;
  }

  drop(): void {
    if (this.#state !== 'open') return;
    this.#state = 'dropped';
    this.#file?.discard();
    this.#file = undefined;
    this.#ended(false);
  }

  #path(): string {
    return fileOf(this.#parts.place, this.#wiki);
  }

  #naming(act: () => void): void {
    try {
      act();
    } catch (error) {
      throw this.#named(error);
    }
  }

  #named(error: unknown): unknown {
    return asFailure(join(this.#parts.place.root, this.#path()), error);
  }
}

/** Readers would take the folder's name for the column, or the column for the folder's name. */
function requireNoPartition(columns: readonly Column[]): void {
  const own = columns.find(
    ({ name }) => Buffer.from(name).toString().toLowerCase() === partitionColumn,
  );
  if (own === undefined) return;
  const text = `the result has a column '${partitionColumn}', which is that of the folders' names`;
  throw new WikiFailure(`${text}: rename it with AS`);
}

/** Tells errors of the system as what they mean for the folder. */
function system<T>(root: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (isFailure(error) || !isErrno(error)) throw error;
    throw asFailure(root, new OutputError(error.code ?? 'EIO'));
  }
}
