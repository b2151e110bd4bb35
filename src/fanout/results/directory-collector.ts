import { join } from 'node:path';
import type { EarlierRun, FanoutSettings } from '../../cli/settings.js';
import { Failure } from '../../failure.js';
import { OutputError } from '../../output/sink.js';
import { requireCompression, toFileFailure } from '../../session/named-file.js';
import { isErrno } from '../../system-error.js';
import type { Journal, JournalHeader } from '../journal/journal.js';
import { columnsFromJson } from '../journal/journal-columns.js';
import { checkpointName, layoutOf, type OutputLayout } from '../plan/output-layout.js';
import type { Plan, RunRequest } from '../plan/plan.js';
import { type ColumnChecker, createColumnChecker } from '../rows/column-checker.js';
import { openRunFormat } from '../rows/run-format.js';
import { chooseWikiColumn, createWikiCells } from '../rows/wiki-cells.js';
import { WikiColumnsFormat } from '../rows/wiki-columns.js';
import { Checkpoint } from './checkpoint.js';
import { CommitQueue } from './commit-queue.js';
import { type DirectoryContext, DirectoryRows } from './directory-rows.js';
import { FileCollector } from './file-collector.js';
import { fingerprintOf } from './fingerprint.js';
import {
  type FinishedFiles,
  findFinishedFiles,
  finishDirectory,
  removeIfEmpty,
  removePartFiles,
} from './finished-files.js';
import { makeDirectories, openJournal, requireNoOtherFiles } from './prepare-directory.js';
import type {
  FinishedRun,
  LastError,
  ResultCollector,
  ResumedWiki,
  WikiRows,
} from './result-collector.js';
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
    const isNew = makeDirectories(layout.root);
    const journal = openJournal(layout, header, fanout.earlierRun);
    try {
      if (!journal.isContinued && journal.replaces.length === 0) requireNoOtherFiles(layout, plan);
      const finished = findFinishedFiles(layout, journal);
      const finishedRun = findFinishedRun(journal, finished.wikis, plan);
      if (fanout.unionColumns && finishedRun === undefined) {
        return openUnionCollector(requestWithFormat, { layout, make, header, journal, isNew });
      }
      removePartFiles(layout, new Set(finished.partFiles.map(({ part }) => part)));
      // A run with --union-columns that was killed after its last file was complete leaves its rows.
      Checkpoint.removeLeftover(join(layout.root, checkpointName(layout)), header);
      const columns = createColumnChecker(requestWithFormat, layout);
      setExpectedColumns(columns, journal, finished.wikis);
      const context = { layout, make, journal, columns, isNew };
      return new DirectoryCollector(context, finished, finishedRun);
    } catch (error) {
      journal.closeOrRemove();
      throw error;
    }
  });
}

/** Returns the run of a journal if it is finished and ended all wikis of the plan. */
function findFinishedRun(
  { wasFinished, began, entries }: Journal,
  finished: ReadonlyMap<string, ResumedWiki>,
  { wikis }: Plan,
): FinishedRun | undefined {
  const isFailed = (wiki: string) => entries.get(wiki)?.final === true;
  if (!wasFinished || !wikis.every(({ wiki }) => finished.has(wiki) || isFailed(wiki))) {
    return undefined;
  }
  return { began, failed: wikis.filter(({ wiki }) => isFailed(wiki)).length };
}

/**
 * Opens the collector for --union-columns. No file can be started before the columns of all wikis are
 * known, so their rows are stored in a checkpoint.
 */
function openUnionCollector(
  request: RunRequest,
  directory: {
    layout: OutputLayout;
    make: MakeFileFormat;
    header: JournalHeader;
    journal: Journal;
    isNew: boolean;
  },
): ResultCollector {
  const { layout, make, header, journal, isNew } = directory;
  const path = join(layout.root, checkpointName(layout));
  const checkpoint = Checkpoint.open(path, header, chooseCheckpoint(request.fanout, journal));
  try {
    return new FileCollector(
      request,
      checkpoint,
      new UnionDirectory(layout, make, journal, isNew),
      layout,
    );
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** Returns what to do about a checkpoint, after the journal of its directory was opened. */
function chooseCheckpoint(
  { earlierRun }: Pick<FanoutSettings, 'earlierRun'>,
  { isContinued, wasFinished, replaces }: Journal,
): EarlierRun {
  if (isContinued && !wasFinished) return { action: 'resume', maxAge: undefined };
  return isContinued || replaces.length > 0 ? { action: 'restart' } : earlierRun;
}

/** Writes a file for each wiki, which gets its final name soon after the wiki is complete. */
class DirectoryCollector implements ResultCollector {
  readonly directory: string;
  readonly alreadyDone: ReadonlyMap<string, ResumedWiki>;
  readonly #context: DirectoryContext;
  readonly #commits: CommitQueue;
  readonly #open = new Set<DirectoryRows>();
  readonly finishedRun: FinishedRun | undefined;
  /** Whether a wiki failed with an error that trying again may cure. */
  #isUnfinished = false;
  #isFinished = false;
  #isClosed = false;

  constructor(
    context: DirectoryContext,
    { wikis, partFiles }: FinishedFiles,
    finishedRun: FinishedRun | undefined,
  ) {
    const { journal, layout } = context;
    this.#context = context;
    this.directory = layout.root;
    this.alreadyDone = wikis;
    this.finishedRun = finishedRun;
    this.#commits = new CommitQueue(journal, layout.root, journal.replaces.length > 0);
    for (const file of partFiles) this.#commits.add(file);
  }

  get isResumable(): boolean {
    const { journal } = this.#context;
    return !this.#isFinished && (journal.hasResult || journal.replaces.length > 0);
  }

  begin(wiki: string): WikiRows {
    this.#commits.throwIfFailed();
    const rows = new DirectoryRows(wiki, this.#context, this.#commits, () => {
      this.#open.delete(rows);
    });
    this.#open.add(rows);
    return rows;
  }

  markWithoutResult(
    wiki: string,
    outcome: 'skipped' | 'failed',
    { errno, isFinal }: LastError,
  ): void {
    if (outcome === 'failed') this.#isUnfinished ||= !isFinal;
    this.#context.columns.forget(wiki);
    const ending = {
      outcome,
      errno,
      ...(outcome === 'failed' && isFinal && { final: true as const }),
    };
    this.#context.journal.add({ wiki, ...ending, rows: 0, bytes: 0 });
  }

  async finish(): Promise<void> {
    const { journal, layout } = this.#context;
    try {
      if (this.#isUnfinished && journal.replaces.length > 0) {
        this.#commits.flushNow();
      } else {
        await this.#commits.finish();
        if (!this.#isUnfinished) finishDirectory(layout, journal);
        this.#isFinished = !this.#isUnfinished;
      }
      journal.sync();
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

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { journal, layout, isNew } = this.#context;
    journal.closeOrRemove();
    if (isNew) removeIfEmpty(layout.root);
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
  const wikiCells = createWikiCells(plan, fanout, chooseWikiColumn(fanout, layout));
  if (wikiCells.columns.length === 0) return make;
  return (out, wiki) => {
    const format = new WikiColumnsFormat(make(out), wikiCells.columns);
    format.cells = wikiCells.encode(wiki);
    return format;
  };
}
