import type { ReplicaConnection } from '../replica/connection.js';
import { editText } from '../session/editor.js';
import type { Interruption } from '../session/interruption.js';
import { formatAddress } from '../target/address.js';
import type { History } from '../terminal/history.js';
import { LineEditor } from '../terminal/line-editor.js';
import type { Terminal } from '../terminal/terminal.js';
import { trimTrailingNewlines } from './commands/edit.js';
import { SqlEditorClient } from './editor-client.js';
import { getPromptPattern } from './prompt.js';
import { fetchFirstCell, Prompter } from './prompter.js';
import type { Shell } from './shell.js';
import type { ShellOutput } from './shell-output.js';

/** The objects that the read loop works with. */
export interface ReadLoopOptions {
  shell: Shell;
  terminal: Terminal;
  output: ShellOutput;
  history: History;
  interruption: Interruption;
}

/**
 * The read-eval loop of the shell: reads texts that the user types, runs them, keeps the history.
 */
export class ReadLoop {
  readonly #options: ReadLoopOptions;
  readonly #client: SqlEditorClient;
  readonly #editor: LineEditor;
  readonly #prompter: Prompter;
  /** The running text, which is not in the history yet. */
  #runningText = '';

  constructor(options: ReadLoopOptions) {
    this.#options = options;
    const { shell, terminal, history, interruption } = options;
    this.#prompter = new Prompter(shell.session);
    this.#client = new SqlEditorClient(
      () => ({
        delimiter: Buffer.from(shell.reader.delimiter).toString(),
        sqlMode: shell.reader.sqlMode,
        comments: shell.settings.input.comments,
        namedCommands: shell.settings.input.namedCommands,
        characterSet: shell.session.characterSet,
        reported: shell.reported,
      }),
      {
        getKnown: () => shell.getCompletionNames(),
        requestSchema: (database) => shell.requestSchema(database),
      },
      () => getPromptPattern(shell.promptFormat),
    );
    const mode = shell.usesViKeys ? 'vi' : 'emacs';
    this.#editor = new LineEditor(terminal, history, this.#client, mode);
    // A signal ends the program immediately, so add the running text now.
    interruption.firstSignal.addEventListener('abort', () => {
      shell.interrupts.live?.stop();
      this.#addToHistory(this.#runningText);
    });
  }

  /** Runs the loop until the user quits; resolves to the exit status. */
  async run(): Promise<number> {
    const { shell, terminal, interruption } = this.#options;
    if (shell.settings.output.silent === 0) await this.#printBanner();
    shell.readSchemaNames();
    try {
      for (;;) {
        // The program ends as soon as the statement that a signal interrupted has ended.
        if (interruption.firstSignal.aborted) return 1;
        await this.#showPrompt();
        terminal.acquire();
        const edited = await this.#editor.read(shell.takePrefill());
        switch (edited.kind) {
          case 'end':
            return await this.#printBye(0);
          case 'interrupted':
            shell.forgetReported();
            break;
          case 'editor': {
            const typed = Buffer.from(edited.text);
            const { text, problem } = await editText(typed, (run) =>
              shell.withTerminalReleased(run),
            );
            if (problem !== undefined) await shell.warn(problem, 1);
            shell.prefillEditor(problem === undefined ? trimTrailingNewlines(text) : edited.text);
            break;
          }
          case 'text': {
            const status = await this.#runText(edited.text);
            if (status !== undefined) return await this.#printBye(status);
          }
        }
      }
    } finally {
      this.#addToHistory(this.#runningText);
      shell.stopReadingNames();
      this.#prompter.stop();
      terminal.release();
    }
  }

  async #printBanner(): Promise<void> {
    const { shell } = this.#options;
    const { connection } = shell.session;
    if (connection === undefined) return;
    const comment = await fetchFirstCell(connection, 'select @@version_comment limit 1');
    shell.out.appendText(formatBanner(connection, comment ?? ''));
  }

  async #printBye(status: number): Promise<number> {
    const { out } = this.#options.shell;
    out.appendText('Bye\n');
    await out.flush();
    return status;
  }

  /** Creates the prompt, which may need a query, after writing all pending output. */
  async #showPrompt(): Promise<void> {
    const { shell } = this.#options;
    const delimiter = Buffer.from(shell.reader.delimiter).toString();
    const prompt = await this.#prompter.format(shell.promptFormat, delimiter);
    // The line editor needs only the prompt's last line.
    const lastLine = prompt.lastIndexOf('\n') + 1;
    shell.out.appendText(prompt.slice(0, lastLine));
    this.#client.prompt = prompt.slice(lastLine);
    await shell.out.flush();
  }

  /**
   * Runs a typed text; its incomplete rest is the next prompt's initial text. Resolves to the exit
   * status if the text ended the shell.
   */
  async #runText(text: string): Promise<number | undefined> {
    const { shell } = this.#options;
    this.#copyInputToTee(text);
    this.#runningText = text;
    const { end, rest } = await shell.runTyped(text);
    // Errors of the history file must appear after the complete result.
    await shell.out.flush();
    const isTail = rest.length <= text.length && `${text}\n`.endsWith(rest);
    this.#addToHistory(isTail ? text.slice(0, text.length + 1 - rest.length) : text);
    // The last newline of the rest is the Enter that submitted the text.
    if (rest !== '') shell.prefillEditor(rest);
    return end;
  }

  /** Copies the typed text, with its prompts, to the file of `tee`. */
  #copyInputToTee(text: string): void {
    const { prompts } = this.#client.analyze(text);
    const lines = text.split('\n').map((line, index) => `${prompts[index] ?? ''}${line}\n`);
    this.#options.output.copyToTee(Buffer.from(lines.join('')));
  }

  #addToHistory(text: string): void {
    this.#runningText = '';
    this.#options.history.add(text.trim());
  }
}

/** Returns the banner of a new session; `comment` is the server's @@version_comment. */
export function formatBanner(connection: ReplicaConnection, comment: string): string {
  const { address, serverVersion, target, threadId } = connection;
  const server = formatAddress(address);
  const locationLine =
    target.section === undefined
      ? `Connected to ${server}`
      : `Section ${target.section}, at ${server}`;
  return `Welcome to analytics-mysql.  Commands end with ; or \\g.
Your MariaDB connection id is ${threadId}
Server version: ${serverVersion} ${comment}
${locationLine}

Type 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.

`;
}
