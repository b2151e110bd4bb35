import {
  cursorMovements,
  deleteMovements,
  killMovements,
  suggestionMovements,
} from './action-movements.js';
import type { AnalyzedText, EditorClient } from './editor-client.js';
import { HistoryNavigation, type StatementHistory } from './history-navigation.js';
import { type Action, actionOf, isFirstOfTwoKeys } from './key-bindings.js';
import type { KeyInput } from './key-decoder.js';
import { KillRing } from './kill-ring.js';
import type { EditorView } from './layout.js';
import { type MenuArea, MenuMode } from './menu-mode.js';
import { type Movement, right, wordRight } from './movement.js';
import { SearchMode } from './search-mode.js';
import { TextBuffer } from './text-buffer.js';

/** How the editing of a text ended. */
export type EditResult =
  /** Enter was pressed, and the text is complete or blank. */
  | { kind: 'text'; text: string }
  /** Ctrl-C was pressed. */
  | { kind: 'interrupted' }
  /** Ctrl-D was pressed with nothing typed, or the terminal was closed. */
  | { kind: 'end' }
  /** Ctrl-X Ctrl-E was pressed: the caller opens the text in $EDITOR. */
  | { kind: 'editor'; text: string };

/** What a key requires of the caller, besides painting the changed text. */
export type Effect = EditResult | { kind: 'clear-screen' } | { kind: 'bell' } | undefined;

/** State that the editor keeps from one text to the next. */
export interface PersistentState {
  killRing: KillRing;
  /** The last query of a history search. */
  lastQuery: string;
}

/** The state of the editor for one text: it handles keys and returns views, without a terminal. */
export class EditorModel {
  readonly #client: EditorClient;
  readonly #history: StatementHistory;
  readonly #persistent: PersistentState;
  readonly #buffer: TextBuffer;
  readonly #navigation: HistoryNavigation;
  /** The first key of a binding of two keys, while the second is awaited. */
  #firstKey: string | undefined;
  #isQuoting = false;
  #search: SearchMode | undefined;
  readonly #menu: MenuMode;
  #analysis: AnalyzedText | undefined;

  constructor(
    history: StatementHistory,
    client: EditorClient,
    initial = '',
    persistent: PersistentState = { killRing: new KillRing(), lastQuery: '' },
    getMenuArea: () => MenuArea = () => ({ size: { columns: 80, lines: 10 }, rules: 'graphemes' }),
  ) {
    this.#history = history;
    this.#client = client;
    this.#persistent = persistent;
    this.#buffer = new TextBuffer(initial, persistent.killRing);
    this.#navigation = new HistoryNavigation(history);
    this.#menu = new MenuMode(() => this.#analyzed(), this.#buffer, getMenuArea);
  }

  get text(): string {
    return this.#buffer.text;
  }

  get cursor(): number {
    return this.#buffer.cursor;
  }

