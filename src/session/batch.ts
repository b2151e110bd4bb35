import type { Settings } from '../cli/settings.js';
import { SqlError } from '../protocol/sql-error.js';
import type { ClientCommand, Statement } from '../script/item.js';
import { showsEmptySets } from './choose-format.js';
import type { Outcome } from './commands/context.js';
import type { Interruption } from './interruption.js';
import { localFilePolicy } from './local-infile-policy.js';
import { Results } from './results.js';
import type { RunOutput } from './run-output.js';
import { ScriptRunner, upToNul } from './script-runner.js';
import type { SessionConnection } from './session-connection.js';
import type { StatementWatch } from './statement-watch.js';
import { writeWarnings } from './warnings.js';

/** A script run to its end over one connection at a time, statement by statement. */
export class Batch extends ScriptRunner {
  readonly #output: RunOutput;
  readonly #watches: readonly StatementWatch[];
  /** An error ended a result set among its rows, and the run went on. */
  cutOff = false;

  /** `link` must be connected. */
  constructor(
    settings: Settings,
    session: SessionConnection,
    output: RunOutput,
    interruption: Interruption,
    watches: readonly StatementWatch[] = [],
  ) {
    const source = settings.input.execute ? 'execute' : 'stdin';
    super(settings, session, output.messages, interruption, source);
    this.#output = output;
    this.#watches = watches;
  }

  /**
   * Runs all statements of `input`, which comes in chunks of any size. Gives the exit status. The
   * rows are left to be flushed by whoever made the output.
   * Throws OutputError when the output cannot be written.
   */
  async run(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    const outcome = await this.runAll(input);
    if (this.settings.output.verbose >= 2) this.out.appendText('Bye\n');
    await this.out.flush();
    return outcome === 'continue' ? 0 : outcome.exit;
  }

  protected override runCommand(command: ClientCommand): Promise<Outcome> {
    for (const watch of this.#watches) watch.command?.(command);
    return super.runCommand(command);
  }

  protected override async runStatement(statement: Statement): Promise<Outcome> {
    const { sql, line } = statement;
    const connection = await this.connected(line);
    if ('exit' in connection) return connection;
    const { output } = this.settings;
    if (output.verbose >= 1) this.echo(sql);
    if (this.isPassedOver(sql)) return 'continue';
    const { characterSet } = connection;
    const { rows } = this.#output;
    const format = this.#output.formatOf(statement, characterSet.name);
    const telling = {
      summaries: output.verbose >= 2,
      timing: output.verbose >= 3 || (output.verbose >= 2 && output.silent === 0),
      emptySets: showsEmptySets(output),
      quick: output.quick,
    };
    const results = new Results(rows, format, telling, this.out);
    try {
      for (const watch of this.#watches) watch.begin(statement, results);
      try {
        await connection.query(sql, results, localFilePolicy(sql, connection));
      } finally {
        for (const watch of this.#watches) watch.end(results);
      }
      if (this.showWarnings && results.warnings > 0) {
        await writeWarnings(connection, this.out, undefined);
      }
      if (output.unbuffered) {
        await rows.flush();
        if (this.out !== rows) await this.out.flush();
      }
      return 'continue';
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      for (const watch of this.#watches) watch.failed?.(error);
      results.fail();
      if (error.phase === 'rows') this.cutOff = true;
      const outcome = await this.serverError(error, line, this.#shown(error, sql));
      if (this.showWarnings && !this.interruption.first.aborted) {
        // Observed: of an error among rows that were not stored the client tells here once more.
        const told = error.phase === 'rows' && output.quick ? undefined : error.errno;
        await writeWarnings(connection, this.out, told);
      }
      return outcome;
    }
  }

  /**
   * Which statement the client shows above an error: with -v none, since it was shown already, and
   * none with --skip-print-query-on-error; for
   * an error in a later result, or among rows that are not stored first (--quick), an empty one;
   * among rows that are, none.
   */
  #shown({ phase }: SqlError, sql: Uint8Array): Uint8Array | undefined {
    const { quick, printQueryOnError } = this.settings.output;
    if (!printQueryOnError || (phase === 'rows' && !quick)) return undefined;
    return phase === 'first' ? upToNul(sql) : new Uint8Array();
  }
}
