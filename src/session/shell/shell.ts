import type { Settings } from '../../cli/settings.js';
import { isFailure, linesOf } from '../../failure.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import type { ReplicaConnection } from '../../replica/connection.js';
import { goneAway, ReplicaError } from '../../replica/replica-error.js';
import type { ClientCommand, ScriptItem, ShellCommand, Statement } from '../../script/item.js';
import type { Target } from '../../target/target.js';
import type { History } from '../../terminal/history.js';
import { LineEditor } from '../../terminal/line-editor.js';
import type { Terminal } from '../../terminal/terminal.js';
import { nearestNames } from '../../wikis/nearest.js';
import type { Outcome } from '../commands/context.js';
import type { Interruption } from '../interruption.js';
import type { Link } from '../link.js';
import { writeError } from '../report.js';
import { ScriptRunner } from '../script-runner.js';
import { banner } from './banner.js';
import { throughEditor } from './commands/edit.js';
import { usualPager } from './commands/outputs.js';
import { runOwnCommand, runShellCommand } from './commands.js';
import type { ShellContext, ShellPager } from './context.js';
import { SqlEditorClient } from './editor-client.js';
import { Interrupts } from './interrupts.js';
import { NamedQueries, namedQueriesFolder } from './named-queries.js';
import { clientPrompt } from './prompt.js';
import { firstCell, Prompter } from './prompter.js';
import { SchemaReader } from './schema-reader.js';
import type { ShellOutput } from './shell-output.js';
import { runStatement } from './statement-run.js';
import type { Whereabouts } from './whereabouts.js';

/** What a conversation is made of. */
export interface ShellParts {
  settings: Settings;
  /** Connected. */
  link: Link;
  terminal: Terminal;
  output: ShellOutput;
  out: OutputBuffer;
  history: History;
  whereabouts: Whereabouts;
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
  readonly queries = new NamedQueries(namedQueriesFolder(process.env));
  readonly #parts: ShellParts;
  readonly #schema: SchemaReader;
  readonly #prompter: Prompter;
  readonly #client: SqlEditorClient;
  readonly #editor: LineEditor;
  #offered = '';
  /** The text that runs, which is not in the history yet. */
  #running = '';

  constructor(parts: ShellParts) {
    const { settings, link, out, interruption } = parts;
    super(settings, link, out, interruption, 'terminal');
    this.#parts = parts;
    const { prompt, pager } = settings.shell;
    this.promptFormat = prompt ?? process.env.MYSQL_PS1 ?? clientPrompt;
    this.usualPager = pager ? { command: pager, named: true } : usualPager();
    this.pager = pager === '' ? undefined : this.usualPager;
    this.#schema = new SchemaReader(() => link.openBeside(undefined));
    this.#prompter = new Prompter(link);
    this.interrupts = new Interrupts(link);
    this.#client = new SqlEditorClient(
      () => ({
        delimiter: Buffer.from(this.reader.delimiter).toString(),
        noBackslashEscapes: this.reader.noBackslashEscapes,
      }),
      () => ({
        ...this.#schema.names,
        wikis: parts.wikis(),
        queries: this.queries.names(),
      }),
    );
    this.#editor = new LineEditor(parts.terminal, parts.history, this.#client);
    parts.terminal.onInterrupt = () => {
      if (!settings.input.sigintIgnore) this.interrupts.press();
    };
    // A signal ends the program at once.
    void interruption.first.then(() => this.#remember(this.#running));
  }

  /** Talks with the user until that ends. Gives the exit status. */
  async run(): Promise<number> {
    const { terminal } = this.#parts;
    if (this.settings.output.silent === 0) await this.#greet();
    this.#readNames();
    try {
      for (;;) {
        await this.#showPrompt();
        terminal.take();
        const offered = this.#offered;
        this.#offered = '';
        const edited = await this.#editor.read(offered);
        switch (edited.kind) {
          case 'end':
            this.out.appendText('Bye\n');
            await this.out.flush();
            return 0;
          case 'interrupted':
            break;
          case 'editor': {
            const { text, failed } = await throughEditor(edited.text, this);
            if (failed !== undefined) await this.remark(failed, 1);
            this.offerText(text);
            break;
          }
          case 'text': {
            this.#copyTyped(edited.text);
            const outcome = await this.#runText(edited.text);
            await this.out.flush();
            if (outcome !== 'continue') return outcome.exit;
          }
        }
      }
    } finally {
      this.#remember(this.#running);
      this.#schema.stop();
      this.#prompter.stop();
      terminal.release();
    }
  }

