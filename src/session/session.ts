import { writeSync } from 'node:fs';
import { askPassword, readLine } from '../cli/ask-password.js';
import type { Settings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { isWrittenInPlace } from '../output/file-output.js';
import { OutputError } from '../output/sink.js';
import { SqlError } from '../protocol/sql-error.js';
import type { Login } from '../replica/log-in.js';
import type { EndingSignal, ProgramEnd } from '../signals.js';
import type { Target } from '../target/target.js';
import { printable } from '../text/printable.js';
import { untilAborted } from '../until-aborted.js';
import { Batch } from './batch.js';
import { inputOf, refuseDirectory } from './input.js';
import { type Interruption, listenForInterruption } from './interruption.js';
import { killAndReport } from './kill.js';
import { LongQuery } from './long-query.js';
import { asFailure } from './named-file.js';
import type { ProvenanceRecord } from './provenance-record.js';
import { reportReplicaError } from './report.js';
import { openRunOutput, type RunOutput } from './run-output.js';
import { SessionConnection } from './session-connection.js';
import { openTee } from './tee.js';

/** How a session ended. */
export interface SessionOutcome {
  status: ProgramEnd;
  /** The server did not let the user in: there may be something to say about credentials. */
  denied: boolean;
}

/** Runs the interactive shell over a connected link; resolves to the exit status. */
export type RunShell = (session: SessionConnection, interruption: Interruption) => Promise<number>;

/** The server's errors that mean "not with this user and password". */
const deniedErrors: ReadonlySet<number> = new Set([1044, 1045, 1698]);

/**
 * Connects to the target and runs the script of the settings to its end, or without one `runShell`. A signal, or a reader of
 * the output that goes away, ends what runs on the server too.
 *
 * Server errors are reported on standard error here, in their place among the output. Throws
 * Failure where the input or the output cannot be used.
 */
export async function runSession(
  settings: Settings,
  target: Target,
  password: string | undefined,
  runShell: RunShell,
): Promise<SessionOutcome> {
  const { batch } = settings.output;
  if (batch && settings.input.execute === undefined) refuseDirectory();
  const interruption = listenForInterruption(settings.input.sigintIgnore);
  const login = { ...settings.connect, password, ask, ...(!batch && isInteractive(settings)) };
  const session = new Session(settings, target, login, interruption, runShell);
  try {
    const { first } = interruption;
    const outcome = await untilAborted(session.run(), first);
    return outcome ?? (await session.endBy(first.reason));
  } finally {
    session.end();
    interruption.stop();
  }
}

/** What a conversation asks of the server beyond what a script does. */
function isInteractive({ connect, shell }: Settings): Partial<Login> {
  return {
    // On a terminal, `auto` is utf8mb4 too.
    characterSet: connect.characterSet === 'auto' ? 'utf8mb4' : (connect.characterSet ?? 'utf8mb4'),
    progressReports: shell.progressReports,
  };
}

/** Asks the user what the server wants to know; the words around it are the client's. */
async function ask(question: string, hidden: boolean): Promise<string> {
  writeSync(1, `[mariadb] ${question} `);
  return hidden ? askPassword('') : readLine(0);
}

class Session {
  readonly #settings: Settings;
  readonly #connection: SessionConnection;
  readonly #interruption: Interruption;
  readonly #runShell: RunShell;
  #output: RunOutput | undefined;
  #longQuery: LongQuery | undefined;
  #provenance: ProvenanceRecord | undefined;

  constructor(
    settings: Settings,
    target: Target,
    login: Login,
    interruption: Interruption,
    runShell: RunShell,
  ) {
    this.#settings = settings;
    this.#connection = new SessionConnection(target, login);
    this.#interruption = interruption;
    this.#runShell = runShell;
  }

  /** Runs the session to its end. Returns undefined if a signal ended it: `endBy` does the rest. */
  async run(): Promise<SessionOutcome | undefined> {
    const { batch } = this.#settings.output;
    const output = batch ? await this.#openOutput() : undefined;
    try {
      await this.#connection.open();
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      if (this.#interruption.first.aborted) return undefined;
      await output?.messages.flush();
      reportReplicaError(error, undefined, undefined);
      return { status: 1, denied: deniedErrors.has(error.errno) };
    }
    return output === undefined ? this.#interact() : this.#runBatch(output);
  }

  async #openOutput(): Promise<RunOutput> {
    const { file, provenance } = this.#settings.output;
    if (provenance && file !== undefined) {
      const { ProvenanceRecord } = await import('./provenance-record.js');
      this.#provenance = new ProvenanceRecord(file);
    }
    const output = await openRunOutput(this.#settings.output, this.#provenance?.written);
    this.#output = output;
    for (const file of this.#settings.input.tees) output.messages.appendText(openTee(file));
    return output;
  }

  /** However it ended: what is not whole by now is given up. */
  end(): void {
    this.#longQuery?.stop();
    this.#output?.discard();
  }

  async #interact(): Promise<SessionOutcome | undefined> {
    // From here on Ctrl-C means the statement, not the program.
    this.#interruption.ignoresSigint = true;
    try {
      const status = await this.#runShell(this.#connection, this.#interruption);
      if (this.#interruption.first.aborted) return undefined;
      this.#connection.connection?.close();
      return { status, denied: false };
    } catch (error) {
      if (this.#interruption.first.aborted) return undefined;
      const { connection } = this.#connection;
      if (connection !== undefined) await killAndReport(connection);
      // The terminal is gone: there is nobody to tell.
      if (error instanceof OutputError) return { status: 1, denied: false };
      throw error;
    }
  }

  /** A signal has come: ends what runs on the server. */
  async endBy(signal: EndingSignal): Promise<SessionOutcome> {
    this.#longQuery?.stop();
    const { connection } = this.#connection;
    if (connection !== undefined) {
      await killAndReport(connection, this.#interruption.second);
    }
    return { status: signal, denied: false };
  }

  async #runBatch(output: RunOutput): Promise<SessionOutcome | undefined> {
    const { file, silentGiven } = this.#settings.output;
    if (!silentGiven) {
      const statementsOnInput = this.#settings.input.execute === undefined;
      this.#longQuery = new LongQuery({ rowsOnOutput: file === undefined, statementsOnInput });
    }
    const watches = [this.#longQuery, this.#provenance].filter((watch) => watch !== undefined);
    const batch = new Batch(this.#settings, this.#connection, output, this.#interruption, watches);
    const began = this.#connection.connection;
    try {
      const status = await batch.run(inputOf(this.#settings.input));
      if (this.#interruption.first.aborted) return undefined;
      if (file !== undefined && status === 0 && batch.cutOff) throw cutOff(file);
      await output.finish(status === 0 && !batch.cutOff);
      if (this.#interruption.first.aborted) return undefined;
      this.#connection.connection?.close();
      if (status === 0 && began !== undefined) await this.#provenance?.write(this.#settings, began);
      return { status, denied: false };
    } catch (error) {
      if (this.#interruption.first.aborted) return undefined;
      const { connection } = this.#connection;
      if (connection !== undefined) await killAndReport(connection);
      if (!(error instanceof OutputError)) throw error;
      if (error.closed) return { status: 0, denied: false };
      if (file !== undefined) throw asFailure(file, error);
      throw new Failure(
        'output-failed',
        `cannot write the output (${error.code}): what was written is incomplete`,
      );
    }
  }
}

function cutOff(file: string): Failure {
  const state = isWrittenInPlace(file) ? 'is incomplete' : 'was not made';
  return new Failure('cut-off', `${printable(file)} ${state}: an error cut a result off`);
}
