import { exactBytes } from '../cli/exact-arguments.js';
import type { Settings } from '../cli/settings.js';
import { OutputBuffer } from '../output/output-buffer.js';
import type { Sink } from '../output/sink.js';
import type { ReplicaConnection } from '../replica/connection.js';
import { ReplicaError } from '../replica/replica-error.js';
import type { ScriptItem, ScriptProblem, Statement } from '../script/item.js';
import { ScriptReader } from '../script/reader.js';
import { chooseFormat, showsEmptySets } from './choose-format.js';
import { type CommandContext, type Outcome, runCommand } from './commands.js';
import type { Interruption } from './interruption.js';
import { reportClientError, reportReplicaError } from './report.js';
import { Results } from './results.js';
import { writeWarnings } from './warnings.js';

const rule = '--------------\n';

/** A script run to its end over one connection, statement by statement. */
export class Batch implements CommandContext {
  readonly settings: Settings;
  readonly connection: ReplicaConnection;
  readonly out: OutputBuffer;
  /** Input as the client has it: the line of the statement under way, the delimiter. */
  readonly reader: ScriptReader;
  /** Whether each statement's warnings are shown. */
  showWarnings: boolean;
  readonly #interruption: Interruption;

  constructor(
    settings: Settings,
    connection: ReplicaConnection,
    sink: Sink,
    interruption: Interruption,
  ) {
    this.settings = settings;
    this.connection = connection;
    this.out = new OutputBuffer(sink);
    this.showWarnings = settings.output.showWarnings;
    this.#interruption = interruption;
    const { input } = settings;
    this.reader = new ScriptReader({
      delimiter: exactBytes(input.delimiter),
      comments: input.comments,
      binaryMode: input.binaryMode,
      namedCommands: input.namedCommands,
      source: input.execute === undefined ? 'stdin' : 'execute',
      characterSet: connection.characterSet.name,
    });
  }

  /**
   * Runs all statements of `input`, which comes in chunks of any size. Gives the exit status.
   * Throws OutputError when the output cannot be written.
   */
  async run(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    const status = await this.#runAll(input);
    if (this.settings.output.verbose >= 2) this.out.appendText('Bye\n');
    await this.out.flush();
    return status;
  }

  async #runAll(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    for await (const chunk of input) {
      const outcome = await this.#runItems(this.reader.read(chunk));
      if (outcome !== 'continue') return outcome.exit;
    }
    const outcome = await this.#runItems(this.reader.end());
    return outcome === 'continue' ? 0 : outcome.exit;
  }

  async #runItems(items: Iterable<ScriptItem>): Promise<Outcome> {
    for (const item of items) {
      const outcome = await this.#runItem(item);
      if (outcome !== 'continue') return outcome;
      this.reader.noBackslashEscapes = this.connection.noBackslashEscapes;
    }
    return 'continue';
  }

  #runItem(item: ScriptItem): Promise<Outcome> {
    switch (item.kind) {
      case 'statement':
        return this.#runStatement(item);
      case 'command':
        return runCommand(item, this);
      case 'problem':
        return this.#problem(item);
    }
  }

  async #problem({ message, line, stops }: ScriptProblem): Promise<Outcome> {
    await this.out.flush();
    reportClientError(message, this.lineToTell(line));
    const goesOn = stops === 'never' || (stops === 'unless-forced' && this.settings.input.force);
    return goesOn ? 'continue' : { exit: 1 };
  }

  async #runStatement(statement: Statement): Promise<Outcome> {
    const { sql, line } = statement;
    const { output } = this.settings;
    if (output.verbose >= 1) {
      this.out.appendText(rule);
      this.out.append(upToNul(sql));
      this.out.appendText(`\n${rule}\n`);
    }
    const { characterSet } = this.connection;
    const format = chooseFormat(output, statement, characterSet.name, this.out);
    const results = new Results(this.out, format, {
      summaries: output.verbose >= 2,
      timing: output.verbose >= 3 || (output.verbose >= 2 && output.silent === 0),
      emptySets: showsEmptySets(output),
      quick: output.quick,
    });
    try {
      await this.connection.query(sql, results);
      if (this.showWarnings && results.warnings > 0) await this.#writeWarnings(undefined);
      if (output.unbuffered) await this.out.flush();
      return 'continue';
    } catch (error) {
      if (!(error instanceof ReplicaError)) throw error;
      results.fail();
      const outcome = await this.fail(error, line, this.#shown(error, sql));
      if (this.showWarnings && !this.#interruption.happened) {
        await this.#writeWarnings(error.errno);
      }
      return outcome;
    }
  }

  #writeWarnings(error: number | undefined): Promise<void> {
    return writeWarnings(this.connection, this.out, error);
  }

  /**
   * Which statement the client shows above an error: with -v none, since it was shown already, and
   * none with --skip-print-query-on-error; for
   * an error in a later result, or among rows that are not stored first (--quick), an empty one;
   * among rows that are, none.
   */
  #shown({ phase }: ReplicaError, sql: Uint8Array): Uint8Array | undefined {
    const { verbose, quick, printQueryOnError } = this.settings.output;
    if (!printQueryOnError || verbose >= 1 || (phase === 'rows' && !quick)) return undefined;
    return phase === 'first' ? upToNul(sql) : new Uint8Array();
  }

  /** --skip-line-numbers takes the line out of every message. */
  lineToTell(line: number | undefined): number | undefined {
    return this.settings.input.lineNumbers ? line : undefined;
  }

  /** Reports a server error in its place among the output; goes on if --force says so. */
  async fail(error: ReplicaError, line: number, statement?: Uint8Array): Promise<Outcome> {
    // After a signal the error is our own doing: the statement was killed.
    if (this.#interruption.happened) return { exit: 1 };
    await this.out.flush();
    reportReplicaError(error, this.lineToTell(line), statement);
    return this.settings.input.force ? 'continue' : { exit: 1 };
  }
}

/** A statement as the client shows it (--binary-mode lets NUL through): it ends where a NUL is. */
function upToNul(sql: Uint8Array): Uint8Array {
  const nul = sql.indexOf(0);
  return nul < 0 ? sql : sql.subarray(0, nul);
}
