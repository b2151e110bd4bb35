import type { EditorClient } from './editor-client.js';
import type { EditResult } from './editor-model.js';
import type { Terminal } from './terminal.js';

/**
 * Reads statements from a dumb terminal, which edits lines itself. It is the counterpart of
 * LineEditor that writes no escape sequences.
 */
export class LineReader {
  readonly #terminal: Terminal;
  readonly #client: EditorClient;
  /** The lines that were read so far; each ends with a line break. */
  #text = '';

  constructor(terminal: Terminal, client: EditorClient) {
    this.#terminal = terminal;
    this.#client = client;
  }

  /** Reads lines until the statement is complete. `initial` is shown as if it had been typed. */
  read(initial: string): Promise<EditResult> {
    return new Promise((resolve) => {
      this.#writePrompt();
      for (const line of initial === '' ? [] : initial.replace(/\n$/, '').split('\n')) {
        this.#terminal.write(`${line}\n`);
        this.#text += `${line}\n`;
        this.#writePrompt();
      }
      const processInput = () => {
        const result = this.#processInput();
        if (result === undefined) return;
        this.#terminal.onInput = undefined;
        this.#terminal.onScreenChange = undefined;
        // The screen shows an unfinished line.
        if (result.kind === 'interrupted' || result.kind === 'end') this.#terminal.write('\n');
        resolve(result);
      };
      this.#terminal.onInput = processInput;
      this.#terminal.onScreenChange = ({ kind }) => {
        if (kind === 'back') this.#writePrompt();
        if (kind === 'ending') this.#terminal.write('\n');
      };
      processInput();
    });
  }

  #processInput(): EditResult | undefined {
    for (let input = this.#terminal.nextInput(); input; input = this.#terminal.nextInput()) {
      switch (input.kind) {
        case 'end':
          return { kind: 'end' };
        case 'key':
          if (input.name === 'ctrl-c') return { kind: 'interrupted' };
          break;
        case 'line': {
          const text = this.#text + input.text;
          if (text.trim() === '' || this.#client.analyze(text).isComplete)
            return { kind: 'text', text };
          this.#text = `${text}\n`;
          this.#writePrompt();
        }
      }
    }
    return undefined;
  }

  #writePrompt(): void {
    const prompt = this.#client.analyze(this.#text).prompts.at(-1) ?? '';
    this.#terminal.write(prompt.replace(/\x1b\[[\d;]*m|[\x01\x02]/g, ''));
  }
}
