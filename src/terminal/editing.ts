import { deletes, kills, moves, takes } from './actions.js';
import { EditedText } from './edited-text.js';
import type { AnalysedText, EditorClient } from './editor-client.js';
import { HistoryWalk, type RecalledStatements } from './history-walk.js';
import { type Action, actionOf, beginsBinding } from './key-bindings.js';
import type { KeyInput } from './key-decoder.js';
import type { EditorView } from './layout.js';
import { type MenuArea, MenuMode } from './menu-mode.js';
import { type Movement, right } from './movement.js';
import { SearchMode } from './search-mode.js';

/** How editing a text ended. */
export type Edited =
  /** Enter was pressed, and the text is complete, or blank. */
  | { kind: 'text'; text: string }
  /** Ctrl-C. */
  | { kind: 'interrupted' }
  /** Ctrl-D with nothing typed, or the terminal has gone. */
  | { kind: 'end' }
  /** Ctrl-X Ctrl-E: the text is to be edited by another program. */
  | { kind: 'editor'; text: string };

/** What a key asks for besides a change of the text. */
export type Effect = Edited | { kind: 'clear-screen' } | { kind: 'bell' } | undefined;

/** What is kept from one text to the next. */
export interface EditingMemory {
  /** What was cut out, the latest first. */
  killed: string[];
  /** What was searched for last. */
  query: string;
}

/** One text being edited: keys go in, what is to be seen comes out. Knows no terminal. */
export class Editing {
  readonly #client: EditorClient;
  readonly #history: RecalledStatements;
  readonly #memory: EditingMemory;
  readonly #edited: EditedText;
  readonly #walk: HistoryWalk;
  /** The first of two keys. */
  #firstKey: string | undefined;
  #isQuoting = false;
  #search: SearchMode | undefined;
  readonly #menu: MenuMode;
  #analysis: AnalysedText | undefined;

  constructor(
    history: RecalledStatements,
    client: EditorClient,
    initial = '',
    memory: EditingMemory = { killed: [], query: '' },
    menuPlace: () => MenuArea = () => ({ room: { columns: 80, lines: 10 }, rules: 'graphemes' }),
  ) {
    this.#history = history;
    this.#client = client;
    this.#memory = memory;
    this.#edited = new EditedText(initial, memory.killed);
    this.#walk = new HistoryWalk(history);
    this.#menu = new MenuMode(() => this.#analysed(), this.#edited, menuPlace);
  }

  get text(): string {
    return this.#edited.text;
  }

  get cursor(): number {
    return this.#edited.cursor;
  }

