import type { Edited } from './editing.js';
import type { EditorClient } from './editor-client.js';
import type { Terminal } from './terminal.js';

/** Reads texts on a terminal that edits its lines by itself: no escape sequence is written. */
export class LineReader {
  readonly #terminal: Terminal;
  readonly #client: EditorClient;
  /** The lines that are there already; each ends with a line break. */
  #text = '';

  constructor(terminal: Terminal, client: EditorClient) {
    this.#terminal = terminal;
    this.#client = client;
  }

  /** Reads lines until they are complete; `initial` is shown as if it had been typed. */
  read(initial: string): Promise<Edited> {
    return new Promise((resolve) => {
      this.#prompt();
      for (const line of initial === '' ? [] : initial.split('\n')) {
        this.#terminal.write(`${line}\n`);
        this.#text += `${line}\n`;
        this.#prompt();
      }
      const takeInput = () => {
        const result = this.#takeInput();
        if (result === undefined) return;
        this.#terminal.onInput = undefined;
        this.#terminal.onScreenChange = undefined;
        // What was begun stands on the screen.
        if (result.kind === 'interrupted' || result.kind === 'end') this.#terminal.write('\n');
        resolve(result);
      };
      this.#terminal.onInput = takeInput;
      this.#terminal.onScreenChange = (what) => {
        if (what === 'back') this.#prompt();
      };
      takeInput();
    });
  }

  #takeInput(): Edited | undefined {
    for (let input = this.#terminal.nextInput(); input; input = this.#terminal.nextInput()) {
      switch (input.kind) {
        case 'end':
          return { kind: 'end' };
        case 'key':
          if (input.name === 'ctrl-c') return { kind: 'interrupted' };
          break;
        case 'line': {
          const text = this.#text + input.text;
          if (text.trim() === '' || this.#client.analyse(text).isComplete)
            return { kind: 'text', text };
          this.#text = `${text}\n`;
          this.#prompt();
        }
      }
    }
    return undefined;
  }

  #prompt(): void {
    const prompt = this.#client.analyse(this.#text).prompts.at(-1) ?? '';
    this.#terminal.write(prompt.replace(/\x1b\[[\d;]*m|[\x01\x02]/g, ''));
  }
}