  async #greet(): Promise<void> {
    const { connection } = this.link;
    if (connection === undefined) return;
    const comment = await firstCell(connection, 'select @@version_comment limit 1');
    this.out.appendText(banner(connection, comment ?? ''));
  }

  /** Makes the prompt, which may ask the server; what was to be said before it is written. */
  async #showPrompt(): Promise<void> {
    const delimiter = Buffer.from(this.reader.delimiter).toString();
    const prompt = await this.#prompter.next(this.promptFormat, delimiter);
    // All but its last line is no business of the editor's.
    const lastLine = prompt.lastIndexOf('\n') + 1;
    this.out.appendText(prompt.slice(0, lastLine));
    this.#client.prompt = prompt.slice(lastLine);
    await this.out.flush();
  }

  /** Errors stand in the file of `tee` as well. */
  protected override readonly writeError = (...parts: (string | Uint8Array)[]): void => {
    const { output } = this.#parts;
    const text = Buffer.concat(parts.map((part) => Buffer.from(part)));
    output.copy(text);
    writeError(output.safe(text));
  };

  /** Runs what was typed; what follows the last thing that could be run is offered again. */
  async #runText(text: string): Promise<Outcome> {
    const bytes = Buffer.from(`${text}\n`);
    const reader = this.renewReader();
    this.interrupts.startAnew();
    this.#running = text;
    for (const item of reader.read(bytes)) {
      const outcome = await this.runItem(item);
      if (outcome !== 'continue' && endsConversation(item)) {
        this.#remember(text);
        this.out.appendText('Bye\n');
        return outcome;
      }
      if (this.interrupts.happened) break;
    }
    await this.interrupts.told();
    // What stands behind a statement that was given up is given up too.
    const rest = this.interrupts.happened ? '' : Buffer.from(reader.rest).toString();
    // What goes wrong with the history's file is told behind all of the result.
    await this.out.flush();
    const isTail = rest.length <= text.length && `${text}\n`.endsWith(rest);
    this.#remember(isTail ? text.slice(0, text.length + 1 - rest.length) : text);
    // Its last newline is the one that was just entered.
    if (rest.trim() !== '') this.offerText(rest.trimStart());
    return 'continue';
  }

  /** Into the file of `tee` goes what was typed too, with its prompts. */
  #copyTyped(text: string): void {
    const prompts = this.#client.prompts(text);
    const lines = text.split('\n').map((line, index) => `${prompts[index] ?? ''}${line}\n`);
    this.#parts.output.copy(Buffer.from(lines.join('')));
  }

  #remember(text: string): void {
    this.#running = '';
    this.#parts.history.add(text.trim());
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
    this.#schema.rehash(this.link.target.database);
  }

  databaseChanged(): void {
    this.#readNames();
  }

  #readNames(): void {
    if (this.settings.shell.rehash) this.#schema.read(this.link.target.database);
  }

  placeOf(database: string): Promise<Target | undefined> {
    return this.#parts.whereabouts.elsewhere(database, this.link.target);
  }

  wikisLike(database: string): readonly string[] {
    return nearestNames(database, this.#parts.wikis());
  }

  async moveTo(target: Target): Promise<void> {
    const inTransaction = this.link.connection?.inTransaction ?? false;
    const { endpoint } = await this.link.moveTo(target);
    const place = endpoint === undefined ? '' : ` (${endpoint.host}:${endpoint.port})`;
    this.inform(`Database changed. It is on another section: now at ${target.section}${place}.`);
    if (inTransaction) this.inform('The transaction that was open has been rolled back.');
    if (this.settings.shell.rehash) this.rehash();
  }

  /** The connection; if it was lost, a new one to the same section and database. */
  override async connected(line: number): Promise<ReplicaConnection | { exit: number }> {
    const { connection, target } = this.link;
    if (connection !== undefined && !connection.lost) return connection;
    if (connection !== undefined) await this.fail(goneAway(), line);
    if (!this.settings.shell.reconnect) return { exit: 1 };
    this.inform('No connection. Trying to reconnect...');
    await this.out.flush();
    try {
      this.link.target = await this.#parts.whereabouts.again(target);
      const opened = await this.link.open();
      const database = target.database ?? '*** NONE ***';
      this.inform(`Connection id:    ${opened.threadId}\nCurrent database: ${database}\n`);
      return opened;
    } catch (error) {
      if (isFailure(error)) for (const told of linesOf(error)) this.writeError(`${told}\n`);
      else if (error instanceof ReplicaError) await this.fail(error, line);
      else throw error;
      return super.connected(line);
    }
  }

  /** At the prompt there are no lines to count. */
  protected override position(line: number | undefined) {
    return this.file === undefined ? undefined : super.position(line);
  }

  override async fail(error: ReplicaError, line: number, statement?: Uint8Array): Promise<Outcome> {
    // What was told before stands above it.
    await this.out.flush();
    this.#ring();
    return super.fail(error, line, this.file === undefined ? undefined : statement);
  }

  override async remark(message: string | Uint8Array, line: number): Promise<Outcome> {
    await this.out.flush();
    this.#ring();
    return super.remark(message, line);
  }

  ringAfter(milliseconds: number): void {
    const { longQueryBell } = this.settings.shell;
    if (longQueryBell > 0 && milliseconds >= longQueryBell * 1000) this.#ring();
  }

  #ring(): void {
    if (this.settings.shell.beep) writeError('\x07');
  }
}

function endsConversation(item: ScriptItem): boolean {
  return item.kind === 'command' && (item.name === 'quit' || item.name === 'exit');
}
