import type { ReplicaConnection } from '../replica/connection.js';
import { editText } from '../session/editor.js';
import type { Interruption } from '../session/interruption.js';
import { addressText } from '../target/address.js';
import type { History } from '../terminal/history.js';
import { LineEditor } from '../terminal/line-editor.js';
import type { Terminal } from '../terminal/terminal.js';
import { asOffered } from './commands/edit.js';
import { SqlEditorClient } from './editor-client.js';
import { firstCell, Prompter } from './prompter.js';
import type { Shell } from './shell.js';
import type { ShellOutput } from './shell-output.js';

/** What a conversation is read with. */
export interface ReadLoopParts {
  shell: Shell;
  terminal: Terminal;
  output: ShellOutput;
  history: History;
  interruption: Interruption;
}

/** Reads what the user types, text by text, has the shell run it, and keeps it in the history. */
export class ReadLoop {
  readonly #parts: ReadLoopParts;
  readonly #client: SqlEditorClient;
  readonly #editor: LineEditor;
  readonly #prompter: Prompter;
  /** The text that runs, which is not in the history yet. */
  #running = '';

  constructor(parts: ReadLoopParts) {
    this.#parts = parts;
    const { shell, terminal, history, interruption } = parts;
    this.#prompter = new Prompter(shell.session);
    this.#client = new SqlEditorClient(
      () => ({
        delimiter: Buffer.from(shell.reader.delimiter).toString(),
        sqlMode: shell.reader.sqlMode,
        comments: shell.settings.input.comments,
        namedCommands: shell.settings.input.namedCommands,
        characterSet: shell.session.characterSet,
      }),
      () => shell.names(),
    );
    this.#editor = new LineEditor(terminal, history, this.#client);
    // A signal ends the program at once.
    interruption.first.addEventListener('abort', () => this.#remember(this.#running));
  }

  /** Talks with the user until that ends. Gives the exit status. */
  async run(): Promise<number> {
    const { shell, terminal } = this.#parts;
    if (shell.settings.output.silent === 0) await this.#greet();
    shell.readNames();
    try {
      for (;;) {
        await this.#showPrompt();
        terminal.take();
        const edited = await this.#editor.read(shell.takeOffered());
        switch (edited.kind) {
          case 'end':
            return await this.#sayGoodbye(0);
          case 'interrupted':
            break;
          case 'editor': {
            const typed = Buffer.from(edited.text);
            const { text, failed } = await editText(typed, (run) => shell.lendTerminal(run));
            if (failed !== undefined) await shell.warn(failed, 1);
            shell.offerText(failed === undefined ? asOffered(text) : edited.text);
            break;
          }
          case 'text': {
            const status = await this.#runText(edited.text);
            if (status !== undefined) return await this.#sayGoodbye(status);
          }
        }
      }
    } finally {
      this.#remember(this.#running);
      shell.stopReading();
      this.#prompter.stop();
      terminal.release();
    }
  }

  async #greet(): Promise<void> {
    const { shell } = this.#parts;
    const { connection } = shell.session;
    if (connection === undefined) return;
    const comment = await firstCell(connection, 'select @@version_comment limit 1');
    shell.out.appendText(banner(connection, comment ?? ''));
  }

  async #sayGoodbye(status: number): Promise<number> {
    const { out } = this.#parts.shell;
    out.appendText('Bye\n');
    await out.flush();
    return status;
  }

  /** Makes the prompt, which may ask the server; what was to be said before it is written. */
  async #showPrompt(): Promise<void> {
    const { shell } = this.#parts;
    const delimiter = Buffer.from(shell.reader.delimiter).toString();
    const prompt = await this.#prompter.next(shell.promptFormat, delimiter);
    // All but its last line is no business of the editor's.
    const lastLine = prompt.lastIndexOf('\n') + 1;
    shell.out.appendText(prompt.slice(0, lastLine));
    this.#client.prompt = prompt.slice(lastLine);
    await shell.out.flush();
  }

  /** Runs what was typed; what is left of it is offered again. Gives the exit status at the end. */
  async #runText(text: string): Promise<number | undefined> {
    const { shell } = this.#parts;
    this.#copyTyped(text);
    this.#running = text;
    const { end, rest } = await shell.runTyped(text);
    // What goes wrong with the history's file is told behind all of the result.
    await shell.out.flush();
    const isTail = rest.length <= text.length && `${text}\n`.endsWith(rest);
    this.#remember(isTail ? text.slice(0, text.length + 1 - rest.length) : text);
    // Its last newline is the one that was just entered.
    if (rest.trim() !== '') shell.offerText(rest.trimStart());
    return end;
  }

  /** Into the file of `tee` goes what was typed too, with its prompts. */
  #copyTyped(text: string): void {
    const { prompts } = this.#client.analyse(text);
    const lines = text.split('\n').map((line, index) => `${prompts[index] ?? ''}${line}\n`);
    this.#parts.output.copy(Buffer.from(lines.join('')));
  }

  #remember(text: string): void {
    this.#running = '';
    this.#parts.history.add(text.trim());
  }
}

/** What is said when a conversation begins; `comment` is the server's @@version_comment. */
export function banner(connection: ReplicaConnection, comment: string): string {
  const { address, serverVersion, target, threadId } = connection;
  const place = addressText(address);
  const where =
    target.section === undefined ? `You are at ${place}` : `Section ${target.section}, at ${place}`;
  return `Welcome to analytics-mysql.  Commands end with ; or \\g.
Your MariaDB connection id is ${threadId}
Server version: ${serverVersion} ${comment}
${where}

Type 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.

`;
}
