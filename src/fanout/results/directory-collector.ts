import { rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../failure.js';
import { OutputError } from '../../output/sink.js';
import { requireCompression, toFileFailure } from '../../session/named-file.js';
import { isErrno } from '../../system-error.js';
import type { Journal } from '../journal/journal.js';
import { columnsFromJson } from '../journal/journal-columns.js';
import { checkpointName, layoutOf, type OutputLayout } from '../plan/output-layout.js';
import type { RunRequest } from '../plan/plan.js';
import { ColumnChecker } from '../rows/column-checker.js';
import { openRunFormat } from '../rows/run-format.js';
import { typeComparisonOf } from '../rows/type-comparison.js';
import { createWikiCells } from '../rows/wiki-cells.js';
import { WikiColumnsFormat } from '../rows/wiki-columns.js';
import { Checkpoint } from './checkpoint.js';
import { CommitQueue } from './commit-queue.js';
import { type DirectoryContext, DirectoryRows } from './directory-rows.js';
import { FileCollector } from './file-collector.js';
import { fingerprintOf } from './fingerprint.js';
import { findFinishedFiles, removePartFiles } from './finished-files.js';
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
 * Opens the collector for an --output that is a directory or a pattern, where each wiki gets its own
 * file. Only with --resume does it continue an earlier run there. Rejects with Failure.
 */
export async function openDirectoryCollector(
  request: RunRequest,
  path: string,
): Promise<ResultCollector> {
  const { settings, fanout, plan, run } = request;
  const layout = layoutOf(path, settings.output);
  requireCompression(path, layout.compression);
  const output = { ...settings.output, format: layout.format };
  const requestWithFormat = { ...request, settings: { ...settings, output } };
  const make = await openFileFormat(requestWithFormat, layout);
  const header = { run, fingerprint: fingerprintOf(request, 'query-and-form') };
  return withSystemErrors(layout.root, () => {
    if (fanout.unionColumns) return openUnionCollector(requestWithFormat, layout, make, header);
    const isNew = fanout.resume ? false : prepareDirectory(layout, plan);
    const journal = openJournal(layout, header, fanout.resume);
    try {
      const finished = findFinishedFiles(layout, journal.entries.values());
      removePartFiles(layout);
      const columns = new ColumnChecker({ comparison: typeComparisonOf(output) });
      setExpectedColumns(columns, journal, finished);
      return new DirectoryCollector({ layout, make, journal, finished, columns, isNew });
    } catch (error) {
      journal.close();
      throw error;
    }
  });
}

/**
 * Opens the collector for --union-columns. No file can be started before the columns of all wikis are
 * known, so their rows are stored in a checkpoint.
 */
function openUnionCollector(
  request: RunRequest,
  layout: OutputLayout,
  make: MakeFileFormat,
  header: { run: string; fingerprint: string },
): ResultCollector {
  const { fanout, plan } = request;
  const isNew = !fanout.resume && makeDirectories(layout.root);
  const checkpoint = Checkpoint.open(
    join(layout.root, checkpointName(layout)),
    header,
    fanout.resume,
    isNew ? layout.root : undefined,
  );
  try {
    if (!fanout.resume) {
      prepareDirectory(layout, plan);
      requireNoJournal(layout);
    }
    return new FileCollector(
      request,
      checkpoint,
      new UnionDirectory(layout, make, checkpoint.journal),
    );
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** Writes a file for each wiki, which gets its final name soon after the wiki is complete. */
class DirectoryCollector implements ResultCollector {
  readonly directory: string;
  readonly alreadyDone: ReadonlyMap<string, ResumedWiki>;
  readonly #context: DirectoryContext;
  readonly #commits: CommitQueue;
  readonly #open = new Set<DirectoryRows>();
  /** How many wikis are complete. */
  #resultCount: number;
  #isClosed = false;

  constructor(context: DirectoryContext) {
    this.#context = context;
    this.directory = context.layout.root;
    this.alreadyDone = context.finished;
    this.#resultCount = [...context.finished.values()].filter(
      ({ outcome }) => outcome === 'ok',
    ).length;
    this.#commits = new CommitQueue(context.journal, context.layout.root);
  }

  get isResumable(): boolean {
    return this.#resultCount > 0;
  }

  begin(wiki: string): WikiRows {
    this.#commits.throwIfFailed();
    const rows = new DirectoryRows(wiki, this.#context, this.#commits, (isComplete) => {
      this.#open.delete(rows);
      if (isComplete) this.#resultCount++;
    });
    this.#open.add(rows);
    return rows;
  }

  markWithoutResult(wiki: string, outcome: 'skipped' | 'failed', errno: number): void {
    this.#context.columns.forget(wiki);
    this.#context.journal.add({ wiki, outcome, errno, rows: 0, bytes: 0 });
  }

  async finish(): Promise<void> {
    try {
      await this.#commits.finish();
      this.#context.journal.sync();
    } finally {
      this.#close();
    }
  }

  abandon(): void {
    if (this.#isClosed) return;
    for (const rows of [...this.#open]) rows.drop();
    this.#commits.flushNow();
    this.#close();
  }

  /** Closes the journal. Removes it if no wiki is complete, since there is nothing to resume then. */
  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { journal, layout, isNew } = this.#context;
    if (this.#resultCount > 0) journal.close();
    else journal.remove();
    if (this.#resultCount > 0 || !isNew) return;
    try {
      rmdirSync(layout.root);
    } catch {
      // Another program has created a file in it.
    }
  }
}

/** All wikis of this run must have the columns of the first wiki that an earlier run finished. */
function setExpectedColumns(
  columns: ColumnChecker,
  journal: Journal,
  finished: ReadonlyMap<string, ResumedWiki>,
): void {
  for (const { wiki, columns: storedColumns } of journal.entries.values()) {
    const expected = finished.has(wiki) ? columnsFromJson(storedColumns) : undefined;
    if (expected === undefined) continue;
    columns.check(wiki, expected);
    return;
  }
}

/** Runs `act` and converts errors of the system into a Failure that names the directory. */
function withSystemErrors<T>(root: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Failure || !isErrno(error)) throw error;
    throw toFileFailure(root, new OutputError(error.code ?? 'EIO'));
  }
}

/**
 * Returns a function that creates the format of a wiki's file. With --wiki-column or --wiki-fields,
 * the format adds columns for the wiki.
 */
async function openFileFormat(request: RunRequest, layout: OutputLayout): Promise<MakeFileFormat> {
  const { settings, fanout, plan, characterSet } = request;
  const sql = plan.statements.at(-1)?.sql;
  const output = { ...settings.output, format: layout.format };
  const make = await openRunFormat(output, characterSet, sql);
  const hasWikiColumn = fanout.wikiColumnGiven && !layout.isHiveLayout;
  const wikiCells = createWikiCells(plan, fanout, hasWikiColumn ? fanout.wikiColumn : undefined);
  if (wikiCells.columns.length === 0) return make;
  return (out, wiki) => {
    const format = new WikiColumnsFormat(make(out), wikiCells.columns);
    format.cells = wikiCells.encode(wiki);
    return format;
  };
}
