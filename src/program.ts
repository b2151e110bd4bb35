import { askPassphrase, askPassword } from './cli/ask-password.js';
import { explainAccessDenied } from './cli/explain-access-denied.js';
import { hidePossiblePassword } from './cli/extra-argument.js';
import { formatDefaults } from './cli/format-defaults.js';
import { nameOptionFiles } from './cli/name-option-files.js';
import { toExactArguments } from './cli/process-bytes.js';
import { readSettings } from './cli/read-settings.js';
import type { FanoutSettings, Settings } from './cli/settings.js';
import { formatVersion, programName } from './cli/version.js';
import { isTerminal } from './descriptor.js';
import { Failure, formatFailure } from './failure.js';
import { writeAll } from './files/write-all.js';
import { writeStandardError } from './output/standard-error.js';
import { describeWriteError } from './output/write-error.js';
import type { RunShell } from './session/index.js';
import type { ProgramEnd } from './signals.js';
import { isErrno } from './system-error.js';
import { explainTarget, formatTarget } from './target/format-target.js';
import { resolveTarget } from './target/resolve-target.js';
import type { Target, TargetRequest } from './target/target.js';
import { toExactBytes } from './text/exact-bytes.js';
import { sanitizeText } from './text/text-sanitizer.js';

/**
 * Runs the whole program: reads the settings and runs the action that the user requested. Returns
 * the exit status, or the signal that ended the run. Prints any error as one line on standard
 * error.
 */
export async function runProgram(argv: string[], env: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  try {
    const settings = readSettings(toExactArguments(argv), env);
    return await runAction(settings, argv).catch((error: unknown) => {
      throw nameOptionFiles(error, settings.optionFileNames);
    });
  } catch (error) {
    if (error instanceof Failure) {
      for (const line of formatFailure(error)) writeStandardError(toExactBytes(`${line}\n`));
      // The user pressed Ctrl-C at the password prompt.
      return error.code === 'interrupted' ? 'SIGINT' : error.exitStatus;
    }
    return printInternalError(error, env);
  }
}

async function runAction(settings: Settings, argv: readonly string[]): Promise<ProgramEnd> {
  // `ps` shows the password until the title is overwritten.
  if (settings.maskedArguments !== undefined) {
    process.title = [programName, ...settings.maskedArguments].join(' ');
  }
  for (const line of settings.announcements) printOutput(`${line}\n`);
  for (const warning of settings.warnings) writeStandardError(toExactBytes(`${warning}\n`));
  switch (settings.action) {
    case 'help':
      return printOutput((await import('./cli/help.js')).formatHelp(settings.helpTopic));
    case 'version':
      return printOutput(formatVersion());
    case 'completion':
      return printCompletion(settings);
    case 'print-defaults':
      return printOutput(formatDefaults(settings));
    case 'print-target':
      return printTarget(settings);
    case 'list-wikis':
    case 'list-lists':
      return printList(settings);
    case 'run':
      return (settings.fanout ? runMany(settings, settings.fanout, argv) : run(settings)).finally(
        () => {
          if (settings.output.debugInfo) writeStandardError(formatResourceUse());
        },
      );
  }
}

