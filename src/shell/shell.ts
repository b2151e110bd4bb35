import type { Settings } from '../cli/settings.js';
import type { Names } from '../completion/completion.js';
import { Failure, linesOf } from '../failure.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import { goneAway, SqlError } from '../protocol/sql-error.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { ClientCommand, ScriptItem, ShellCommand, Statement } from '../script/item.js';
import type { Outcome } from '../session/commands/context.js';
import { clientPrompt } from '../session/commands/outputs.js';
import type { Interruption } from '../session/interruption.js';
import { writeError } from '../session/report.js';
import { ScriptRunner } from '../session/script-runner.js';
import type { SessionConnection } from '../session/session-connection.js';
import type { Target } from '../target/target.js';
import type { Terminal } from '../terminal/terminal.js';
import { nearestNames } from '../wikis/nearest.js';
import { usualPager } from './commands/outputs.js';
import { runOwnCommand, runShellCommand } from './commands.js';
import type { ShellContext, ShellPager } from './context.js';
import { Interrupts } from './interrupts.js';
import { NamedQueries, namedQueriesDirectory } from './named-queries.js';
import { SchemaReader } from './schema-reader.js';
import type { SectionRouter } from './section-router.js';
import type { ShellOutput } from './shell-output.js';
import { runStatement } from './statement-run.js';

/** What a conversation is made of. */
export interface ShellParts {
  settings: Settings;
  /** Connected. */
  session: SessionConnection;
  terminal: Terminal;
  output: ShellOutput;
  out: OutputBuffer;
  router: SectionRouter;
  wikis: () => readonly string[];
  interruption: Interruption;
}

/** A conversation: statements and commands are typed, run, and their results shown. */
export class Shell extends ScriptRunner implements ShellContext {
  promptFormat: string;
  pager: ShellPager | undefined;
  readonly usualPager: ShellPager;
  timing = true;
  lastStatement: Uint8Array | undefined;
  readonly interrupts: Interrupts;
  readonly queries = new NamedQueries(namedQueriesDirectory(process.env));
  readonly #parts: ShellParts;
  readonly #schema: SchemaReader;
  #offered = '';

  constructor(parts: ShellParts) {
    const { settings, session, out, interruption } = parts;
    super(settings, session, out, interruption, 'terminal');
    this.#parts = parts;
    const { prompt, pager } = settings.shell;
    this.promptFormat = prompt ?? process.env.MYSQL_PS1 ?? clientPrompt;
    this.usualPager = pager ? { command: pager, named: true } : usualPager();
    this.pager = pager === '' ? undefined : this.usualPager;
    this.#schema = new SchemaReader(() => session.openBeside(undefined));
    this.interrupts = new Interrupts(session);
    parts.terminal.onInterrupt = () => {
      if (!settings.input.sigintIgnore) this.interrupts.press();
    };
  }

  /** Errors stand in the file of `tee` as well. */
  protected override readonly writeError = (...parts: (string | Uint8Array)[]): void => {
    const { output } = this.#parts;
    const text = Buffer.concat(parts.map((part) => Buffer.from(part)));
    output.copy(text);
    writeError(output.safe(text));
  };

