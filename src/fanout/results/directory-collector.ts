import { rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../failure.js';
import { OutputError } from '../../output/sink.js';
import { asFailure, requireCompression } from '../../session/named-file.js';
import { isErrno } from '../../system-error.js';
import type { Journal } from '../journal/journal.js';
import { columnsFromJson } from '../journal/journal-columns.js';
import { checkpointName, layoutOf, type OutputLayout } from '../plan/output-layout.js';
import type { RunRequest } from '../plan/plan.js';
import { RunColumns } from '../rows/run-columns.js';
import { openRunFormat } from '../rows/run-format.js';
import { typeComparisonOf } from '../rows/type-comparison.js';
import { WikiColumnFormat } from '../rows/wiki-column.js';
import { Checkpoint } from './checkpoint.js';
import { CommitQueue } from './commit-queue.js';
import { type DirectoryParts, DirectoryRows } from './directory-rows.js';
import { FileCollector } from './file-collector.js';
import { fingerprintOf } from './fingerprint.js';
import { finishedFiles, removeParts } from './finished-files.js';
import {
  makeDirectories,
  openJournal,
  prepareDirectory,
  requireNoJournal,
} from './prepare-directory.js';
import type { ResultCollector, ResumedWiki, WikiRows } from './result-collector.js';
import { UnionDirectory } from './union-directory.js';
import type { MakeFileFormat } from './wiki-file.js';

/**
 * Opens a run's directory, or pattern, where each wiki gets a file. What is there of an earlier run is
 * gone on with by --resume alone. Rejects with Failure.
 */
export async function openDirectoryCollector(
  request: RunRequest,
  path: string,
): Promise<ResultCollector> {
  const { settings, fanout, plan, run } = request;
  const place = layoutOf(path, settings.output);
  requireCompression(path, place.compression);
  const output = { ...settings.output, format: place.format };
  const formed = { ...request, settings: { ...settings, output } };
  const make = await openFormats(formed, place);
  const header = { run, fingerprint: fingerprintOf(request, 'query-and-form') };
  return system(place.root, () => {
    if (fanout.unionColumns) return openUnion(formed, place, make, header);
    const isNew = fanout.resume ? false : prepareDirectory(place, plan);
    const journal = openJournal(place, header, fanout.resume);
    try {
      const finished = finishedFiles(place, journal.entries.values());
      removeParts(place);
      const columns = new RunColumns({ typed: typeComparisonOf(output) });
      setColumns(columns, journal, finished);
      return new DirectoryCollector({ layout: place, make, journal, finished, columns, isNew });
    } catch (error) {
      journal.close();
      throw error;
    }
  });
}

/** With --union-columns no file can be begun before all wikis have come: their rows are kept. */
function openUnion(
  request: RunRequest,
  place: OutputLayout,
  make: MakeFileFormat,
  header: { run: string; fingerprint: string },
): ResultCollector {
  const { fanout, plan } = request;
  const isNew = !fanout.resume && makeDirectories(place.root);
  const kept = Checkpoint.open(
    join(place.root, checkpointName(place)),
    header,
    fanout.resume,
    isNew ? place.root : undefined,
  );
  try {
    if (!fanout.resume) {
      prepareDirectory(place, plan);
      requireNoJournal(place);
    }
    return new FileCollector(request, kept, new UnionDirectory(place, make, kept.journal));
  } catch (error) {
    kept.close();
    throw error;
  }
}

/** A file for each wiki, which is there under its name soon after the wiki is done. */
class DirectoryCollector implements ResultCollector {
  readonly directory: string;
  readonly alreadyDone: ReadonlyMap<string, ResumedWiki>;
  readonly #parts: DirectoryParts;
  readonly #commits: CommitQueue;
  readonly #open = new Set<DirectoryRows>();
  /** How many wikis have a result. */
  #withResult: number;
  #ended = false;

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
    this.directory = parts.layout.root;
    this.alreadyDone = parts.finished;
    this.#withResult = [...parts.finished.values()].filter(
      ({ outcome }) => outcome === 'ok',
    ).length;
    this.#commits = new CommitQueue(parts.journal, parts.layout.root);
  }

  get resumable(): boolean {
    return this.#withResult > 0;
  }

  begin(wiki: string): WikiRows {
    this.#commits.check();
    const rows = new DirectoryRows(wiki, this.#parts, this.#commits, (wikiResult) => {
      this.#open.delete(rows);
      if (wikiResult) this.#withResult++;
    });
    this.#open.add(rows);
    return rows;
  }

  markWithoutResult(wiki: string, outcome: 'skipped' | 'failed', errno: number): void {
    this.#parts.columns.forget(wiki);
    this.#parts.journal.add({ wiki, outcome, errno, rows: 0, bytes: 0 });
  }

  async finish(): Promise<void> {
    try {
      await this.#commits.end();
      this.#parts.journal.sync();
    } finally {
      this.#close();
    }
  }

  abandon(): void {
    if (this.#ended) return;
    for (const rows of [...this.#open]) rows.drop();
    this.#commits.flushNow();
    this.#close();
  }

  /** A journal without a wiki that has a result is no reason to refuse the next run. */
  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { journal, layout: place, isNew } = this.#parts;
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
  finished: ReadonlyMap<string, ResumedWiki>,
): void {
  for (const { wiki, columns: noted } of journal.entries.values()) {
    const known = finished.has(wiki) ? columnsFromJson(noted) : undefined;
    if (known === undefined) continue;
    columns.check(wiki, known);
    return;
  }
}

/** Tells errors of the system as what they mean for the directory. */
function system<T>(root: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Failure || !isErrno(error)) throw error;
    throw asFailure(root, new OutputError(error.code ?? 'EIO'));
  }
}

/** Makes the format of a wiki's file, with the column of its name where that was asked for. */
async function openFormats(request: RunRequest, place: OutputLayout): Promise<MakeFileFormat> {
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
