import { exactBytes } from '../cli/exact-arguments.js';
import type { Settings } from '../cli/settings.js';
import { clientBuffer, type OutputBuffer } from '../output/output-buffer.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { OffersFile } from '../replica/local-file.js';
import { ReplicaError } from '../replica/replica-error.js';
import type { ScriptItem, ScriptOptions, ScriptProblem, Statement } from '../script/item.js';
import { namesLocalFile } from '../script/local-file-name.js';
import { ScriptReader } from '../script/reader.js';
import { chooseFormat, showsEmptySets } from './choose-format.js';
import type { CommandContext, Outcome } from './commands/context.js';
import { runCommand } from './commands.js';
import type { Interruption } from './interruption.js';
import type { Link } from './link.js';
import { type Position, reportClientError, reportReplicaError } from './report.js';
import { Results } from './results.js';
import { writeWarnings } from './warnings.js';

const rule = '--------------\n';

/** A source of statements: standard input or -e, or a file that `source` runs. */
interface Frame {
  reader: ScriptReader;
  file: Uint8Array | undefined;
  sandboxed: boolean;
  depth: number;
}

/** A script run to its end over one connection at a time, statement by statement. */
export class Batch implements CommandContext {
  readonly settings: Settings;
  readonly link: Link;
  readonly out: OutputBuffer;
  passesOver: boolean;
  showWarnings: boolean;
  readonly #interruption: Interruption;
  #frame: Frame;

  /** `link` must be connected. */
  constructor(settings: Settings, link: Link, out: OutputBuffer, interruption: Interruption) {
    this.settings = settings;
    this.link = link;
    this.out = out;
    this.showWarnings = settings.output.showWarnings;
    this.#interruption = interruption;
    const { input } = settings;
    this.passesOver = input.oneDatabase && !input.databaseNamedAlone;
    const kind = input.execute === undefined ? 'stdin' : 'execute';
    const reader = this.#newReader(exactBytes(input.delimiter), kind);
    this.#frame = { reader, file: undefined, sandboxed: input.sandbox, depth: 0 };
  }

  get reader(): ScriptReader {
    return this.#frame.reader;
  }

  get depth(): number {
    return this.#frame.depth;
  }

  get sandboxed(): boolean {
    return this.#frame.sandboxed;
  }

  set sandboxed(on: boolean) {
    this.#frame.sandboxed = on;
  }