  /** What completion has to offer now. */
  names(): Names {
    const { wikis } = this.#parts;
    return { ...this.#schema.names, wikis: wikis(), queries: this.queries.names() };
  }

  /** What stands in the editor when the next text is to be typed; it is not there a second time. */
  takeOffered(): string {
    const offered = this.#offered;
    this.#offered = '';
    return offered;
  }

  /**
   * Runs what was typed. `end`: the exit status, if it ended the conversation. `rest`: what follows
   * the last thing that could be run, as it was typed.
   */
  async runTyped(text: string): Promise<{ end: number | undefined; rest: string }> {
    const reader = this.renewReader();
    this.interrupts.startAnew();
    for (const item of reader.read(Buffer.from(`${text}\n`))) {
      const outcome = await this.runItem(item);
      if (outcome !== 'continue' && endsShell(item)) return { end: outcome.exit, rest: '' };
      if (this.interrupts.happened) break;
    }
    await this.interrupts.told();
    // What stands behind a statement that was given up is given up too.
    const rest = this.interrupts.happened ? '' : Buffer.from(reader.rest).toString();
    return { end: undefined, rest };
  }

  /** Names are read in the background, unless the user does not want it. */
  readNames(): void {
    if (this.settings.shell.rehash) this.#schema.read(this.session.target.database);
  }

  /** Nothing more is read in the background. */
  stopReading(): void {
    this.#schema.stop();
  }

  protected override runCommand(command: ClientCommand): Promise<Outcome> {
    return runShellCommand(command, this);
  }

  protected override runShellCommand(command: ShellCommand): Promise<Outcome> {
    return runOwnCommand(command, this);
  }

  protected override async runStatement(statement: Statement): Promise<Outcome> {
    const connection = await this.connected(statement.line);
    if ('exit' in connection) return connection;
    // The bytes are lent.
    if (this.file === undefined) this.lastStatement = Uint8Array.from(statement.sql);
    if (this.isPassedOver(statement.sql)) {
      this.inform('Ignoring query to other database');
      return 'continue';
    }
    return runStatement(statement, connection, this, this.#parts.terminal, this.#parts.output);
  }

  async runText(text: string): Promise<Outcome> {
    const reader = this.newReader(this.reader.delimiter, 'terminal');
    for (const item of reader.read(Buffer.from(`${text}\n`))) {
      const outcome = await this.runItem(item);
      if (outcome !== 'continue') return outcome;
    }
    // The last delimiter may be left out.
    const rest = Buffer.from(reader.rest).toString().trim();
    return rest === '' ? 'continue' : this.runSql(Buffer.from(rest), 1);
  }

  runSql(sql: Uint8Array, line: number): Promise<Outcome> {
    return this.runStatement({
      kind: 'statement',
      sql,
      untrimmed: sql,
      line,
      vertical: false,
      terminated: 'go',
      redirect: undefined,
    });
  }

  override inform(text: string): void {
    this.out.appendText(`${text}\n`);
  }

  override get destinations(): { pager: string; tee: string } {
    return { pager: this.pager?.command ?? 'stdout', tee: this.#parts.output.tee ?? '' };
  }

  async setTee(file: string | undefined): Promise<void> {
    const { output } = this.#parts;
    await this.out.flush();
    await output.show(Buffer.from(output.setTee(file)));
  }

  offerText(text: string): void {
    this.#offered = text;
  }

  async lendTerminal<T>(use: () => Promise<T>): Promise<T> {
    await this.out.flush();
    const { terminal } = this.#parts;
    terminal.release();
    try {
      return await use();
    } finally {
      terminal.take();
      terminal.beginRow();
    }
  }

  rehash(): void {
    this.#schema.rehash(this.session.target.database);
  }

  placeOf(database: string): Promise<Target | undefined> {
    return this.#parts.router.otherSection(database, this.session.target);
  }

  wikisLike(database: string): readonly string[] {
    return nearestNames(database, this.#parts.wikis());
  }

  async moveTo(target: Target): Promise<void> {
    const inTransaction = this.session.connection?.inTransaction ?? false;
    const { endpoint } = await this.session.moveTo(target);
    const place = endpoint === undefined ? '' : ` (${endpoint.host}:${endpoint.port})`;
    this.inform(`Database changed. It is on another section: now at ${target.section}${place}.`);
    if (inTransaction) this.inform('The transaction that was open has been rolled back.');
    if (this.settings.shell.rehash) this.rehash();
  }

  /** The connection; if it was lost, a new one to the same section and database. */
  override async connected(line: number): Promise<ReplicaConnection | { exit: number }> {
    const { connection, target } = this.session;
    if (connection !== undefined && !connection.lost) return connection;
    if (connection !== undefined) await this.serverError(goneAway(), line);
    if (!this.settings.shell.reconnect) return { exit: 1 };
    this.inform('No connection. Trying to reconnect...');
    await this.out.flush();
    try {
      this.session.target = await this.#parts.router.sameSection(target);
      const opened = await this.session.open();
      const database = target.database ?? '*** NONE ***';
      this.inform(`Connection id:    ${opened.threadId}\nCurrent database: ${database}\n`);
      return opened;
    } catch (error) {
      if (error instanceof Failure) for (const told of linesOf(error)) this.writeError(`${told}\n`);
      else if (error instanceof SqlError) await this.serverError(error, line);
      else throw error;
      return super.connected(line);
    }
  }

  /** At the prompt there are no lines to count. */
  protected override position(line: number | undefined) {
    return this.file === undefined ? undefined : super.position(line);
  }

  override async serverError(
    error: SqlError,
    line: number,
    statement?: Uint8Array,
  ): Promise<Outcome> {
    // What was told before stands above it.
    await this.out.flush();
    this.#ring();
    return super.serverError(error, line, this.file === undefined ? undefined : statement);
  }

  override async warn(message: string | Uint8Array, line: number): Promise<Outcome> {
    await this.out.flush();
    this.#ring();
    return super.warn(message, line);
  }

  ringAfter(milliseconds: number): void {
    const { longQueryBell } = this.settings.shell;
    if (longQueryBell > 0 && milliseconds >= longQueryBell * 1000) this.#ring();
  }

  #ring(): void {
    if (this.settings.shell.beep) writeError('\x07');
  }
}

function endsShell(item: ScriptItem): boolean {
  return item.kind === 'command' && (item.name === 'quit' || item.name === 'exit');
}
