import { writeSync } from 'node:fs';
import { askPassword, readLine } from '../cli/ask-password.js';
import type { Settings } from '../cli/settings.js';
import { isTerminal } from '../descriptor.js';
import { Failure } from '../failure.js';
import { isWrittenInPlace } from '../output/file-output.js';
import { OutputError } from '../output/sink.js';
import { writeStandardError } from '../output/standard-error.js';
import { describeWriteError } from '../output/write-error.js';
import { SqlError } from '../protocol/sql-error.js';
import type { Login } from '../replica/log-in.js';
import type { EndingSignal, ProgramEnd } from '../signals.js';
import { formatAddress } from '../target/address.js';
import type { Target } from '../target/target.js';
import { printable } from '../text/printable.js';
import { sanitizeText } from '../text/text-sanitizer.js';
import { untilAborted } from '../until-aborted.js';
import { Batch } from './batch.js';
import { ErrorExplanations } from './error-explanations.js';
import { type Interruption, listenForInterruption } from './interruption.js';
import { killAndReport } from './kill.js';
import { LongQueryMonitor } from './long-query-monitor.js';
import { toFileFailure } from './named-file.js';
import type { ProvenanceRecorder } from './provenance-recorder.js';
import { reportReplicaError, writeError, writeRawError } from './report.js';
import { openRunOutput, type RunOutput } from './run-output.js';
import { openScriptInput, rejectDirectoryInput } from './script-input.js';
import { SessionConnection } from './session-connection.js';
import { openTee } from './tee.js';

/*
 * Runs a session with one server: connects, then runs a script in batch mode, or the interactive
 * shell.
 */

/** The result of a session. */
export interface SessionOutcome {
  status: ProgramEnd;
  /** The server denied access, so that a hint about credentials may help. */
  denied: boolean;
}

/** Runs the interactive shell over a connected session; resolves to the exit status. */
export type RunShell = (session: SessionConnection, interruption: Interruption) => Promise<number>;

/** The server's errors that deny access to this user, password or database. */
const deniedErrors: ReadonlySet<number> = new Set([1044, 1045, 1698]);

/**
 * Connects to the target and runs the script of the settings, or `runShell` if there is no script.
 * A signal, or a closed reader of the output, also kills the statement on the server.
 *
 * Reports server errors on standard error, in order with the output. Rejects with a Failure if the
 * input or the output cannot be used.
 */
export async function runSession(
  settings: Settings,
  target: Target,
  password: string | undefined,
  runShell: RunShell,
): Promise<SessionOutcome> {
  const { batch } = settings.output;
  if (batch && settings.input.execute === undefined) rejectDirectoryInput();
  const interruption = listenForInterruption(settings.input.sigintIgnore);
  const login = {
    ...settings.connect,
    password,
    ask: (question: string, hidden: boolean) => askUser(question, hidden, settings.output.raw),
    ...(!batch && buildInteractiveLogin(settings)),
  };
  const session = new Session(settings, target, login, interruption, runShell);
  try {
    const { firstSignal } = interruption;
    const outcome = await untilAborted(session.run(), firstSignal);
    return outcome ?? (await session.endOnSignal(firstSignal.reason));
  } finally {
    session.discard();
    interruption.stop();
  }
}

/** Returns the login options that only the interactive shell uses. */
function buildInteractiveLogin({ connect, shell }: Settings): Partial<Login> {
  return {
    // In the shell, `auto` means utf8mb4 as well.
    characterSet: connect.characterSet === 'auto' ? 'utf8mb4' : (connect.characterSet ?? 'utf8mb4'),
    progressReports: shell.progressReports,
  };
}

/** The options for a question that is made safe for a terminal. */
const questionOptions = { characterSet: 'utf8mb4', colors: false };

/** Asks the user a question of the server's login dialog, with the client's wording. */
async function askUser(question: string, hidden: boolean, raw: boolean): Promise<string> {
  const text = Buffer.from(`[mariadb] ${question} `);
  const isSafe = raw || !isTerminal(1);
  writeSync(1, isSafe ? text : sanitizeText(text, questionOptions, 'newlines and tabs'));
  return hidden ? askPassword('') : readLine(0);
}

class Session {
  readonly #settings: Settings;
  readonly #connection: SessionConnection;
  readonly #interruption: Interruption;
  readonly #runShell: RunShell;
  #output: RunOutput | undefined;
  #longQuery: LongQueryMonitor | undefined;
  #provenance: ProvenanceRecorder | undefined;

  constructor(
    settings: Settings,
    target: Target,
    login: Login,
    interruption: Interruption,
    runShell: RunShell,
  ) {
    this.#settings = settings;
    const onSlowLogin = settings.output.batch ? undefined : printSlowLogin;
    this.#connection = new SessionConnection(target, login, onSlowLogin);
    this.#interruption = interruption;
    this.#runShell = runShell;
  }

