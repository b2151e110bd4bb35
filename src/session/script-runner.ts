import type { Settings } from '../cli/settings.js';
import { clientBlockSize, type OutputBuffer } from '../output/output-buffer.js';
import { writeStandardError } from '../output/standard-error.js';
import type { SqlError } from '../protocol/sql-error.js';
import { defaultSqlMode } from '../protocol/sql-mode.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type {
  ClientCommand,
  ScriptItem,
  ScriptOptions,
  ScriptProblem,
  ShellCommand,
  Statement,
} from '../script/item.js';
import { ScriptReader } from '../script/reader.js';
import { toExactBytes } from '../text/exact-bytes.js';
import { sanitizeText } from '../text/text-sanitizer.js';
import type { CommandContext, Outcome } from './commands/context.js';
import { runCommand } from './commands.js';
import { describeCharacterSet } from './describe-character-set.js';
import { ErrorExplanations } from './error-explanations.js';
import type { Interruption } from './interruption.js';
import { startsWithWord } from './local-infile-policy.js';
import { type Position, reportClientError, reportReplicaError, type WriteError } from './report.js';
import type { SessionConnection } from './session-connection.js';

/** With --one-database, the client still runs statements that begin with this, in any case. */
const setWord = Buffer.from('set ');

const rule = '--------------\n';

/** The state of one source of statements: standard input, -e, the terminal, or a sourced file. */
interface Frame {
  reader: ScriptReader;
  file: Uint8Array | undefined;
  sandboxed: boolean;
  depth: number;
}

/**
 * Runs the statements and commands of a script, one at a time, over one connection at a time. Batch
 * and Shell extend it with how to run a statement and show its result.
 */
export abstract class ScriptRunner implements CommandContext {
  readonly settings: Settings;
  readonly session: SessionConnection;
  readonly out: OutputBuffer;
  ignoresStatements: boolean;
  showWarnings: boolean;
  protected readonly interruption: Interruption;
  protected readonly explanations: ErrorExplanations;
  readonly #source: ScriptOptions['source'];
  #frame: Frame;

  /** `session` must be connected. */
  constructor(
    settings: Settings,
    session: SessionConnection,
    out: OutputBuffer,
    interruption: Interruption,
    source: ScriptOptions['source'],
  ) {
    this.settings = settings;
    this.session = session;
    this.out = out;
    this.showWarnings = settings.output.showWarnings;
    this.interruption = interruption;
    this.explanations = new ErrorExplanations(settings.target.mwConfigPath, !settings.output.batch);
    this.#source = source;
    const { input } = settings;
    this.ignoresStatements = input.oneDatabase && !input.hasDatabaseArgument;
    const reader = this.newReader(toExactBytes(input.delimiter), source);
    this.#frame = { reader, file: undefined, sandboxed: input.sandbox, depth: 0 };
  }

  /** Runs a statement, shows its result, and reports errors. */
  protected abstract runStatement(statement: Statement): Promise<Outcome>;

  /** Runs a client command. */
  protected runCommand(command: ClientCommand): Promise<Outcome> {
    return runCommand(command, this);
  }

  /** Writes error messages, which are in the character set of the connection. */
  protected readonly writeError: WriteError = (...parts) => {
    const text = Buffer.concat(parts.map((part) => Buffer.from(part)));
    writeStandardError(text, (bytes) => this.sanitize(bytes));
  };

  /** Returns a text that is safe for a terminal, unless --raw is given. */
  protected sanitize(text: Uint8Array): Uint8Array {
    if (this.settings.output.raw) return text;
    const options = { ...describeCharacterSet(this.session.characterSet), colors: false };
    return sanitizeText(text, options, 'newlines and tabs');
  }

  /** Prints a statement before it runs, for -v. */
  echo(sql: Uint8Array): void {
    this.out.appendText(rule);
    this.out.append(upToNul(sql));
    this.out.appendText(`\n${rule}\n`);
  }

  /** Whether --one-database ignores a statement because another database is in use. */
  protected isIgnored(sql: Uint8Array): boolean {
    return this.ignoresStatements && !startsWithWord(sql, setWord);
  }

  /** Runs a command that exists only in the interactive shell; other readers never return one. */
  protected async runShellCommand(_command: ShellCommand): Promise<Outcome> {
    return 'continue';
  }

  printNotice(_text: string): void {}

  get destinations(): { pager: string; tee: string } {
    return { pager: 'stdout', tee: '' };
  }

  get reader(): ScriptReader {
    return this.#frame.reader;
  }

  get sourceDepth(): number {
    return this.#frame.depth;
  }

  get sandboxed(): boolean {
    return this.#frame.sandboxed;
  }

  set sandboxed(on: boolean) {
    this.#frame.sandboxed = on;
  }

  /** Replaces the reader by a new one without pending input, but with the same delimiter. */
  protected renewReader(): ScriptReader {
    this.#frame.reader = this.newReader(this.#frame.reader.delimiter, this.#source);
    return this.#frame.reader;
  }