  #newReader(delimiter: Uint8Array, kind: ScriptOptions['source']): ScriptReader {
    const { comments, binaryMode, namedCommands } = this.settings.input;
    const reader = new ScriptReader({
      delimiter,
      comments,
      binaryMode,
      namedCommands,
      source: kind,
      characterSet: this.link.characterSet,
    });
    reader.noBackslashEscapes = this.link.connection?.noBackslashEscapes ?? false;
    return reader;
  }

  /**
   * Runs all statements of `input`, which comes in chunks of any size. Gives the exit status.
   * Throws OutputError when the output cannot be written.
   */
  async run(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    const outcome = await this.#runAll(input);
    if (this.settings.output.verbose >= 2) this.out.appendText('Bye\n');
    await this.out.flush();
    return outcome === 'continue' ? 0 : outcome.exit;
  }

  async runFile(file: Uint8Array, content: AsyncIterable<Uint8Array>): Promise<Outcome> {
    const outer = this.#frame;
    outer.reader.clear();
    const reader = this.#newReader(outer.reader.delimiter, 'file');
    this.#frame = { reader, file, sandboxed: false, depth: outer.depth + 1 };
    let outcome: Outcome;
    try {
      outcome = await this.#runAll(content);
    } finally {
      this.#frame = outer;
      outer.reader.delimiter = reader.delimiter;
    }
    const failed = outcome !== 'continue' && outcome.exit !== 0;
    return failed && !this.#goesOn ? outcome : 'continue';
  }

  async #runAll(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Outcome> {
    const { reader } = this.#frame;
    for await (const chunk of input) {
      const outcome = await this.#runItems(reader.read(chunk));
      if (outcome !== 'continue') return outcome;
    }
    return this.#runItems(reader.end());
  }

  async #runItems(items: Iterable<ScriptItem>): Promise<Outcome> {
    for (const item of items) {
      const outcome = await this.#runItem(item);
      if (outcome !== 'continue') return outcome;
      const { connection } = this.link;
      if (connection !== undefined) this.reader.noBackslashEscapes = connection.noBackslashEscapes;
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
    await this.out.sendBlocks(clientBuffer);
    reportClientError(message, this.#position(line));
    return stops === 'never' || (stops === 'unless-forced' && this.#goesOn)
      ? 'continue'
      : { exit: 1 };
  }

  async connected(line: number): Promise<ReplicaConnection | { exit: number }> {
    const { connection } = this.link;
    if (connection !== undefined) return connection;
    await this.out.sendBlocks(clientBuffer);
    reportClientError("Can't connect to the server\n", this.#position(line));
    return { exit: 1 };
  }

  async #runStatement(statement: Statement): Promise<Outcome> {
    const { sql, line } = statement;
    const connection = await this.connected(line);
    if ('exit' in connection) return connection;
    const { output } = this.settings;
    if (output.verbose >= 1) {
      this.out.appendText(rule);
      this.out.append(upToNul(sql));
      this.out.appendText(`\n${rule}\n`);
    }
    if (this.passesOver && !beginsWith(sql, setWord)) return 'continue';
    const { characterSet } = connection;
    const format = chooseFormat(output, statement, characterSet.name, this.out);
    const results = new Results(this.out, format, {
      summaries: output.verbose >= 2,
      timing: output.verbose >= 3 || (output.verbose >= 2 && output.silent === 0),
      emptySets: showsEmptySets(output),
      quick: output.quick,
    });
    try {
      await connection.query(sql, results, this.#offersFile(sql, connection));
      if (this.showWarnings && results.warnings > 0) {
        await writeWarnings(connection, this.out, undefined);
      }
      if (output.unbuffered) await this.out.flush();
      return 'continue';
    } catch (error) {
      if (!(error instanceof ReplicaError)) throw error;
      results.fail();
      const outcome = await this.fail(error, line, this.#shown(error, sql));
      if (this.showWarnings && !this.#interruption.happened) {
        await writeWarnings(connection, this.out, error.errno);
      }
      return outcome;
    }
  }

  /** Which local file the server may have: the one that the statement names, if it begins with LOAD. */
  #offersFile(sql: Uint8Array, { noBackslashEscapes }: ReplicaConnection): OffersFile | undefined {
    if (!beginsWith(sql, loadWord)) return undefined;
    return (name) => namesLocalFile(sql, name, noBackslashEscapes);
  }

  /**
   * Which statement the client shows above an error: with -v none, since it was shown already, and
   * none with --skip-print-query-on-error; for
   * an error in a later result, or among rows that are not stored first (--quick), an empty one;
   * among rows that are, none.
   */
  #shown({ phase }: ReplicaError, sql: Uint8Array): Uint8Array | undefined {
    const { quick, printQueryOnError } = this.settings.output;
    if (!printQueryOnError || (phase === 'rows' && !quick)) return undefined;
    return phase === 'first' ? upToNul(sql) : new Uint8Array();
  }

  /** Where an error is; --skip-line-numbers takes that out of every message. */
  #position(line: number | undefined): Position | undefined {
    if (line === undefined || !this.settings.input.lineNumbers) return undefined;
    return { line, file: this.#frame.file };
  }

  /** Whether an error leaves the rest to be run. --force does not count within a sourced file. */
  get #goesOn(): boolean {
    const { force, abortSourceOnError } = this.settings.input;
    return this.#frame.file === undefined ? force : !abortSourceOnError;
  }

  async fail(error: ReplicaError, line: number, statement?: Uint8Array): Promise<Outcome> {
    // After a signal the error is our own doing: the statement was killed.
    if (this.#interruption.happened) return { exit: 1 };
    const shown = this.settings.output.verbose >= 1 ? undefined : statement;
    // Observed: the client flushes its output where it shows the statement, else it does not.
    await (shown === undefined ? this.out.sendBlocks(clientBuffer) : this.out.flush());
    reportReplicaError(error, this.#position(line), shown);
    return this.#goesOn ? 'continue' : { exit: 1 };
  }

  async remark(message: string | Uint8Array, line: number): Promise<Outcome> {
    await this.out.sendBlocks(clientBuffer);
    reportClientError(message, this.#position(line));
    return 'continue';
  }

  async complain(message: string | Uint8Array, line: number): Promise<Outcome> {
    await this.remark(message, line);
    return this.#goesOn ? 'continue' : { exit: 1 };
  }
}

/** With --one-database the client lets through what begins so, in any case. */
const setWord = Buffer.from('set ');
/** The client sends local files for statements that begin so, in any case. */
const loadWord = Buffer.from('load');

function beginsWith(sql: Uint8Array, word: Uint8Array): boolean {
  return word.every((byte, i) => ((sql[i] ?? 0) | 0x20) === byte);
}

/** A statement as the client shows it (--binary-mode lets NUL through): it ends where a NUL is. */
function upToNul(sql: Uint8Array): Uint8Array {
  const nul = sql.indexOf(0);
  return nul < 0 ? sql : sql.subarray(0, nul);
}