  /** Runs the session. Resolves to undefined if a signal ended it; call endOnSignal() then. */
  async run(): Promise<SessionOutcome | undefined> {
    const { batch } = this.#settings.output;
    const output = batch ? await this.#openOutput() : undefined;
    try {
      await this.#connection.open();
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      if (this.#interruption.firstSignal.aborted) return undefined;
      await output?.messages.flush();
      const write = this.#settings.output.raw ? writeRawError : writeError;
      reportReplicaError(error, undefined, undefined, write);
      const { target, output: settings } = this.#settings;
      const explanations = new ErrorExplanations(target.mwConfigPath, !settings.batch);
      await explanations.explain(error, this.#connection, writeError);
      return { status: 1, denied: deniedErrors.has(error.errno) };
    }
    return output === undefined ? this.#runInteractive() : this.#runBatch(output);
  }

  async #openOutput(): Promise<RunOutput> {
    const { file, provenance } = this.#settings.output;
    if (provenance && file !== undefined) {
      const { ProvenanceRecorder } = await import('./provenance-recorder.js');
      this.#provenance = new ProvenanceRecorder(file);
    }
    const output = await openRunOutput(this.#settings.output, this.#provenance?.addBytes);
    this.#output = output;
    for (const file of this.#settings.input.tees) output.messages.appendText(openTee(file));
    return output;
  }

  /** Discards incomplete output, however the session ended. */
  discard(): void {
    this.#longQuery?.stop();
    this.#output?.discard();
  }

  async #runInteractive(): Promise<SessionOutcome | undefined> {
    // From here on, Ctrl-C stops the statement instead of the program.
    this.#interruption.ignoresSigint = true;
    try {
      const status = await this.#runShell(this.#connection, this.#interruption);
      if (this.#interruption.firstSignal.aborted) return undefined;
      this.#connection.connection?.close();
      return { status, denied: false };
    } catch (error) {
      if (this.#interruption.firstSignal.aborted) return undefined;
      const { connection } = this.#connection;
      if (connection !== undefined) await killAndReport(connection);
      // The terminal is closed, so the error cannot be shown.
      if (error instanceof OutputError) return { status: 1, denied: false };
      throw error;
    }
  }

  /** Kills the running statement on the server after a signal. */
  async endOnSignal(signal: EndingSignal): Promise<SessionOutcome> {
    this.#longQuery?.stop();
    const { connection } = this.#connection;
    if (connection !== undefined) {
      await killAndReport(connection, this.#interruption.secondSignal);
    }
    return { status: signal, denied: false };
  }

  async #runBatch(output: RunOutput): Promise<SessionOutcome | undefined> {
    const { file, silentGiven } = this.#settings.output;
    if (!silentGiven) {
      const statementsOnInput = this.#settings.input.execute === undefined;
      this.#longQuery = new LongQueryMonitor({
        rowsOnOutput: file === undefined,
        statementsOnInput,
      });
    }
    const observers = [this.#longQuery, this.#provenance].filter(
      (observer) => observer !== undefined,
    );
    const batch = new Batch(
      this.#settings,
      this.#connection,
      output,
      this.#interruption,
      observers,
    );
    const firstConnection = this.#connection.connection;
    try {
      const status = await batch.run(openScriptInput(this.#settings.input));
      if (this.#interruption.firstSignal.aborted) return undefined;
      if (file !== undefined && status === 0 && batch.hasTruncatedResult)
        throw toTruncationFailure(file);
      await output.finish(status === 0 && !batch.hasTruncatedResult);
      if (this.#interruption.firstSignal.aborted) return undefined;
      this.#connection.connection?.close();
      if (status === 0 && firstConnection !== undefined)
        await this.#provenance?.write(this.#settings, firstConnection);
      return { status, denied: false };
    } catch (error) {
      if (this.#interruption.firstSignal.aborted) return undefined;
      const { connection } = this.#connection;
      if (connection !== undefined) await killAndReport(connection);
      if (!(error instanceof OutputError)) throw error;
      if (error.closed) return { status: 0, denied: false };
      if (file !== undefined) throw toFileFailure(file, error);
      throw new Failure(
        'output-failed',
        `cannot write the output (${describeWriteError(error.code)}): it is incomplete`,
      );
    }
  }
}

function printSlowLogin({ address, section }: Target): void {
  const place = section === undefined ? '' : ` (${section})`;
  writeStandardError(`Waiting for ${formatAddress(address)}${place} to answer. Ctrl-C cancels.\n`);
}

function toTruncationFailure(file: string): Failure {
  const state = isWrittenInPlace(file) ? 'is incomplete' : 'was not created';
  return new Failure('cut-off', `'${printable(file)}' ${state}: an error ended a result set early`);
}
