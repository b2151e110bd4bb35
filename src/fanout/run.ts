import { verticalFormat } from '../cli/result-format.js';
import type { FanoutSettings, Settings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { OutputError } from '../output/sink.js';
import { progressMode } from '../progress/progress-mode.js';
import { chooseCharacterSet } from '../replica/character-set.js';
import type { Login } from '../replica/log-in.js';
import { listenForInterruption } from '../session/interruption.js';
import { asFailure } from '../session/named-file.js';
import type { ProgramEnd } from '../signals.js';
import { explainTarget } from '../target/explain.js';
import { tableDrawer } from '../text/small-table.js';
import { untilAborted } from '../until-aborted.js';
import { explainMissingTable } from './missing-table.js';
import { makePlan } from './plan/make-plan.js';
import { isDirectoryOutput } from './plan/output-layout.js';
import type { Plan, RunRequest } from './plan/plan.js';
import { startProgress } from './progress.js';
import { writeRunProvenance } from './provenance.js';
import { readScript } from './read-script.js';
import { openDirectoryCollector } from './results/directory-collector.js';
import { openFileCollector } from './results/file-collector.js';
import type { ResultCollector } from './results/result-collector.js';
import { openStreamCollector } from './results/stream-collector.js';
import { resumeCommand } from './resume-command.js';
import { newRunId, runComment } from './run-identity.js';
import { RunStats } from './run-stats.js';
import { Runner } from './runner.js';
import { openSection } from './section-connection.js';
import { summaryLines, summaryTable } from './summary.js';

/** Some wikis failed, or none has a result. */
const someFailed = 4;
/** Seconds that a server has to take a connection, where the user says nothing: a dead one must not hold all up. */
const connectTimeout = 15;

/** How a run ended. */
export interface RunEnd {
  status: ProgramEnd;
  /** Lines for standard error, without their newlines; each has the program's name in front. */
  lines: string[];
  /** Lines of a table behind the first of `lines`, as they are. */
  table: string[];
  /** As `lines`, behind the table. */
  more: string[];
  /** A server did not let the user in: there may be something to say about credentials. */
  denied: boolean;
}

/**
 * Runs the script on all wikis, and writes what came of it as --output and --format say. `words`:
 * the command line, passwords masked. `tell` takes lines for standard error that come before the
 * run. Throws Failure.
 */
export async function runManyWikis(
  settings: Settings,
  fanout: FanoutSettings,
  password: string | undefined,
  words: readonly string[],
  tell: (line: string) => void,
): Promise<RunEnd> {
  const { connect, input } = settings;
  const characterSet = (await chooseCharacterSet(connect.characterSet, process.env)).name;
  const { statements, vertical, statementsIn } = await readScript(settings.input, characterSet);
  const { format } = settings.output;
  const output = { ...settings.output, format: vertical ? verticalFormat(format) : format };
  const plan = await makePlan(settings, fanout, statements);
  tellTargets(plan, output.verbose > 0, tell);
  const run = newRunId();
  const request = { settings: { ...settings, output }, fanout, plan, characterSet, run };
  const collector = await openCollector(request);
  const interruption = listenForInterruption(input.sigintIgnore);
  const stats = new RunStats(plan.wikis.length);
  const login: Login = {
    ...connect,
    password,
    connectTimeout: connect.connectTimeout || connectTimeout,
  };
  const comment = runComment(run);
  const parts = { statementsIn, login, collector, stats, limits: fanout, comment };
  const runner = new Runner({ plan, ...parts });
  const silent = output.silentGiven;
  const mode = progressMode(output.file === undefined, process.env);
  const progress = startProgress(stats, { mode, silent });
  const resume = () =>
    collector.resumable ? [`to go on: ${resumeCommand(words, input.execute === undefined)}`] : [];
  const end = async (status: ProgramEnd, more: string[]): Promise<RunEnd> => ({
    status,
    ...(await summaryOf(stats, silent)),
    more: [...runner.stillRunning, ...more],
    denied: stats.outcomes.some(({ reason }) => isDenied(reason?.errno)),
  });
  try {
    const { first, second } = interruption;
    const finishing = runAndFinish(runner, collector, stats).then(() => 'finished');
    if ((await untilAborted(finishing, first)) === undefined) {
      await untilAborted(runner.stop(), second);
      collector.abandon();
      progress.stop();
      return await end(first.reason, resume());
    }
    progress.stop();
    if (output.provenance && isWorthKeeping(runner, stats)) {
      const { directory } = collector;
      const failure = await failureOf(writeRunProvenance({ ...request, stats, directory }));
      if (failure !== undefined) return await end(failure.exitStatus, [failure.message]);
    }
    const explaining = explainMissingTable(stats, plan, (target) =>
      openSection(target, login, fanout),
    );
    const missing = await untilAborted(explaining, first);
    if (missing === undefined) return await end(first.reason, resume());
    const status = stats.failed > 0 || stats.withResult === 0 ? someFailed : 0;
    return await end(status, [...missing, ...(status === 0 ? [] : resume())]);
  } catch (error) {
    collector.abandon();
    progress.stop();
    if (error instanceof OutputError && error.closed) {
      return { status: 0, lines: [], table: [], more: runner.stillRunning, denied: false };
    }
    for (const line of runner.stillRunning) tell(line);
    throw told(error, output.file);
  } finally {
    interruption.stop();
  }
}

/** The summary as lines, and on a terminal its reasons as a table. */
async function summaryOf(
  stats: RunStats,
  silent: boolean,
): Promise<Pick<RunEnd, 'lines' | 'table'>> {
  const draw = stats.failed + stats.skipped > 0 ? await tableDrawer(2) : undefined;
  const drawn = draw && summaryTable(stats, silent, draw);
  return drawn ?? { lines: summaryLines(stats, silent), table: [] };
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

/** Where no wiki has a result there is nothing to make a file of, and an older file stays. */
function isWorthKeeping({ stopped }: Runner, stats: RunStats): boolean {
  return !stopped && stats.withResult > 0;
}

/** The Failure that a promise is rejected with; undefined: none. */
async function failureOf(promise: Promise<void>): Promise<Failure | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Why the port scheme had to answer; with -v also how each section was found. */
function tellTargets({ sections }: Plan, verbose: boolean, tell: (line: string) => void): void {
  for (const { target } of sections) {
    for (const warning of target.warnings) tell(warning);
    if (verbose) for (const line of explainTarget(target)) tell(line);
  }
}

/** The server's errors that mean "not with this user and password". */
function isDenied(errno: number | undefined): boolean {
  return errno === 1044 || errno === 1045 || errno === 1698;
}

function told(error: unknown, file: string | undefined): unknown {
  if (!(error instanceof OutputError)) return error;
  if (file !== undefined) return asFailure(file, error);
  const text = `cannot write the output (${error.code}): what was written is incomplete`;
  return new Failure('output-failed', text);
}

/** Opens what --output asks for: a file for each wiki, one file, or standard output. Rejects with Failure. */
async function openCollector(request: RunRequest): Promise<ResultCollector> {
  const { file } = request.settings.output;
  if (file === undefined) return openStreamCollector(request);
  return isDirectoryOutput(file)
    ? openDirectoryCollector(request, file)
    : openFileCollector(request, file);
}