  /** Returns the view to show now. */
  view(): EditorView {
    if (this.#search !== undefined) return this.#searchView(this.#search);
    if (this.#menu.isOpen) {
      return { ...this.#bareView(), menu: this.#menu.lines() };
    }
    return { ...this.#bareView(), suggestion: this.#suggestion() };
  }

  /** Returns the view that stays on the screen after the editing: the text alone. */
  finalView(): EditorView {
    return { ...this.#bareView(), cursor: this.text.length };
  }

  /** Applies a key or pasted text. Returns what the caller has to do besides painting. */
  handle(input: KeyInput): Effect {
    switch (input.kind) {
      case 'end':
        return { kind: 'end' };
      case 'paste':
      case 'line':
        this.#menu.close();
        if (this.#search !== undefined) this.#search.type(input.text);
        else this.#buffer.replace(this.cursor, this.cursor, input.text);
        return undefined;
      case 'key':
        return this.#handleKey(input.name, input.text, input.sequence);
    }
  }

  #handleKey(name: string, text: string, sequence: string): Effect {
    if (this.#search !== undefined && !this.#endsSearch(this.#search, name, text)) {
      return undefined;
    }
    if (this.#menu.handleKey(name, text)) return undefined;
    if (this.#isQuoting) {
      this.#isQuoting = false;
      this.#buffer.insert(sequence.replace('\r', '\n'));
      return undefined;
    }
    if (this.#firstKey === undefined && isFirstOfTwoKeys(name)) {
      this.#firstKey = name;
      return undefined;
    }
    const keys = this.#firstKey === undefined ? name : `${this.#firstKey} ${name}`;
    this.#firstKey = undefined;
    const action = actionOf(keys);
    if (action !== undefined) return this.#perform(action);
    if (text !== '' && keys === name) this.#buffer.insert(text);
    return undefined;
  }

  #perform(action: Action): Effect {
    const buffer = this.#buffer;
    const acceptMovement = suggestionMovements[action];
    if (acceptMovement !== undefined && this.#acceptSuggestion(acceptMovement)) return undefined;
    const movement = cursorMovements[action];
    if (movement !== undefined) buffer.move(movement);
    const deleteMovement = deleteMovements[action];
    if (deleteMovement !== undefined) buffer.delete(deleteMovement);
    const killMovement = killMovements[action];
    if (killMovement !== undefined) buffer.kill(killMovement);
    return this.#otherActions[action]?.();
  }

  /** The actions that are not in action-movements.ts. */
  readonly #otherActions: Partial<Record<Action, () => Effect>> = {
    enter: () => this.#enter(),
    'new-line': () => this.#insertLineBreak(),
    up: () => (this.#buffer.moveLine('up') ? undefined : this.#recall('older')),
    down: () => (this.#buffer.moveLine('down') ? undefined : this.#recall('newer')),
    older: () => this.#recall('older'),
    newer: () => this.#recall('newer'),
    'delete-right-or-end': () => this.#deleteRightOrEnd(),
    yank: () => void this.#buffer.yank(),
    'yank-earlier': () => void this.#buffer.yankEarlier(),
    transpose: () => void this.#buffer.transpose(),
    'transpose-words': () => void this.#buffer.transposeWords(),
    'upper-case-word': () => void this.#buffer.change(wordRight, (text) => text.toUpperCase()),
    'lower-case-word': () => void this.#buffer.change(wordRight, (text) => text.toLowerCase()),
    'capitalize-word': () => void this.#buffer.change(wordRight, capitalize),
    undo: () => void this.#buffer.undo(),
    complete: () => (this.#menu.complete() ? undefined : { kind: 'bell' }),
    search: () => this.#startSearch(),
    quote: () => this.#startQuoting(),
    'clear-screen': () => ({ kind: 'clear-screen' }),
    editor: () => ({ kind: 'editor', text: this.text }),
    interrupt: () => ({ kind: 'interrupted' }),
  };

  #enter(): Effect {
    const { text } = this;
    if (text.trim() === '' || this.#analyzed(text).isComplete) return { kind: 'text', text };
    return this.#insertLineBreak();
  }

  #insertLineBreak(): Effect {
    this.#buffer.insert('\n');
    return undefined;
  }

  #startSearch(): Effect {
    this.#search = new SearchMode(this.#history.entries, this.#persistent.lastQuery, this.text);
    return undefined;
  }

  /** Passes a key to the search. Returns true if the key ended it and still has to be handled. */
  #endsSearch(search: SearchMode, name: string, text: string): boolean {
    const outcome = search.handleKey(name, text);
    if (search.query !== '') this.#persistent.lastQuery = search.query;
    if (outcome === 'goes-on') return false;
    this.#search = undefined;
    if (outcome !== 'dropped') this.#buffer.set(search.match.text, search.match.cursor);
    return outcome === 'taken-and-key-left';
  }

  #startQuoting(): Effect {
    this.#isQuoting = true;
    return undefined;
  }

  #deleteRightOrEnd(): Effect {
    if (this.text === '') return { kind: 'end' };
    this.#buffer.delete(right);
    return undefined;
  }

  #recall(direction: 'older' | 'newer'): Effect {
    const found = this.#navigation.move(direction, this.text, this.cursor);
    if (found === undefined) return undefined;
    this.#buffer.set(found.text, found.cursor);
    return undefined;
  }

  /** Inserts the suggestion up to the end of the movement in it; false if there is no suggestion. */
  #acceptSuggestion(movement: Movement): boolean {
    const suggestion = this.#suggestion();
    if (suggestion === '') return false;
    this.#buffer.replace(this.cursor, this.cursor, suggestion.slice(0, movement(suggestion, 0)));
    return true;
  }

  /** Returns the rest of the latest statement in the history that begins with the text. */
  #suggestion(): string {
    const { text } = this;
    if (text === '' || this.cursor < text.length || this.#navigation.isShowing(text)) return '';
    return this.#history.suggest(text)?.slice(text.length) ?? '';
  }

  #searchView(search: SearchMode): EditorView {
    const { text, cursor, length } = search.match;
    const view = this.#bareView(text, cursor);
    const prompts = [search.prompt, ...view.prompts.slice(1)];
    return { ...view, prompts, mark: { start: cursor, end: cursor + length } };
  }

  /** Returns the client's analysis of the text, which is requested once per text. */
  #analyzed(text = this.text): AnalyzedText {
    if (this.#analysis?.text === text) return this.#analysis;
    this.#analysis = this.#client.analyze(text);
    return this.#analysis;
  }

  #bareView(text = this.text, cursor = this.cursor): EditorView {
    const { prompts, spans } = this.#analyzed(text);
    return {
      text,
      cursor,
      prompts,
      spans,
      mark: { start: 0, end: 0 },
      suggestion: '',
      menu: [],
    };
  }
}

/** Returns the text with the first letter of each word in upper case, and the others in lower case. */
function capitalize(text: string): string {
  return text.replace(
    /([\p{L}\p{N}])([\p{L}\p{M}\p{N}_]*)/gu,
    (_, first: string, rest: string) => first.toUpperCase() + rest.toLowerCase(),
  );
}