  protected newReader(delimiter: Uint8Array, source: ScriptOptions['source']): ScriptReader {
    const { comments, binaryMode, namedCommands } = this.settings.input;
    const reader = new ScriptReader({
      delimiter,
      comments,
      binaryMode,
      namedCommands,
      source,
      characterSet: this.session.characterSet,
    });
    reader.sqlMode = this.session.connection?.sqlMode ?? defaultSqlMode;
    return reader;
  }

  async runFile(file: Uint8Array, content: AsyncIterable<Uint8Array>): Promise<Outcome> {
    const outer = this.#frame;
    outer.reader.clear();
    const reader = this.newReader(outer.reader.delimiter, 'file');
    this.#frame = { reader, file, sandboxed: false, depth: outer.depth + 1 };
    let outcome: Outcome;
    try {
      outcome = await this.runAll(content);
    } finally {
      this.#frame = outer;
      outer.reader.delimiter = reader.delimiter;
      outer.reader.characterSet = this.session.characterSet;
    }
    const failed = outcome !== 'continue' && outcome.exit !== 0;
    return failed && !this.continuesAfterError ? outcome : 'continue';
  }

  /** Runs all of `input`, which arrives in chunks of any size. */
  protected async runAll(
    input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<Outcome> {
    const { reader } = this.#frame;
    for await (const chunk of input) {
      const outcome = await this.runItems(reader.read(chunk));
      if (outcome !== 'continue') return outcome;
    }
    return this.runItems(reader.end());
  }

  protected async runItems(items: Iterable<ScriptItem>): Promise<Outcome> {
    for (const item of items) {
      const outcome = await this.runItem(item);
      if (outcome !== 'continue') return outcome;
      const { connection } = this.session;
      if (connection !== undefined) this.reader.sqlMode = connection.sqlMode;
    }
    return 'continue';
  }

  protected runItem(item: ScriptItem): Promise<Outcome> {
    switch (item.kind) {
      case 'statement':
        return this.runStatement(item);
      case 'command':
        return this.runCommand(item);
      case 'problem':
        return this.#reportProblem(item);
      case 'shell-command':
        return this.runShellCommand(item);
    }
  }

  /** Writes as much of the earlier output as must appear before an error of the client itself. */
  protected async writeBeforeError(): Promise<void> {
    await this.out.sendBlocks(clientBlockSize);
  }

  async #reportProblem({ message, line, stops }: ScriptProblem): Promise<Outcome> {
    await this.writeBeforeError();
    reportClientError(message, this.position(line), this.writeError);
    return stops === 'never' || (stops === 'unless-forced' && this.continuesAfterError)
      ? 'continue'
      : { exit: 1 };
  }

  async connected(line: number): Promise<ReplicaConnection | { exit: number }> {
    const { connection } = this.session;
    if (connection !== undefined) return connection;
    await this.writeBeforeError();
    reportClientError("Can't connect to the server\n", this.position(line), this.writeError);
    return { exit: 1 };
  }

  /** The path of the file that `source` runs; undefined outside `source`. */
  protected get file(): Uint8Array | undefined {
    return this.#frame.file;
  }

  /** Returns the position of an error; undefined with --skip-line-numbers. */
  protected position(line: number | undefined): Position | undefined {
    if (line === undefined || !this.settings.input.lineNumbers) return undefined;
    return { line, file: this.#frame.file };
  }

  /** Whether the script continues after an error. --force has no effect in a sourced file. */
  protected get continuesAfterError(): boolean {
    const { force, abortSourceOnError } = this.settings.input;
    return this.#frame.file === undefined ? force : !abortSourceOnError;
  }

  async serverError(error: SqlError, line: number, statement?: Uint8Array): Promise<Outcome> {
    // After a signal, this program killed the statement itself; the error is not news.
    if (this.interruption.firstSignal.aborted) return { exit: 1 };
    const shownStatement = this.settings.output.verbose >= 1 ? undefined : statement;
    // Observed: the client flushes its output only if it shows the statement.
    await (shownStatement === undefined ? this.out.sendBlocks(clientBlockSize) : this.out.flush());
    reportReplicaError(error, this.position(line), shownStatement, this.writeError);
    await this.explanations.explain(error, this.session, this.writeError);
    return this.continuesAfterError ? 'continue' : { exit: 1 };
  }

  async warn(message: string | Uint8Array, line: number): Promise<Outcome> {
    await this.writeBeforeError();
    reportClientError(message, this.position(line), this.writeError);
    return 'continue';
  }

  async error(message: string | Uint8Array, line: number): Promise<Outcome> {
    await this.warn(message, line);
    return this.continuesAfterError ? 'continue' : { exit: 1 };
  }
}

/** Returns a statement up to its first NUL, as the client shows it. (--binary-mode allows NUL.) */
export function upToNul(sql: Uint8Array): Uint8Array {
  const nul = sql.indexOf(0);
  return nul < 0 ? sql : sql.subarray(0, nul);
}
