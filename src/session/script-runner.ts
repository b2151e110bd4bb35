import { exactBytes } from '../cli/exact-arguments.js';
import type { Settings } from '../cli/settings.js';
import { clientBuffer, type OutputBuffer } from '../output/output-buffer.js';
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
import type { CommandContext, Outcome } from './commands/context.js';
import { runCommand } from './commands.js';
import type { Interruption } from './interruption.js';
import { startsWithWord } from './local-infile-policy.js';
import {
  type Position,
  reportClientError,
  reportReplicaError,
  type WriteError,
  writeError,
} from './report.js';
import type { SessionConnection } from './session-connection.js';

/** With --one-database the client lets through what begins so, in any case. */
const setWord = Buffer.from('set ');

const rule = '--------------\n';

/** A source of statements: standard input or -e, the terminal, or a file that `source` runs. */
interface Frame {
  reader: ScriptReader;
  file: Uint8Array | undefined;
  sandboxed: boolean;
  depth: number;
}

/**
 * Runs what a script's reader finds, item by item, over one connection at a time: what a batch and
 * a conversation share. How a statement is run and its result shown is theirs.
 */
export abstract class ScriptRunner implements CommandContext {
  readonly settings: Settings;
  readonly session: SessionConnection;
  readonly out: OutputBuffer;
  passesOver: boolean;
  showWarnings: boolean;
  protected readonly interruption: Interruption;
  readonly #source: ScriptOptions['source'];
  #frame: Frame;

  /** `link` must be connected. */
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
    this.#source = source;
    const { input } = settings;
    this.passesOver = input.oneDatabase && !input.databaseNamedAlone;
    const reader = this.newReader(exactBytes(input.delimiter), source);
    this.#frame = { reader, file: undefined, sandboxed: input.sandbox, depth: 0 };
  }

  /** Runs a statement, shows its result, and reports what goes wrong. */
  protected abstract runStatement(statement: Statement): Promise<Outcome>;

  /** Carries out a client command. */
  protected runCommand(command: ClientCommand): Promise<Outcome> {
    return runCommand(command, this);
  }

  /** Where errors are told. */
  protected readonly writeError: WriteError = writeError;

  /** Shows a statement before it is run, as -v asks for. */
  echo(sql: Uint8Array): void {
    this.out.appendText(rule);
    this.out.append(upToNul(sql));
    this.out.appendText(`\n${rule}\n`);
  }

  /** Whether --one-database passes over a statement, since another database is in use. */
  protected isPassedOver(sql: Uint8Array): boolean {
    return this.passesOver && !startsWithWord(sql, setWord);
  }

  /** Carries out a command that only a conversation has; no other source gives one out. */
  protected async runShellCommand(_command: ShellCommand): Promise<Outcome> {
    return 'continue';
  }

  inform(_text: string): void {}

  get destinations(): { pager: string; tee: string } {
    return { pager: 'stdout', tee: '' };
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

  /** Begins to read anew: nothing is pending or open, what ends a statement stays. */
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
    }
    const failed = outcome !== 'continue' && outcome.exit !== 0;
    return failed && !this.goesOn ? outcome : 'continue';
  }

  /** Runs all of `input`, which comes in chunks of any size. */
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
        return this.#problem(item);
      case 'shell-command':
        return this.runShellCommand(item);
    }
  }

  async #problem({ message, line, stops }: ScriptProblem): Promise<Outcome> {
    await this.out.sendBlocks(clientBuffer);
    reportClientError(message, this.position(line), this.writeError);
    return stops === 'never' || (stops === 'unless-forced' && this.goesOn)
      ? 'continue'
      : { exit: 1 };
  }

  async connected(line: number): Promise<ReplicaConnection | { exit: number }> {
    const { connection } = this.session;
    if (connection !== undefined) return connection;
    await this.out.sendBlocks(clientBuffer);
    reportClientError("Can't connect to the server\n", this.position(line), this.writeError);
    return { exit: 1 };
  }

  /** The file that is being sourced; undefined: none is. */
  protected get file(): Uint8Array | undefined {
    return this.#frame.file;
  }

  /** Where an error is; --skip-line-numbers takes that out of every message. */
  protected position(line: number | undefined): Position | undefined {
    if (line === undefined || !this.settings.input.lineNumbers) return undefined;
    return { line, file: this.#frame.file };
  }

  /** Whether an error leaves the rest to be run. --force does not count within a sourced file. */
  protected get goesOn(): boolean {
    const { force, abortSourceOnError } = this.settings.input;
    return this.#frame.file === undefined ? force : !abortSourceOnError;
  }

  async serverError(error: SqlError, line: number, statement?: Uint8Array): Promise<Outcome> {
    // After a signal the error is our own doing: the statement was killed.
    if (this.interruption.first.aborted) return { exit: 1 };
    const shown = this.settings.output.verbose >= 1 ? undefined : statement;
    // Observed: the client flushes its output where it shows the statement, else it does not.
    await (shown === undefined ? this.out.sendBlocks(clientBuffer) : this.out.flush());
    reportReplicaError(error, this.position(line), shown, this.writeError);
    return this.goesOn ? 'continue' : { exit: 1 };
  }

  async warn(message: string | Uint8Array, line: number): Promise<Outcome> {
    await this.out.sendBlocks(clientBuffer);
    reportClientError(message, this.position(line), this.writeError);
    return 'continue';
  }

  async error(message: string | Uint8Array, line: number): Promise<Outcome> {
    await this.warn(message, line);
    return this.goesOn ? 'continue' : { exit: 1 };
  }
}

/** A statement as the client shows it (--binary-mode lets NUL through): it ends where a NUL is. */
export function upToNul(sql: Uint8Array): Uint8Array {
  const nul = sql.indexOf(0);
  return nul < 0 ? sql : sql.subarray(0, nul);
}