  /** What is to be seen now. */
  view(): EditorView {
    if (this.#search !== undefined) return this.#searchView(this.#search);
    if (this.#menu.isOpen) {
      return { ...this.#bareView(), menu: this.#menu.lines() };
    }
    return { ...this.#bareView(), suggestion: this.#suggestion() };
  }

  /** What stays on the screen: the text alone. */
  finalView(): EditorView {
    return { ...this.#bareView(), cursor: this.text.length };
  }

  /** Does what a key, or pasted text, does. */
  handle(input: KeyInput): Effect {
    switch (input.kind) {
      case 'end':
        return { kind: 'end' };
      case 'paste':
      case 'line':
        this.#menu.close();
        if (this.#search !== undefined) this.#search.type(input.text);
        else this.#edited.replace(this.cursor, this.cursor, input.text);
        return undefined;
      case 'key':
        return this.#key(input.name, input.text, input.sequence);
    }
  }

  #key(name: string, text: string, sequence: string): Effect {
    if (this.#search !== undefined && !this.#leavesSearch(this.#search, name, text)) {
      return undefined;
    }
    if (this.#menu.key(name, text)) return undefined;
    if (this.#isQuoting) {
      this.#isQuoting = false;
      this.#edited.insert(sequence.replace('\r', '\n'));
      return undefined;
    }
    if (this.#firstKey === undefined && beginsBinding(name)) {
      this.#firstKey = name;
      return undefined;
    }
    const keys = this.#firstKey === undefined ? name : `${this.#firstKey} ${name}`;
    this.#firstKey = undefined;
    const action = actionOf(keys);
    if (action !== undefined) return this.#do(action);
    if (text !== '' && keys === name) this.#edited.insert(text);
    return undefined;
  }

  #do(action: Action): Effect {
    const edited = this.#edited;
    const taken = takes[action];
    if (taken !== undefined && this.#takeSuggestion(taken)) return undefined;
    const movement = moves[action];
    if (movement !== undefined) edited.move(movement);
    const deleted = deletes[action];
    if (deleted !== undefined) edited.delete(deleted);
    const killed = kills[action];
    if (killed !== undefined) edited.kill(killed);
    return this.#others[action]?.();
  }

  /** What is neither a movement nor takes away what a movement goes over. */
  readonly #others: Partial<Record<Action, () => Effect>> = {
    enter: () => this.#enter(),
    'new-line': () => this.#insertLineBreak(),
    up: () => (this.#edited.moveLine('up') ? undefined : this.#recall('older')),
    down: () => (this.#edited.moveLine('down') ? undefined : this.#recall('newer')),
    older: () => this.#recall('older'),
    newer: () => this.#recall('newer'),
    'delete-right-or-end': () => this.#deleteRightOrEnd(),
    yank: () => void this.#edited.yank(),
    'yank-earlier': () => void this.#edited.yankEarlier(),
    transpose: () => void this.#edited.transpose(),
    undo: () => void this.#edited.undo(),
    complete: () => (this.#menu.complete() ? undefined : { kind: 'bell' }),
    search: () => this.#startSearch(),
    quote: () => this.#quote(),
    'clear-screen': () => ({ kind: 'clear-screen' }),
    editor: () => ({ kind: 'editor', text: this.text }),
    interrupt: () => ({ kind: 'interrupted' }),
  };

  #enter(): Effect {
    const { text } = this;
    if (text.trim() === '' || this.#analysed(text).isComplete) return { kind: 'text', text };
    return this.#insertLineBreak();
  }

  #insertLineBreak(): Effect {
    this.#edited.insert('\n');
    return undefined;
  }

  #startSearch(): Effect {
    this.#search = new SearchMode(this.#history.entries, this.#memory.query, this.text);
    return undefined;
  }

  /** Tells whether the key is left to be done to what was found. */
  #leavesSearch(search: SearchMode, name: string, text: string): boolean {
    const outcome = search.key(name, text);
    if (search.query !== '') this.#memory.query = search.query;
    if (outcome === 'goes-on') return false;
    this.#search = undefined;
    if (outcome !== 'dropped') this.#edited.set(search.found.text, search.found.cursor);
    return outcome === 'taken-and-key-left';
  }

  #quote(): Effect {
    this.#isQuoting = true;
    return undefined;
  }

  #deleteRightOrEnd(): Effect {
    if (this.text === '') return { kind: 'end' };
    this.#edited.delete(right);
    return undefined;
  }

  #recall(direction: 'older' | 'newer'): Effect {
    const found = this.#walk.go(direction, this.text, this.cursor);
    if (found === undefined) return undefined;
    this.#edited.set(found.text, found.cursor);
    return undefined;
  }

  /** Puts in the grey text, as far as the movement goes in it; false if there is none. */
  #takeSuggestion(far: Movement): boolean {
    const suggestion = this.#suggestion();
    if (suggestion === '') return false;
    this.#edited.replace(this.cursor, this.cursor, suggestion.slice(0, far(suggestion, 0)));
    return true;
  }

  /** What would follow the text in the latest statement that begins so. */
  #suggestion(): string {
    const { text } = this;
    if (text === '' || this.cursor < text.length || this.#walk.isAt(text)) return '';
    return this.#history.suggestion(text)?.slice(text.length) ?? '';
  }

  #searchView(search: SearchMode): EditorView {
    const { text, cursor, length } = search.found;
    const view = this.#bareView(text, cursor);
    const prompts = [search.prompt, ...view.prompts.slice(1)];
    return { ...view, prompts, mark: { start: cursor, end: cursor + length } };
  }

  /** What the client says of the text, which it is asked once. */
  #analysed(text = this.text): AnalysedText {
    if (this.#analysis?.text === text) return this.#analysis;
    this.#analysis = this.#client.analyse(text);
    return this.#analysis;
  }

  #bareView(text = this.text, cursor = this.cursor): EditorView {
    const { prompts, spans } = this.#analysed(text);
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