/** Returns the text that --debug-info prints at the end: getrusage(2), in the client's format. */
function formatResourceUse(): string {
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

async function printCompletion({ completionShell }: Settings): Promise<number> {
  if (completionShell === undefined) throw new TypeError('no shell');
  const { formatCompletion } = await import('./cli/shell-completion/completion-script.js');
  return printOutput(formatCompletion(completionShell));
}

async function printTarget(settings: Settings): Promise<number> {
  if (settings.fanout !== undefined) {
    const { printTargets } = await import('./fanout/index.js');
    return printWithWarnings(await printTargets(settings, settings.fanout));
  }
  const { printTargetFormat: format } = settings;
  if (format === 'result') throw new TypeError(`one target has no format '${format}'`);
  return printOutput(formatTarget(await findTarget(settings), format));
}

async function printList(settings: Settings): Promise<number> {
  const { describeLists, describeWikis } = await import('./fanout/index.js');
  const { fanout } = settings;
  return printOutput(
    await (fanout === undefined ? describeLists(settings) : describeWikis(settings, fanout)),
  );
}

async function run(settings: Settings): Promise<ProgramEnd> {
  const targetPromise = findTarget(settings);
  // Avoids an unhandled rejection; the promise is awaited below.
  targetPromise.catch(() => {});
  // Send the DNS query first, then load the modules that need its answer.
  await new Promise(setImmediate);
  const { runExternalClient, runSession } = await import('./session/index.js');
  const target = await targetPromise;
  if (settings.client !== undefined) return runExternalClient(settings.client, settings, target);
  const password = await resolvePassword(settings);
  const unlocked = await addPassphrase(settings);
  const runShell: RunShell = async (connection, interruption) => {
    // Load the line editor only for the shell: scripts do not need it.
    const shell = await import('./shell/run-shell.js');
    const findOtherTarget = (request: TargetRequest) => findTarget(settings, request);
    return shell.runShell(settings, connection, interruption, findOtherTarget);
  };
  const { status, denied } = await runSession(unlocked, target, password, runShell);
  if (denied) printDeniedHint(settings);
  return status;
}

async function runMany(
  settings: Settings,
  fanout: FanoutSettings,
  argv: readonly string[],
): Promise<ProgramEnd> {
  const { describeRun, runManyWikis } = await import('./fanout/index.js');
  const description = await describeRun(settings, fanout);
  if (description !== undefined) return printWithWarnings(description);
  const password = await resolvePassword(settings);
  const unlocked = await addPassphrase(settings);
  const shownArguments = settings.maskedArguments ?? argv;
  const result = await runManyWikis(unlocked, fanout, password, shownArguments, printNotice);
  const { status, lines, table, linesAfterTable: more, denied } = result;
  for (const line of lines) printNotice(line);
  for (const line of table) writeStandardError(`${line}\n`);
  for (const line of more) printNotice(line);
  if (denied) printDeniedHint(settings);
  return status;
}

/**
 * Returns the settings with the passphrase of the private key for TLS, which the user is asked for if
 * the key is encrypted. (The client asks again for each connection.)
 */
async function addPassphrase(settings: Settings): Promise<Settings> {
  const { tls } = settings.connect;
  const key = tls.key ?? tls.cert;
  if (!tls.enabled || key === undefined) return settings;
  // Load the module only when needed: few runs have a key.
  const { isEncryptedKey } = await import('./replica/tls-files.js');
  if (!isEncryptedKey(key)) return settings;
  const passphrase = await askPassphrase();
  return { ...settings, connect: { ...settings.connect, tls: { ...tls, passphrase } } };
}

async function resolvePassword({ connect }: Settings): Promise<string | undefined> {
  return typeof connect.password === 'object' ? askPassword() : connect.password;
}

function printDeniedHint(settings: Settings): void {
  const explanation = explainAccessDenied(settings);
  if (explanation === undefined) return;
  const { advice, triedFiles } = explanation;
  const isVerbose = settings.output.verbose > 0 || triedFiles.length === 0;
  printNotice(isVerbose ? advice : `${advice} (-v lists the files that were tried)`);
  if (isVerbose) triedFiles.forEach(printNotice);
}

async function findTarget(settings: Settings, request = settings.target): Promise<Target> {
  const target = await resolveTarget(request).catch((error: unknown) => {
    throw hidePossiblePassword(error, settings);
  });
  for (const warning of target.warnings) printNotice(warning);
  // With --host nothing was looked up, so there is nothing to explain about a run.
  const explainsTarget = settings.action === 'print-target' || target.endpointSource !== 'user';
  if (settings.output.verbose > 0 && explainsTarget) explainTarget(target).forEach(printNotice);
  return target;
}

/** Prints the output of --print-target, --dry-run or --plan for many wikis. */
function printWithWarnings({
  text,
  warnings,
  status,
}: {
  text: string;
  warnings: string[];
  status: number;
}): number {
  for (const warning of warnings) printNotice(warning);
  return printOutput(text) || status;
}

/** The options for text that is made safe for a terminal. */
const utf8Text = { characterSet: 'utf8mb4', colors: false };

function printOutput(text: string | Uint8Array): number {
  try {
    const bytes = typeof text === 'string' ? toExactBytes(text) : text;
    writeAll(1, isTerminal(1) ? sanitizeText(bytes, utf8Text, 'newlines and tabs') : bytes);
    return 0;
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    // The reader closed the pipe (`| head -0`): that is not an error.
    if (code === 'EPIPE') return 0;
    throw new Failure('output-failed', `cannot write the output (${describeWriteError(code)})`);
  }
}

function printNotice(line: string): void {
  writeStandardError(`${programName}: ${line}\n`);
}

/**
 * Reports a bug in this program without a stack trace, and says how to get one. With too few open files,
 * anything can fail, such as loading a module; that is no bug.
 */
function printInternalError(error: unknown, env: NodeJS.ProcessEnv): number {
  if (env.ANALYTICS_MYSQL_DEBUG) throw error;
  if (isErrno(error) && /^E[MN]FILE$/.test(error.code ?? '')) {
    printNotice(`too many open files (${error.code}): raise the limit with 'ulimit -n'`);
    return 1;
  }
  const name = error instanceof Error ? error.name : typeof error;
  printNotice(`internal error (${name}); set ANALYTICS_MYSQL_DEBUG=1 to print the stack trace`);
  return 70;
}
