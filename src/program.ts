import { writeSync } from 'node:fs';
import { askPassword } from './cli/ask-password.js';
import { exactArguments, exactBytes } from './cli/exact-arguments.js';
import { explainDenied } from './cli/explain-denied.js';
import { printDefaults } from './cli/print-defaults.js';
import { readSettings } from './cli/read-settings.js';
import type { FanoutSettings, Settings } from './cli/settings.js';
import { programName, programVersion } from './cli/version.js';
import { Failure, linesOf } from './failure.js';
import type { RunShell } from './session/index.js';
import type { ProgramEnd } from './signals.js';
import { writeStandardError } from './standard-error.js';
import { explainTarget, formatTarget } from './target/explain.js';
import { resolveTarget } from './target/resolve.js';
import type { Target, TargetRequest } from './target/target.js';

/**
 * The whole program: reads what the user asked for, decides, does it. Any error becomes one line
 * on standard error. Returns the exit status, or the signal that ended the run.
 */
export async function runProgram(argv: string[], env: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  try {
    return await act(readSettings(exactArguments(argv), env), argv);
  } catch (error) {
    if (error instanceof Failure) {
      for (const line of linesOf(error)) writeStandardError(exactBytes(`${line}\n`));
      // Ctrl-C at the question for a password.
      return error.code === 'interrupted' ? 'SIGINT' : error.exitStatus;
    }
    return tellDefect(error, env);
  }
}

async function act(settings: Settings, argv: readonly string[]): Promise<ProgramEnd> {
  // Seen in `ps`, until it is overwritten.
  if (settings.maskedArguments !== undefined) {
    process.title = [programName, ...settings.maskedArguments].join(' ');
  }
  for (const line of settings.announcements) print(`${line}\n`);
  for (const warning of settings.warnings) writeStandardError(`${warning}\n`);
  switch (settings.action) {
    case 'help':
      return print((await import('./cli/help.js')).helpText());
    case 'usage':
      // The names are not shown: one of them may be the password of `-p PASSWORD`.
      tell('more than one database named; -p takes a password joined only (-pPASSWORD)');
      print((await import('./cli/help.js')).helpText());
      return 1;
    case 'version':
      return print(`${programVersion}\n`);
    case 'print-defaults':
      return print(printDefaults(settings));
    case 'print-target':
      return printTarget(settings);
    case 'run':
      return (settings.fanout ? runMany(settings, settings.fanout, argv) : run(settings)).finally(
        () => {
          if (settings.output.debugInfo) writeStandardError(resourceUse());
        },
      );
  }
}

/** What --debug-info adds at the end: numbers of getrusage(2), in the client's form. */
function resourceUse(): string {
  const use = process.resourceUsage();
  const seconds = (microseconds: number) => (microseconds / 1_000_000).toFixed(2);
  return `
User time ${seconds(use.userCPUTime)}, System time ${seconds(use.systemCPUTime)}
Maximum resident set size ${use.maxRSS}, Integral resident set size ${use.sharedMemorySize}
Non-physical pagefaults ${use.minorPageFault}, Physical pagefaults ${use.majorPageFault}, Swaps ${use.swappedOut}
Blocks in ${use.fsRead} out ${use.fsWrite}, Messages in ${use.ipcReceived} out ${use.ipcSent}, Signals ${use.signalsCount}
Voluntary context switches ${use.voluntaryContextSwitches}, Involuntary context switches ${use.involuntaryContextSwitches}
`;
}

async function printTarget(settings: Settings): Promise<number> {
  if (settings.fanout !== undefined) {
    const { printTargets } = await import('./fanout/index.js');
    return show(await printTargets(settings, settings.fanout));
  }
  const target = await findTarget(settings);
  return print(formatTarget(target, settings.printTargetFormat));
}

async function run(settings: Settings): Promise<ProgramEnd> {
  const finding = findTarget(settings);
  // Its failure is told when it is waited for, below.
  finding.catch(() => {});
  // The question goes out to the name servers; what needs the answer is loaded meanwhile.
  await new Promise(setImmediate);
  const { delegate, runSession } = await import('./session/index.js');
  const target = await finding;
  if (settings.client !== undefined) return delegate(settings.client, settings, target);
  const given = await passwordOf(settings);
  const runShell: RunShell = async (link, interruption) => {
    // A script does not pay for the editor.
    const shell = await import('./shell/run-shell.js');
    const again = (request: TargetRequest) => findTarget(settings, request);
    return shell.runShell(settings, link, interruption, again);
  };
  const { status, denied } = await runSession(settings, target, given, runShell);
  if (denied) tellDenied(settings);
  return status;
}

async function runMany(
  settings: Settings,
  fanout: FanoutSettings,
  argv: readonly string[],
): Promise<ProgramEnd> {
  const { describeRun, runManyWikis } = await import('./fanout/index.js');
  const described = await describeRun(settings, fanout);
  if (described !== undefined) return show(described);
  const given = await passwordOf(settings);
  const words = settings.maskedArguments ?? argv;
  const ended = await runManyWikis(settings, fanout, given, words, tell);
  const { status, lines, table, more, denied } = ended;
  for (const line of lines) tell(line);
  for (const line of table) writeStandardError(`${line}\n`);
  for (const line of more) tell(line);
  if (denied) tellDenied(settings);
  return status;
}

async function passwordOf({ connect }: Settings): Promise<string | undefined> {
  return typeof connect.password === 'object' ? askPassword() : connect.password;
}

function tellDenied(settings: Settings): void {
  const hint = explainDenied(settings);
  if (hint !== '') tell(hint);
}

async function findTarget(settings: Settings, request = settings.target): Promise<Target> {
  const target = await resolveTarget(request);
  for (const warning of target.warnings) tell(warning);
  // With the user's own --host nothing was looked up, so that a run has nothing to explain.
  const explains = settings.action === 'print-target' || target.endpointSource !== 'user';
  if (settings.output.verbose > 0 && explains) explainTarget(target).forEach(tell);
  return target;
}

/** Prints what stands in the place of a run over many wikis. */
function show({ text, warnings }: { text: string; warnings: string[] }): number {
  for (const warning of warnings) tell(warning);
  return print(text);
}

function print(text: string): number {
  try {
    writeSync(1, text);
    return 0;
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    // A reader that went away (`| head -0`) has what it wanted.
    if (code === 'EPIPE') return 0;
    throw new Failure('output-failed', `cannot write the output (${code})`);
  }
}

function tell(line: string): void {
  writeStandardError(`${programName}: ${line}\n`);
}

/** A defect of ours: no stack trace for the user, but a way to get one. */
function tellDefect(error: unknown, env: NodeJS.ProcessEnv): number {
  if (env.ANALYTICS_MYSQL_DEBUG) throw error;
  const name = error instanceof Error ? error.name : typeof error;
  tell(`internal error (${name}); ANALYTICS_MYSQL_DEBUG=1 shows where`);
  return 70;
}
