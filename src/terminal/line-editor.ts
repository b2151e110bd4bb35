import { cellWidth, widthRulesOf } from '../text/width.js';
import { type Edited, Editing, type EditingMemory, type Effect } from './editing.js';
import type { EditorClient } from './editor-client.js';
import type { Frame } from './frame.js';
import type { RecalledStatements } from './history-walk.js';
import { type EditorView, Layout, type LayoutOptions } from './layout.js';
import { LineReader } from './line-reader.js';
import type { MenuArea } from './menu-mode.js';
import { Painter } from './painter.js';
import type { Terminal } from './terminal.js';

export type { Edited } from './editing.js';

/** More would push what was above too far up. */
const mostMenuLines = 10;

/** How long, in ms, a screen has to keep its size before it is painted anew. */
const resizeDelay = 80;

/** How long, in ms, the first prompt is there before what a key may need is made ready. */
const warmUpDelay = 20;

/** Reads texts, of several lines if need be, that are edited on the terminal. */
export class LineEditor {
  readonly #terminal: Terminal;
  readonly #history: RecalledStatements;
  readonly #client: EditorClient;
  readonly #painter: Painter;
  readonly #memory: EditingMemory = { killed: [], query: '' };
  readonly #layout = new Layout();
  #isWarm = false;
  #resizing: NodeJS.Timeout | undefined;
  #look: LayoutOptions;

  constructor(terminal: Terminal, history: RecalledStatements, client: EditorClient) {
    this.#terminal = terminal;
    this.#history = history;
    this.#client = client;
    this.#look = this.#lookNow();
    this.#painter = new Painter((sequence) => terminal.write(sequence));
  }

  /**
   * Edits a text that begins as `initial` until it is complete or given up, on a terminal that was
   * taken, with the cursor at the start of a row. What is in it then stays on the screen.
   */
  read(initial = ''): Promise<Edited> {
    const terminal = this.#terminal;
    if (terminal.dumb) return new LineReader(terminal, this.#client).read(initial);
    const menuPlace = () => this.#menuPlace();
    const editing = new Editing(this.#history, this.#client, initial, this.#memory, menuPlace);
    return new Promise((resolve, reject) => {
      const stop = () => {
        terminal.onInput = undefined;
        terminal.onScreenChange = undefined;
        clearTimeout(this.#resizing);
      };
      const goOn = (work: () => Edited | undefined) => {
        try {
          const result = work();
          if (result === undefined) return;
          stop();
          resolve(result);
        } catch (error) {
          stop();
          reject(error);
        }
      };
      terminal.onInput = () => goOn(() => this.#takeInput(editing));
      terminal.onScreenChange = (what) => goOn(() => this.#changeScreen(editing, what));
      goOn(() => this.#takeInput(editing));
      setTimeout(() => this.#warmUp(), warmUpDelay).unref();
    });
  }

  /** Does what takes some ms when it is needed first while nobody waits for a key's effect. */
  #warmUp(): void {
    if (this.#isWarm) return;
    this.#isWarm = true;
    this.#history.suggestion('?');
    cellWidth('é');
  }

  /** Does what all keys that have come do, and paints once. */
  #takeInput(editing: Editing): Edited | undefined {
    for (let input = this.#terminal.nextInput(); input; input = this.#terminal.nextInput()) {
      const effect = editing.handle(input);
      if (effect !== undefined && this.#take(effect)) return this.#finish(editing, effect);
    }
    this.#paint(editing);
    return undefined;
  }

  /** Tells whether the effect is the end; does it if not. */
  #take(effect: NonNullable<Effect>): effect is Edited {
    if (effect.kind === 'bell') {
      this.#terminal.write('\x07');
      return false;
    }
    if (effect.kind !== 'clear-screen') return true;
    this.#painter.startAnew();
    this.#terminal.write('\x1b[H\x1b[2J');
    return false;
  }

  #changeScreen(editing: Editing, what: 'resized' | 'leaving' | 'back'): undefined {
    switch (what) {
      case 'leaving':
        this.#painter.finish(this.#frame(editing.finalView()), this.#terminal, '^Z');
        break;
      case 'back':
        this.#painter.startAnew();
        this.#paint(editing);
        break;
      case 'resized':
        // While a window's edge is dragged, what is told is no longer true when it comes.
        clearTimeout(this.#resizing);
        this.#resizing = setTimeout(() => this.#paint(editing), resizeDelay);
    }
  }

  #paint(editing: Editing): void {
    this.#painter.paint(this.#frame(editing.view()), this.#terminal);
  }

  #finish(editing: Editing, edited: Edited): Edited {
    if (edited.kind === 'editor') {
      this.#painter.clear();
    } else {
      const suffix = edited.kind === 'interrupted' ? '^C\r\n' : '\r\n';
      this.#painter.finish(this.#frame(editing.finalView()), this.#terminal, suffix);
    }
    return edited;
  }

  #menuPlace(): MenuArea {
    const { columns, rows } = this.#terminal;
    const lines = Math.max(Math.min(mostMenuLines, rows - 2), 1);
    return { room: { columns, lines }, rules: this.#look.rules };
  }

  #frame(view: EditorView): Frame {
    if (this.#look.columns !== this.#terminal.columns) this.#look = this.#lookNow();
    return this.#layout.layOut(view, this.#look);
  }

  #lookNow(): LayoutOptions {
    const { columns, colours } = this.#terminal;
    return { columns, colours, rules: widthRulesOf(process.env.TERM) };
  }
}
