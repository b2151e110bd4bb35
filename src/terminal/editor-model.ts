import {
  cursorMovements,
  deleteMovements,
  killMovements,
  suggestionMovements,
} from './action-movements.js';
import type { AnalyzedText, EditorClient } from './editor-client.js';
import { lineStart } from './graphemes.js';
import { HistoryNavigation, type StatementHistory } from './history-navigation.js';
import { type Action, actionOf, isFirstOfTwoKeys } from './key-bindings.js';
import type { KeyInput } from './key-decoder.js';
import { KillRing } from './kill-ring.js';
import type { EditorView } from './layout.js';
import { type MenuArea, MenuMode } from './menu-mode.js';
import { type Movement, right, wordRight } from './movement.js';
import { SearchMode } from './search-mode.js';
import { TextBuffer } from './text-buffer.js';
import { type ViMemory, ViMode, type ViResult } from './vi-mode.js';
import { createMatcher, ViSearch } from './vi-search.js';

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
export type Effect =
  | EditResult
  | { kind: 'clear-screen' }
  | { kind: 'bell' }
  /** Show a notice above the text. */
  | { kind: 'notice'; text: string }
  | undefined;

/** State that the editor keeps from one text to the next. */
export interface PersistentState {
  killRing: KillRing;
  /** The last query of a history search. */
  lastQuery: string;
  /** Undefined: the keys are those of emacs, not those of vi. */
  vi?: ViMemory;
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
  /** Undefined with the keys of emacs. */
  readonly #vi: ViMode | undefined;
  #viSearch: ViSearch | undefined;
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
    if (persistent.vi !== undefined)
      this.#vi = new ViMode(this.#buffer, persistent.killRing, persistent.vi);
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
    if (this.#viSearch !== undefined) return viSearchView(this.#viSearch);
    const view = this.#viewWithMode();
    if (this.#menu.isOpen) return { ...view, menu: this.#menu.lines() };
    return { ...view, suggestion: this.#suggestion() };
  }

  /** Returns the text alone, with the mode of vi before its first prompt. */
  #viewWithMode(): EditorView {
    const view = this.#bareView();
    if (this.#vi === undefined) return view;
    const [first = '', ...others] = view.prompts;
    return { ...view, prompts: [this.#vi.label + first, ...others] };
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
        return this.#paste(input.text);
      case 'key':
        return this.#handleTerminalKey(input.name, input.text, input.sequence);
    }
  }

  #paste(pasted: string): Effect {
    this.#menu.close();
    if (this.#search !== undefined || this.#viSearch !== undefined) {
      this.#search?.type(pasted);
      this.#viSearch?.type(pasted);
      return undefined;
    }
    const context = {
      before: this.text.slice(0, this.cursor),
      after: this.text.slice(this.cursor),
    };
    const prepared = this.#client.preparePaste?.(pasted, context);
    const { text, notice } = prepared ?? { text: pasted, notice: undefined };
    if (this.#vi !== undefined) this.#vi.paste(text);
    else this.#buffer.replace(this.cursor, this.cursor, text);
    return notice === undefined ? undefined : { kind: 'notice', text: notice };
  }

  #handleTerminalKey(name: string, text: string, sequence: string): Effect {
    const [, character] = /^\x1b+([^\x1b])$/u.exec(sequence) ?? [];
    if (this.#vi === undefined || character === undefined || this.#isQuoting)
      return this.#handleKey(name, text, sequence);
    // With the keys of vi it is Escape and then a character, typed faster than the decoder waits.
    this.#handleKey('escape', '', '\x1b');
    const typed = /[\x00-\x1f\x7f]/.test(character) ? '' : character;
    const bare = name.replace('alt-', '');
    return this.#handleKey(typed === '' ? bare : typed, typed, character);
  }

  #handleKey(name: string, text: string, sequence: string): Effect {
    if (this.#search !== undefined && !this.#endsSearch(this.#search, name, text)) {
      return undefined;
    }
    if (this.#viSearch !== undefined) return this.#handleKeyInViSearch(this.#viSearch, name, text);
    // With the keys of vi, Escape also leads to command mode.
    if (name === 'escape' && this.#vi !== undefined) this.#menu.close();
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
    const viResult = this.#firstKey === undefined ? this.#vi?.handleKey(name, text) : undefined;
    this.#firstKey = undefined;
    if (viResult !== undefined && viResult !== 'pass') return this.#performVi(viResult);
    const action = actionOf(keys);
    const effect = action === undefined ? undefined : this.#perform(action);
    if (action === undefined && text !== '' && keys === name) this.#buffer.insert(text);
    this.#vi?.clampCursor();
    return effect;
  }

  #performVi(result: Exclude<ViResult, 'pass'>): Effect {
    switch (result) {
      case 'done':
        return undefined;
      case 'bell':
        return { kind: 'bell' };
      case 'editor':
        return { kind: 'editor', text: this.text };
      case 'older':
      case 'newer':
        return this.#recallForVi(result, () => true);
      case 'search older':
      case 'search newer':
        this.#viSearch = new ViSearch(result === 'search older' ? 'older' : 'newer');
        return undefined;
      case 'search again':
      case 'search back': {
        const { query, direction } = this.#persistent.vi?.lastSearch ?? {};
        if (query === undefined || direction === undefined) return { kind: 'bell' };
        const opposite = direction === 'older' ? 'newer' : 'older';
        const wanted = result === 'search again' ? direction : opposite;
        return this.#recallForVi(wanted, createMatcher(query));
      }
    }
  }

  #handleKeyInViSearch(search: ViSearch, name: string, text: string): Effect {
    const outcome = search.handleKey(name, text);
    if (outcome === 'goes-on') return undefined;
    this.#viSearch = undefined;
    const { vi } = this.#persistent;
    if (outcome === 'dropped' || vi === undefined) return undefined;
    const query = search.query || (vi.lastSearch?.query ?? '');
    if (query === '') return { kind: 'bell' };
    vi.lastSearch = { query, direction: search.direction };
    return this.#recallForVi(search.direction, createMatcher(query));
  }

  /** Shows another statement that `matches`, with the cursor where vi's `j` or `k` leads on. */
  #recallForVi(direction: 'older' | 'newer', matches: (statement: string) => boolean): Effect {
    const found = this.#navigation.find(direction, this.text, this.cursor, matches);
    if (found === undefined) return { kind: 'bell' };
    const cursor = direction === 'older' ? 0 : lineStart(found.text, found.text.length);
    this.#buffer.set(found.text, cursor);
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
    if (this.#vi?.isCommandMode) this.#vi.appendLine();
    else this.#buffer.insert('\n');
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
    const statement = this.#suggestedStatement();
    if (statement === undefined) return false;
    const typed = this.text.length;
    const rest = statement.slice(typed);
    // The typed text may differ in case.
    this.#buffer.replace(0, typed, statement.slice(0, typed + movement(rest, 0)));
    return true;
  }

  /** Returns the rest of the suggested statement, or an empty string. */
  #suggestion(): string {
    return this.#suggestedStatement()?.slice(this.text.length) ?? '';
  }

  /** Returns the latest statement in the history that begins with the text, if it is suggested. */
  #suggestedStatement(): string | undefined {
    const { text } = this;
    if (text === '' || this.cursor < text.length || this.#navigation.isShowing(text))
      return undefined;
    return this.#vi?.isCommandMode ? undefined : this.#history.suggest(text);
  }

  #searchView(search: SearchMode): EditorView {
    const { text, cursor, length } = search.match;
    const view = this.#bareView(text, cursor);
    return { ...view, search: search.prompt, mark: { start: cursor, end: cursor + length } };
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
      search: undefined,
    };
  }
}

/** Returns the view of the line in which the text to search for is typed. */
function viSearchView({ prompt, query }: ViSearch): EditorView {
  const mark = { start: 0, end: 0 };
  const cursor = query.length;
  return {
    text: query,
    cursor,
    prompts: [prompt],
    spans: [],
    mark,
    suggestion: '',
    menu: [],
    search: undefined,
  };
}

/** Returns the text with the first letter of each word in upper case, and the others in lower case. */
function capitalize(text: string): string {
  return text.replace(
    /([\p{L}\p{N}])([\p{L}\p{M}\p{N}_]*)/gu,
    (_, first: string, rest: string) => first.toUpperCase() + rest.toLowerCase(),
  );
}
