import { toVerticalFormat } from '../cli/result-format.js';
import type { FanoutSettings, Settings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { OutputError } from '../output/sink.js';
import { describeWriteError } from '../output/write-error.js';
import { chooseProgressMode } from '../progress/progress-mode.js';
import { pluralize } from '../progress/units.js';
import { chooseCharacterSet } from '../replica/character-set.js';
import type { Login } from '../replica/log-in.js';
import { listenForInterruption } from '../session/interruption.js';
import { toFileFailure } from '../session/named-file.js';
import type { ProgramEnd } from '../signals.js';
import { explainTarget } from '../target/format-target.js';
import { printable } from '../text/printable.js';
import { createTableDrawer } from '../text/small-table.js';
import { untilAborted } from '../until-aborted.js';
import { limitConnections } from './connection-limit.js';
import { explainFailures, explainMissingTable } from './missing-table.js';
import { failedStatus } from './outcome.js';
import { makePlan } from './plan/make-plan.js';
import { isFilePerWiki } from './plan/output-layout.js';
import type { Plan, RunRequest } from './plan/plan.js';
import { startProgress } from './progress.js';
import { writeRunProvenance } from './provenance.js';
import { readScript } from './read-script.js';
import { openDirectoryCollector } from './results/directory-collector.js';
import { openFileCollector } from './results/file-collector.js';
import type { FinishedRun, ResultCollector } from './results/result-collector.js';
import { openStreamCollector } from './results/stream-collector.js';
import { buildResumeCommand } from './resume-command.js';
import { buildRunComment, createRunId } from './run-identity.js';
import { RunStats } from './run-stats.js';
import { Runner } from './runner.js';
import { connectToSection } from './section-connection.js';
import { formatSummaryLines, formatSummaryTable } from './summary.js';

/**
 * Runs a script on many wikis: plans, asks the servers, writes the results, the provenance and the
 * summary, and reacts to signals.
 */

/** How a run ended. */
export interface RunReport {
  status: ProgramEnd;
  /** Lines for standard error, without newlines. The caller puts the program's name before each. */
  lines: string[];
  /** Lines of a table that follows the first of `lines`, printed without the program's name. */
  table: string[];
  /** More lines like `lines`, printed after the table. */
  linesAfterTable: string[];
  /** Whether a server denied access, so that a hint about credentials may help. */
  denied: boolean;
}

/**
 * Runs the script on all wikis and writes the results as --output and --format say. Returns what to
 * print after the run. `commandLine` has its passwords masked. `printWarning` prints lines to
 * standard error before the run. Throws Failure.
 */
export async function runManyWikis(
  settings: Settings,
  fanout: FanoutSettings,
  password: string | undefined,
  commandLine: readonly string[],
  printWarning: (line: string) => void,
): Promise<RunReport> {
  const { connect, input } = settings;
  const characterSet = (await chooseCharacterSet(connect.characterSet, process.env)).name;
  const {
    statements,
    isVertical: vertical,
    statementsIn,
  } = await readScript(settings.input, characterSet);
  const { format } = settings.output;
  const output = { ...settings.output, format: vertical ? toVerticalFormat(format) : format };
  const plan = await makePlan(settings, fanout, statements);
  reportTargets(plan, output.verbose > 0, printWarning);
  const isFilePerConnection =
    output.file !== undefined && isFilePerWiki(output.file) && !fanout.unionColumns;
  const { perSection, warning } = limitConnections(
    plan,
    fanout.perSection,
    isFilePerConnection ? 1 : 0,
  );
  if (warning !== undefined) printWarning(warning);
  const run = createRunId();
  const request = { settings: { ...settings, output }, fanout, plan, characterSet, run };
  const collector = await openCollector(request);
  if (collector.finishedRun !== undefined) {
    collector.abandon();
    return reportFinishedRun(collector.finishedRun, output.file ?? '', fanout.quiet);
  }
  const interruption = listenForInterruption(input.sigintIgnore);
  const stats = new RunStats(plan.wikis.length);
  const login: Login = { ...connect, password };
  const comment = buildRunComment(run);
  const limits = { ...fanout, perSection };
  const options = { statementsIn, login, collector, stats, limits, comment };
  const runner = new Runner({ plan, ...options });
  const silent = output.silentGiven || fanout.quiet;
  const mode = chooseProgressMode(output.file === undefined, process.env);
  const progress = startProgress(stats, { mode, silent });
  const resumeHint = () =>
    collector.isResumable
      ? [`to resume, run: ${buildResumeCommand(commandLine, input.execute === undefined)}`]
      : [];
  const createReport = async (
    status: ProgramEnd,
    linesAfterTable: string[],
  ): Promise<RunReport> => ({
    status,
    ...(await summarize(stats, silent)),
    linesAfterTable: [...runner.stillRunningMessages, ...linesAfterTable],
    denied: stats.outcomes.some(({ reason }) => isAccessDenied(reason?.errno)),
  });
  try {
    const { firstSignal: first, secondSignal: second } = interruption;
    const finishing = runAndFinish(runner, collector, stats).then(() => 'finished');
    if ((await untilAborted(finishing, first)) === undefined) {
      await untilAborted(runner.stop(), second);
      collector.abandon();
      progress.stop();
      return await createReport(first.reason, resumeHint());
    }
    progress.stop();
    if (output.provenance && isWorthKeeping(runner, stats)) {
      const { directory } = collector;
      const failure = await catchFailure(writeRunProvenance({ ...request, stats, directory }));
      if (failure !== undefined) return await createReport(failure.exitStatus, [failure.message]);
    }
    const { mwConfigPath } = settings.target;
    const explanation = Promise.all([
      explainMissingTable(stats, plan, mwConfigPath, (target) =>
        connectToSection(target, login, fanout),
      ),
      explainFailures(stats, plan, mwConfigPath, silent),
    ]);
    const explanations = await untilAborted(explanation, first);
    if (explanations === undefined) return await createReport(first.reason, resumeHint());
    const status = stats.failed > 0 || stats.withResult === 0 ? failedStatus : 0;
    return await createReport(status, [
      ...explanations.flat(),
      ...(status === 0 ? [] : resumeHint()),
    ]);
  } catch (error) {
    collector.abandon();
    progress.stop();
    if (error instanceof OutputError && error.closed) {
      return {
        status: 0,
        lines: [],
        table: [],
        linesAfterTable: runner.stillRunningMessages,
        denied: false,
      };
    }
    for (const line of runner.stillRunningMessages) printWarning(line);
    throw toOutputFailure(error, output.file);
  } finally {
    interruption.stop();
  }
}

/** Reports that there is nothing to do, because an earlier run of the command is finished. */
function reportFinishedRun(
  { began, failed }: FinishedRun,
  file: string,
  quiet: boolean,
): RunReport {
  const start = began === undefined ? '' : ` that began at ${began.toISOString().slice(0, 19)}Z`;
  const gaps = failed > 0 ? `; ${pluralize(failed, 'wiki')} failed for good` : '';
  const text = `'${printable(file)}' is complete from a run${start}${gaps}: nothing to do`;
  return { status: 0, lines: quiet ? [] : [text], table: [], linesAfterTable: [], denied: false };
}

/** Returns the summary as lines; on a terminal the reasons for failures are a table. */
async function summarize(
  stats: RunStats,
  silent: boolean,
): Promise<Pick<RunReport, 'lines' | 'table'>> {
  const drawTable = stats.failed + stats.skipped > 0 ? await createTableDrawer(2) : undefined;
  const summary = drawTable && formatSummaryTable(stats, silent, drawTable);
  return summary ?? { lines: formatSummaryLines(stats, silent), table: [] };
}

async function runAndFinish(
  runner: Runner,
  collector: ResultCollector,
  stats: RunStats,
): Promise<void> {
  await runner.run();
  if (isWorthKeeping(runner, stats)) await collector.finish();
  else collector.abandon();
}

/** Whether to write the output. If no wiki has a result, an older output file stays. */
function isWorthKeeping({ isStopped: stopped }: Runner, stats: RunStats): boolean {
  return !stopped && stats.withResult > 0;
}

/** Returns the Failure that `promise` rejects with, or undefined if it resolves. */
async function catchFailure(promise: Promise<void>): Promise<Failure | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Prints why the port scheme was used instead of DNS; with -v also how each section was found. */
function reportTargets(
  { sections }: Plan,
  verbose: boolean,
  printLine: (line: string) => void,
): void {
  for (const { target } of sections) {
    for (const warning of target.warnings) printLine(warning);
    if (verbose) for (const line of explainTarget(target)) printLine(line);
  }
}

/** Whether a server rejected the user name and password. */
function isAccessDenied(errno: number | undefined): boolean {
  return errno === 1044 || errno === 1045 || errno === 1698;
}

function toOutputFailure(error: unknown, file: string | undefined): unknown {
  if (!(error instanceof OutputError)) return error;
  if (file !== undefined) return toFileFailure(file, error);
  const text = `cannot write the output (${describeWriteError(error.code)}): it is incomplete`;
  return new Failure('output-failed', text);
}

/**
 * Opens the collector that --output asks for: one file per wiki, a single file, or standard output.
 * Rejects with Failure.
 */
async function openCollector(request: RunRequest): Promise<ResultCollector> {
  const { file } = request.settings.output;
  if (file === undefined) return openStreamCollector(request);
  return isFilePerWiki(file)
    ? openDirectoryCollector(request, file)
    : openFileCollector(request, file);
}
