import { type ResultFormat, toShellFormat } from '../cli/result-format.js';
import type { Settings } from '../cli/settings.js';
import type { KnownNames } from '../completion/completion.js';
import { Failure, formatFailure } from '../failure.js';
import { outputFormats } from '../output/formats.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import { writeStandardError } from '../output/standard-error.js';
import { goneAwayError, SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { ClientCommand, ScriptItem, ShellCommand, Statement } from '../script/item.js';
import type { ScriptReader } from '../script/reader.js';
import type { Outcome } from '../session/commands/context.js';
import { defaultPrompt } from '../session/commands/outputs.js';
import type { Interruption } from '../session/interruption.js';
import { writeError } from '../session/report.js';
import { ScriptRunner } from '../session/script-runner.js';
import type { SessionConnection } from '../session/session-connection.js';
import type { Target } from '../target/target.js';
import { findEditingMode } from '../terminal/editing-mode.js';
import type { Terminal } from '../terminal/terminal.js';
import { getDefaultPager } from './commands/outputs.js';
import { runClientCommand, runShellCommand } from './commands.js';
import type { ShellContext, ShellPager } from './context.js';
import { InterruptHandler } from './interrupt-handler.js';
import type { KeptResult } from './kept-result.js';
import { findNamedQueriesDirectory, NamedQueries } from './named-queries.js';
import { openPagedScreen } from './paged-screen.js';
import { ResultKeeper } from './result-keeper.js';
import { runStatement, showResultAgain } from './run-statement.js';
import { SchemaReader } from './schema-reader.js';
import type { SectionRouter } from './section-router.js';
import type { ShellOutput } from './shell-output.js';
import { UserVariables } from './user-variables.js';

/** The objects that the shell works with. */
export interface ShellOptions {
  settings: Settings;
  /** Must be connected. */
  session: SessionConnection;
  terminal: Terminal;
  output: ShellOutput;
  out: OutputBuffer;
  router: SectionRouter;
  /** Returns the names of all wikis. */
  wikis: () => readonly string[];
  interruption: Interruption;
}

/** The interactive shell: runs the statements and commands that the user types. */
export class Shell extends ScriptRunner implements ShellContext {
  promptFormat: string;
  pager: ShellPager | undefined;
  readonly defaultPager: ShellPager | undefined;
  timing = true;
  readonly usesViKeys: boolean;
  format: ResultFormat;
  lastStatement: Uint8Array | undefined;
  readonly interrupts: InterruptHandler;
  readonly keeper = new ResultKeeper();
  readonly queries = new NamedQueries(findNamedQueriesDirectory(process.env));
  readonly #options: ShellOptions;
  readonly #schema: SchemaReader;
  readonly #userVariables = new UserVariables();
  #prefill = '';
  /** The beginning of the pending text in which unknown commands are already reported. */
  #reported = '';

  constructor(options: ShellOptions) {
    const { settings, session, out, interruption } = options;
    super(settings, session, out, interruption, 'terminal');
    this.#options = options;
    this.format = toShellFormat(settings.output.format);
    const { prompt, pager } = settings.shell;
    this.promptFormat = prompt ?? process.env.MYSQL_PS1 ?? defaultPrompt;
    // Less needs escape sequences, and Emacs scrolls by itself.
    const automaticPager = options.terminal.isDumb ? undefined : getDefaultPager();
    this.defaultPager = pager ? { command: pager, isUserChoice: true } : automaticPager;
    this.usesViKeys = settings.shell.vi || findEditingMode(process.env) === 'vi';
    this.pager = pager === '' ? undefined : this.defaultPager;
    this.#schema = new SchemaReader(() => session.openSecondConnection(undefined));
    this.interrupts = new InterruptHandler(session);
    options.terminal.onInterrupt = () => {
      if (!settings.input.sigintIgnore) this.interrupts.handleCtrlC();
    };
  }

  /** Writes an error to the file of `tee` as well. */
  protected override readonly writeError = (...parts: (string | Uint8Array)[]): void => {
    const { output } = this.#options;
    const text = Buffer.concat(parts.map((part) => Buffer.from(part)));
    output.copyToTee(text);
    writeStandardError(text, (bytes) => output.sanitize(bytes));
  };

  /** Returns the names for completion that are known so far. */
  getCompletionNames(): KnownNames {
    const { wikis } = this.#options;
    const userVariables = this.#userVariables.get(this.session.connection);
    return {
      ...this.#schema.names,
      wikis: wikis(),
      queries: this.queries.names(),
      formats: outputFormats,
      userVariables,
    };
  }

  /** Reads the tables of another database for completion, unless -A is set. */
  requestSchema(database: string): void {
    this.#schema.request(database);
  }

  /** Returns and clears the initial text for the line editor. */
  takePrefill(): string {
    const prefill = this.#prefill;
    this.#prefill = '';
    return prefill;
  }

  /**
   * Runs a typed text. Resolves to `end`, the exit status if the text ended the shell, and `rest`,
   * the text after the last complete statement or command, as it was typed, without blanks at its
   * start.
   */
  async runTyped(text: string): Promise<{ end: number | undefined; rest: string }> {
    const reader = this.renewReader();
    this.interrupts.reset();
    if (text.startsWith(this.#reported)) reader.skipReported(Buffer.byteLength(this.#reported));
    this.#reported = '';
    this.explanations.reset();
    const isInterrupted = this.#options.terminal.takeInterrupt();
    if (isInterrupted && !this.settings.input.sigintIgnore) {
      this.writeError('^C\n');
      return { end: undefined, rest: '' };
    }
    for (const item of readTyped(reader, text)) {
      const outcome = await this.runItem(item);
      if (outcome !== 'continue' && endsShell(item)) return { end: outcome.exit, rest: '' };
      if (this.interrupts.isInterrupted) break;
    }
    await this.interrupts.waitForKills();
    // After an interrupted statement, the rest of the text is dropped too.
    if (this.interrupts.isInterrupted) return { end: undefined, rest: '' };
    const { remaining, reportedLength } = reader;
    const decode = (bytes: Uint8Array) => Buffer.from(bytes).toString().trimStart();
    this.#reported = decode(remaining.subarray(0, reportedLength));
    return { end: undefined, rest: decode(remaining) };
  }

  /** The beginning of the pending text in which unknown commands are already reported. */
  get reported(): string {
    return this.#reported;
  }

  /** Reports unknown commands again: the user has discarded the pending text. */
  forgetReported(): void {
    this.#reported = '';
  }

  /** Reads the names for completion in the background, unless -A is set. */
  readSchemaNames(): void {
    if (this.settings.shell.rehash) this.#schema.read(this.session.target.database);
  }

  /** Stops reading names in the background. */
  stopReadingNames(): void {
    this.#schema.stop();
  }

  protected override runCommand(command: ClientCommand): Promise<Outcome> {
    return runClientCommand(command, this);
  }

  protected override runShellCommand(command: ShellCommand): Promise<Outcome> {
    return runShellCommand(command, this);
  }

  protected override async runStatement(statement: Statement): Promise<Outcome> {
    const connection = await this.connected(statement.line);
    if ('exit' in connection) return connection;
    // The bytes are valid only during the call.
    if (this.file === undefined) this.lastStatement = Uint8Array.from(statement.sql);
    this.#userVariables.add(statement.sql, connection);
    if (this.isIgnored(statement.sql)) {
      this.printNotice('Ignoring query to other database');
      return 'continue';
    }
    return runStatement(statement, connection, this, this.#options.terminal, this.#options.output);
  }

  async runText(text: string): Promise<Outcome> {
    const reader = this.newReader(this.reader.delimiter, 'terminal');
    for (const item of reader.read(Buffer.from(`${text}\n`))) {
      const outcome = await this.runItem(item);
      if (outcome !== 'continue') return outcome;
    }
    // The text need not end in a delimiter.
    const rest = Buffer.from(reader.remaining).toString().trim();
    return rest === '' ? 'continue' : this.runSql(Buffer.from(rest), 1);
  }

  runSql(sql: Uint8Array, line: number): Promise<Outcome> {
    return this.runStatement({
      kind: 'statement',
      sql,
      untrimmed: sql,
      line,
      vertical: false,
      terminator: 'go',
      redirect: undefined,
    });
  }

  async runOwnSql(sql: string, line: number): Promise<Outcome> {
    const { format, lastStatement } = this;
    // Several rows about one thing are easier to compare in a table, even if it is wide.
    if (format.name === 'table') this.format = { ...format, autoVertical: false };
    this.keeper.isPaused = true;
    try {
      return await this.runSql(Buffer.from(sql), line);
    } finally {
      this.keeper.isPaused = false;
      this.format = format;
      this.lastStatement = lastStatement;
    }
  }

  async showAgain(
    result: KeptResult,
    ending: Pick<Statement, 'redirect' | 'vertical' | 'line'>,
  ): Promise<Outcome> {
    return showResultAgain(result, ending, this, this.#options.terminal, this.#options.output);
  }

  override printNotice(text: string): void {
    this.out.appendText(`${text}\n`);
  }

  override get destinations(): { pager: string; tee: string } {
    return { pager: this.pager?.command ?? 'stdout', tee: this.#options.output.tee ?? '' };
  }

  async setTee(file: string | undefined): Promise<void> {
    const { output } = this.#options;
    await this.out.flush();
    await output.openTee(file);
  }

  prefillEditor(text: string): void {
    this.#prefill = text;
  }

  async withTerminalReleased<T>(use: () => Promise<T>): Promise<T> {
    await this.out.flush();
    const { terminal } = this.#options;
    terminal.release();
    try {
      return await use();
    } finally {
      terminal.acquire();
      terminal.moveToRowStart();
    }
  }

  async withPager(print: () => Promise<Outcome>, isFiltered = false): Promise<Outcome> {
    const { terminal, output } = this.#options;
    await this.out.flush();
    const paged = openPagedScreen({
      terminal,
      characterSet: this.session.characterSet,
      pager: this.pager && { ...this.pager, isUserChoice: isFiltered && this.pager.isUserChoice },
      directSink: { write: (bytes) => output.writeRaw(bytes) },
    });
    output.detour = paged;
    try {
      const outcome = await print();
      await this.out.flush();
      return outcome;
    } finally {
      output.detour = undefined;
      await paged.end();
    }
  }

  rehash(): void {
    this.#schema.rehash(this.session.target.database);
  }

  findDatabase(name: string): string {
    return this.#options.router.findDatabase(name, this.session.target);
  }

  findOtherSection(database: string): Promise<Target | undefined> {
    return this.#options.router.findOtherSection(database, this.session.target);
  }

  async switchTo(target: Target): Promise<void> {
    const inTransaction = this.session.connection?.inTransaction ?? false;
    const { endpoint } = await this.session.switchTo(target);
    const serverName = endpoint === undefined ? '' : ` (${endpoint.host}:${endpoint.port})`;
    this.printNotice(`Database changed. Now connected to section ${target.section}${serverName}.`);
    if (inTransaction) this.printNotice('The open transaction was rolled back.');
    if (this.settings.shell.rehash) this.rehash();
  }

  /** Resolves to the connection; if it was lost, reconnects to the same section and database. */
  override async connected(line: number): Promise<ReplicaConnection | { exit: number }> {
    const { connection, target } = this.session;
    if (connection !== undefined && !connection.isLost) return connection;
    if (connection !== undefined) await this.serverError(goneAwayError(), line);
    if (!this.settings.shell.reconnect) return { exit: 1 };
    this.printNotice('No connection. Trying to reconnect...');
    await this.out.flush();
    try {
      this.session.target = await this.#options.router.findSameSection(target);
      const opened = await this.session.open();
      const database = target.database ?? '*** NONE ***';
      this.printNotice(`Connection id:    ${opened.threadId}\nCurrent database: ${database}\n`);
      return opened;
    } catch (error) {
      if (error instanceof Failure)
        for (const text of formatFailure(error)) this.writeError(`${text}\n`);
      else if (error instanceof SqlError) await this.serverError(error, line);
      else throw error;
      return super.connected(line);
    }
  }

  /** Returns undefined at the prompt, where line numbers have no meaning. */
  protected override position(line: number | undefined) {
    return this.file === undefined ? undefined : super.position(line);
  }

  override async serverError(
    error: SqlError,
    line: number,
    statement?: Uint8Array,
  ): Promise<Outcome> {
    await this.writeBeforeError();
    return super.serverError(error, line, this.file === undefined ? undefined : statement);
  }

  protected override async writeBeforeError(): Promise<void> {
    await this.out.flush();
    this.#ringBell();
  }

  ringBellAfter(milliseconds: number): void {
    const { longQueryBell } = this.settings.shell;
    if (longQueryBell > 0 && milliseconds >= longQueryBell * 1000) this.#ringBell();
  }

  #ringBell(): void {
    // Emacs shows the bell as a character.
    const { terminal } = this.#options;
    if (this.settings.shell.beep && !terminal.isDumb) writeError('\x07');
  }
}

function* readTyped(reader: ScriptReader, text: string): Generator<ScriptItem, void, void> {
  yield* reader.read(Buffer.from(`${text}\n`));
  yield* reader.endTypedText();
}

function endsShell(item: ScriptItem): boolean {
  return item.kind === 'command' && (item.name === 'quit' || item.name === 'exit');
}
