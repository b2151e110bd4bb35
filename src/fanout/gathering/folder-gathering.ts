import { rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../failure.js';
import { OutputError } from '../../output/sink.js';
import { asFailure, requireCompression } from '../../session/named-file.js';
import { isErrno } from '../../system-error.js';
import type { Journal } from '../journal/journal.js';
import { columnsFrom } from '../journal/journal-columns.js';
import { keptUnder, type OutputPlace, placeOf } from '../plan/output-place.js';
import type { RunRequest } from '../plan/plan.js';
import { typingOf } from '../rows/column-form.js';
import { RunColumns } from '../rows/run-columns.js';
import { openRunFormat } from '../rows/run-format.js';
import { WikiColumnFormat } from '../rows/wiki-column.js';
import { FileGathering } from './file-gathering.js';
import { fingerprintOf } from './fingerprint.js';
import { finishedFiles, removeParts } from './finished-files.js';
import { makeFolders, makeRoom, openJournal, requireNoJournal } from './folder-room.js';
import { type FolderParts, FolderRows } from './folder-rows.js';
import type { FinishedBefore, Gathering, WikiRows } from './gathering.js';
import { KeptRows } from './kept-rows.js';
import { Settling } from './settling.js';
import { UnionFolder } from './union-folder.js';
import type { MakeFileFormat } from './wiki-file.js';

/**
 * Opens a run's folder, or pattern, where each wiki gets a file. What is there of an earlier run is
 * gone on with by --resume alone. Rejects with Failure.
 */
export async function openFolder(request: RunRequest, path: string): Promise<Gathering> {
  const { settings, fanout, plan, run } = request;
  const place = placeOf(path, settings.output);
  requireCompression(path, place.compression);
  const output = { ...settings.output, format: place.format };
  const formed = { ...request, settings: { ...settings, output } };
  const make = await openFormats(formed, place);
  const header = { run, fingerprint: fingerprintOf(request, 'query-and-form') };
  return system(place.root, () => {
    if (fanout.unionColumns) return openUnion(formed, place, make, header);
    const isNew = fanout.resume ? false : makeRoom(place, plan);
    const journal = openJournal(place, header, fanout.resume);
    try {
      const finished = finishedFiles(place, journal.entries.values());
      removeParts(place);
      const columns = new RunColumns({ typed: typingOf(output) });
      setColumns(columns, journal, finished);
      return new FolderGathering({ place, make, journal, finished, columns, isNew });
    } catch (error) {
      journal.close();
      throw error;
    }
  });
}

/** With --union-columns no file can be begun before all wikis have come: their rows are kept. */
function openUnion(
  request: RunRequest,
  place: OutputPlace,
  make: MakeFileFormat,
  header: { run: string; fingerprint: string },
): Gathering {
  const { fanout, plan } = request;
  const isNew = !fanout.resume && makeFolders(place.root);
  const kept = KeptRows.open(
    join(place.root, keptUnder(place)),
    header,
    fanout.resume,
    isNew ? place.root : undefined,
  );
  try {
    if (!fanout.resume) {
      makeRoom(place, plan);
      requireNoJournal(place);
    }
    return new FileGathering(request, kept, new UnionFolder(place, make, kept.journal));
  } catch (error) {
    kept.close();
    throw error;
  }
}

/** A file for each wiki, which is there under its name soon after the wiki is done. */
class FolderGathering implements Gathering {
  readonly folder: string;
  readonly finishedBefore: ReadonlyMap<string, FinishedBefore>;
  readonly #parts: FolderParts;
  readonly #settling: Settling;
  readonly #open = new Set<FolderRows>();
  /** How many wikis have a result. */
  #withResult: number;
  #ended = false;

  constructor(parts: FolderParts) {
    this.#parts = parts;
    this.folder = parts.place.root;
    this.finishedBefore = parts.finished;
    this.#withResult = [...parts.finished.values()].filter(
      ({ outcome }) => outcome === 'ok',
    ).length;
    this.#settling = new Settling(parts.journal, parts.place.root);
  }

  get resumable(): boolean {
    return this.#withResult > 0;
  }

  begin(wiki: string): WikiRows {
    this.#settling.check();
    const rows = new FolderRows(wiki, this.#parts, this.#settling, (gathered) => {
      this.#open.delete(rows);
      if (gathered) this.#withResult++;
    });
    this.#open.add(rows);
    return rows;
  }

  without(wiki: string, outcome: 'skipped' | 'failed', errno: number): void {
    this.#parts.columns.forget(wiki);
    this.#parts.journal.add({ wiki, outcome, errno, rows: 0, bytes: 0 });
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

  /** A journal without a wiki that has a result is no reason to refuse the next run. */
  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { journal, place, isNew } = this.#parts;
    if (this.#withResult > 0) journal.close();
    else journal.remove();
    if (this.#withResult > 0 || !isNew) return;
    try {
      rmdirSync(place.root);
    } catch {
      // Someone has put something into it.
    }
  }
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

/** Tells errors of the system as what they mean for the folder. */
function system<T>(root: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Failure || !isErrno(error)) throw error;
    throw asFailure(root, new OutputError(error.code ?? 'EIO'));
  }
}

/** Makes the format of a wiki's file, with the column of its name where that was asked for. */
async function openFormats(request: RunRequest, place: OutputPlace): Promise<MakeFileFormat> {
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
