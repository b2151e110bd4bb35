import type { Settings } from '../cli/settings.js';
import { SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { ClientCommand, Statement } from '../script/item.js';
import { showsEmptySets } from './choose-format.js';
import type { Outcome } from './commands/context.js';
import type { Interruption } from './interruption.js';
import { chooseLocalFilePolicy } from './local-infile-policy.js';
import { Results } from './results.js';
import type { RunOutput } from './run-output.js';
import { ScriptRunner, upToNul } from './script-runner.js';
import type { SessionConnection } from './session-connection.js';
import type { StatementObserver } from './statement-observer.js';
import { showWarningsSql, writeWarnings } from './warnings.js';

/** Runs a whole script over one connection at a time, statement by statement: batch mode. */
export class Batch extends ScriptRunner {
  readonly #output: RunOutput;
  readonly #observers: readonly StatementObserver[];
  /** True after an error in the middle of a result set that did not end the run. */
  hasTruncatedResult = false;

  /** `session` must be connected. */
  constructor(
    settings: Settings,
    session: SessionConnection,
    output: RunOutput,
    interruption: Interruption,
    observers: readonly StatementObserver[] = [],
  ) {
    const source = settings.input.execute ? 'execute' : 'stdin';
    super(settings, session, output.messages, interruption, source);
    this.#output = output;
    this.#observers = observers;
  }

  /**
   * Runs all statements of `input`, which arrives in chunks of any size. Resolves to the exit
   * status. The creator of the output must flush the rows. Throws OutputError if the output cannot
   * be written.
   */
  async run(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    const outcome = await this.runAll(input);
    if (this.settings.output.verbose >= 2) this.out.appendText('Bye\n');
    await this.out.flush();
    return outcome === 'continue' ? 0 : outcome.exit;
  }

  protected override runCommand(command: ClientCommand): Promise<Outcome> {
    for (const observer of this.#observers) observer.onCommand?.(command);
    return super.runCommand(command);
  }

  protected override async runStatement(statement: Statement): Promise<Outcome> {
    const { sql, line } = statement;
    const connection = await this.connected(line);
    if ('exit' in connection) return connection;
    const { output } = this.settings;
    if (output.verbose >= 1) this.echo(sql);
    if (this.isIgnored(sql)) return 'continue';
    const { characterSet } = connection;
    const { rows } = this.#output;
    const format = this.#output.getFormat(statement, characterSet.name);
    const summaryOptions = {
      summaries: output.verbose >= 2,
      timing: output.verbose >= 3 || (output.verbose >= 2 && output.silent === 0),
      emptySets: showsEmptySets(output),
      quick: output.quick,
    };
    const results = new Results(rows, format, summaryOptions, this.out);
    try {
      for (const observer of this.#observers) observer.onStart(statement, results);
      try {
        await connection.query(sql, results, chooseLocalFilePolicy(sql, connection));
      } finally {
        for (const observer of this.#observers) observer.onEnd(results);
      }
      if (this.showWarnings && results.warnings > 0) {
        await this.#writeWarnings(connection, undefined, line);
      }
      if (output.unbuffered || rows.isTerminal) await rows.flush();
      if (this.out !== rows && (output.unbuffered || this.out.isTerminal)) await this.out.flush();
      return 'continue';
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      for (const observer of this.#observers) observer.onError?.(error);
      results.fail();
      if (error.phase === 'rows') this.hasTruncatedResult = true;
      const outcome = await this.serverError(error, line, this.#statementToShow(error, sql));
      if (this.showWarnings && !this.interruption.firstSignal.aborted) {
        // Observed: with --quick, the client repeats an error in the middle of a result set here.
        const reportedErrno = error.phase === 'rows' && output.quick ? undefined : error.errno;
        await this.#writeWarnings(connection, reportedErrno, line);
      }
      return outcome;
    }
  }

  /** Observed: if the connection is lost, the client reports that twice, the second time alone. */
  async #writeWarnings(
    connection: ReplicaConnection,
    errno: number | undefined,
    line: number,
  ): Promise<void> {
    const error = await writeWarnings(connection, this.out, errno);
    if (error === undefined) return;
    await this.serverError(error, line, this.#statementToShow(error, showWarningsSql));
    await this.serverError(error, line);
  }

  /**
   * Returns the statement that the client shows above an error. It is empty for an error in a later
   * result, or in the middle of a result set with --quick. It is undefined, so that nothing is
   * shown, with --skip-print-query-on-error and for an error in the middle of a result set without
   * --quick. (With -v the statement was shown already; serverError() takes care of that.)
   */
  #statementToShow({ phase }: SqlError, sql: Uint8Array): Uint8Array | undefined {
    const { quick, printQueryOnError } = this.settings.output;
    if (!printQueryOnError || (phase === 'rows' && !quick)) return undefined;
    return phase === 'first' ? upToNul(sql) : new Uint8Array();
  }
}
