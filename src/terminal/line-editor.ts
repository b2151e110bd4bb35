import { cellWidth, widthRulesOf } from '../text/width.js';
import type { EditingMode } from './editing-mode.js';
import type { EditorClient } from './editor-client.js';
import { EditorModel, type EditResult, type Effect, type PersistentState } from './editor-model.js';
import type { Frame } from './frame.js';
import type { StatementHistory } from './history-navigation.js';
import { KillRing } from './kill-ring.js';
import { type EditorView, Layout, type LayoutOptions } from './layout.js';
import { LineReader } from './line-reader.js';
import type { MenuArea } from './menu-mode.js';
import { Painter } from './painter.js';
import type { ScreenChange, Terminal } from './terminal.js';

export type { EditResult as Edited } from './editor-model.js';

/** A taller menu would scroll too much of the earlier output off the screen. */
const maxMenuLines = 10;

/** How long, in ms, the screen has to keep its size before it is repainted. */
const resizeDelay = 80;

/** How long, in ms, after the first prompt the editor prepares what the first key press needs. */
const warmUpDelay = 20;

/** Reads statements of one or several lines, with editing, from the terminal. */
export class LineEditor {
  readonly #terminal: Terminal;
  readonly #history: StatementHistory;
  readonly #client: EditorClient;
  readonly #painter: Painter;
  readonly #persistent: PersistentState;
  readonly #layout = new Layout();
  #isWarm = false;
  /** Set while the screen changes its size: nothing is painted meanwhile. */
  #resizing: NodeJS.Timeout | undefined;
  #options: LayoutOptions;

  constructor(
    terminal: Terminal,
    history: StatementHistory,
    client: EditorClient,
    mode: EditingMode = 'emacs',
  ) {
    this.#persistent = {
      killRing: new KillRing(),
      lastQuery: '',
      ...(mode === 'vi' && { vi: {} }),
    };
    this.#terminal = terminal;
    this.#history = history;
    this.#client = client;
    this.#options = this.#currentOptions();
    this.#painter = new Painter((sequence) => terminal.write(sequence));
  }

  /**
   * Lets the user edit a text, `initial` at first, until it is complete or abandoned. The terminal
   * has to be acquired, with the cursor at the start of a row. The final text stays on the screen.
   */
  read(initial = ''): Promise<EditResult> {
    const terminal = this.#terminal;
    if (terminal.isDumb) return new LineReader(terminal, this.#client).read(initial);
    const getMenuArea = () => this.#menuArea();
    const model = new EditorModel(
      this.#history,
      this.#client,
      initial,
      this.#persistent,
      getMenuArea,
    );
    return new Promise((resolve, reject) => {
      const stop = () => {
        terminal.onInput = undefined;
        terminal.onScreenChange = undefined;
        clearTimeout(this.#resizing);
        this.#resizing = undefined;
        terminal.cancelSizeRequest();
      };
      const runStep = (step: () => EditResult | undefined) => {
        try {
          const result = step();
          if (result === undefined) return;
          stop();
          resolve(result);
        } catch (error) {
          stop();
          reject(error);
        }
      };
      terminal.onInput = () => runStep(() => this.#processInput(model));
      terminal.onScreenChange = (change) => runStep(() => this.#handleScreenChange(model, change));
      runStep(() => this.#processInput(model));
      setTimeout(() => this.#warmUp(), warmUpDelay).unref();
    });
  }

  /** Runs once, before the first key, what takes some ms on its first call. */
  #warmUp(): void {
    if (this.#isWarm) return;
    this.#isWarm = true;
    this.#history.suggest('?');
    cellWidth('é');
  }

  /** Handles all queued keys, then paints once. */
  #processInput(model: EditorModel): EditResult | undefined {
    for (let input = this.#terminal.nextInput(); input; input = this.#terminal.nextInput()) {
      const effect = model.handle(input);
      if (effect !== undefined && this.#endsEditing(effect)) return this.#finish(model, effect);
    }
    this.#paint(model);
    return undefined;
  }

  /** Returns true if the effect ends the editing; else carries it out. */
  #endsEditing(effect: NonNullable<Effect>): effect is EditResult {
    if (effect.kind === 'bell') {
      this.#terminal.write('\x07');
      return false;
    }
    if (effect.kind === 'notice') {
      this.#painter.clear();
      this.#terminal.write(effect.text.replace(/^.*$/gm, '$&\r').concat('\n'));
      return false;
    }
    if (effect.kind !== 'clear-screen') return true;
    // Some terminals keep what is on the screen, and show it again when they become taller.
    this.#painter.clear();
    this.#terminal.write('\x1b[H\x1b[2J');
    return false;
  }

  #handleScreenChange(model: EditorModel, change: ScreenChange): undefined {
    switch (change.kind) {
      case 'leaving':
        this.#painter.finish(this.#frame(model.finalView()), this.#terminal, change.echo);
        break;
      case 'ending':
        this.#painter.finish(this.#frame(model.finalView()), this.#terminal, '\r\n');
        break;
      case 'back':
        this.#painter.reset();
        this.#paint(model);
        break;
      case 'resized':
        // While the user drags a window's edge, a reported size is outdated when it arrives.
        clearTimeout(this.#resizing);
        this.#terminal.cancelSizeRequest();
        this.#resizing = setTimeout(() => {
          this.#terminal.confirmSize(() => {
            this.#resizing = undefined;
            this.#paint(model);
          });
        }, resizeDelay);
    }
  }

  #paint(model: EditorModel): void {
    if (this.#resizing !== undefined) return;
    this.#painter.paint(this.#frame(model.view()), this.#terminal);
  }

  #finish(model: EditorModel, result: EditResult): EditResult {
    if (result.kind === 'editor') {
      this.#painter.clear();
    } else {
      const suffix = result.kind === 'interrupted' ? '^C\r\n' : '\r\n';
      this.#painter.finish(this.#frame(model.finalView()), this.#terminal, suffix);
    }
    return result;
  }

  #menuArea(): MenuArea {
    const { columns, rows } = this.#terminal;
    const lines = Math.max(Math.min(maxMenuLines, rows - 2), 1);
    return { size: { columns, lines }, rules: this.#options.rules };
  }

  #frame(view: EditorView): Frame {
    const { columns, rows } = this.#options;
    if (columns !== this.#terminal.columns || rows !== this.#terminal.rows)
      this.#options = this.#currentOptions();
    return this.#layout.layOut(view, this.#options);
  }

  #currentOptions(): LayoutOptions {
    const { columns, rows, colors } = this.#terminal;
    return { columns, rows, colors, rules: widthRulesOf(process.env.TERM) };
  }
}
