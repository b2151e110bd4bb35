import type { WidthRules } from '../text/width.js';
import { CompletionMenu, type MenuLine, type MenuSize } from './completion-menu.js';
import type { AnalyzedText, EditorCompletion } from './editor-client.js';
import { menuActionOf } from './key-bindings.js';
import { left } from './movement.js';
import type { TextBuffer } from './text-buffer.js';

/** The size that is available to a menu below the text, and how the terminal counts cells. */
export interface MenuArea {
  size: MenuSize;
  rules: WidthRules;
}

/** A character of a name. Typed while the menu is open, it extends the name; others end the name. */
const nameCharacter = /^[\p{L}\p{M}\p{N}_$]$/u;

/** Completes the name before the cursor, with a menu if there are several candidates. */
export class MenuMode {
  readonly #analyze: () => AnalyzedText;
  readonly #buffer: TextBuffer;
  readonly #getArea: () => MenuArea;
  #completion: EditorCompletion = { start: 0, end: 0, candidates: [] };
  #menu: CompletionMenu | undefined;

  /**
   * `analyze` returns the analysis of the edited text. `getArea` is called for every layout, since
   * the screen may be resized.
   */
  constructor(analyze: () => AnalyzedText, buffer: TextBuffer, getArea: () => MenuArea) {
    this.#getArea = getArea;
    this.#analyze = analyze;
    this.#buffer = buffer;
  }

  get isOpen(): boolean {
    return this.#menu !== undefined;
  }

  lines(): readonly MenuLine[] {
    this.#menu?.resize(this.#getArea().size);
    return this.#menu?.lines() ?? [];
  }

  /**
   * Inserts the only candidate, else the prefix that all candidates share, else opens the menu.
   * Returns false if there are no candidates.
   */
  complete(): boolean {
    const { start, end, candidates } = this.#requestCompletion();
    const texts = [...new Set(candidates.map(({ text }) => text))];
    const [first] = texts;
    if (first === undefined) return false;
    const typed = this.#buffer.text.slice(start, end);
    const common = texts.length === 1 ? first : commonPrefix(texts, typed);
    if (texts.length === 1 || common.length > typed.length) {
      if (common !== typed) this.#buffer.replace(start, end, common);
    } else {
      const { size, rules } = this.#getArea();
      this.#menu = new CompletionMenu(candidates, size, rules);
    }
    return true;
  }

  /** Applies a key to the open menu. Returns false if the caller still has to handle the key. */
  handleKey(name: string, text: string): boolean {
    const menu = this.#menu;
    if (menu === undefined) return false;
    const action = menuActionOf(name);
    if (action === undefined && text !== '') {
      this.#type(menu, text);
      return true;
    }
    switch (action) {
      case 'next':
      case 'previous':
      case 'right':
      case 'left':
      case 'pageDown':
      case 'pageUp':
        menu[action]();
        return true;
      case 'delete':
        this.#buffer.delete(left);
        this.#refresh(menu);
        return true;
      case 'take':
        return this.#insertSelected(menu);
      case 'close':
        this.close();
        return true;
      case undefined:
        this.close();
        return false;
    }
  }

  close(): void {
    this.#menu = undefined;
  }

  #requestCompletion(): EditorCompletion {
    this.#completion = this.#analyze().complete(this.#buffer.cursor);
    return this.#completion;
  }

  #type(menu: CompletionMenu, text: string): void {
    const { selected } = menu;
    const hasInserted = !nameCharacter.test(text) && this.#insertSelected(menu);
    // `page.` and `count(` already end with the character that the user types after the name.
    if (!hasInserted || !selected?.text.endsWith(text)) this.#buffer.insert(text);
    if (this.isOpen) this.#refresh(menu);
  }

  /** Closes the menu and inserts the selected candidate; returns false if none is selected. */
  #insertSelected(menu: CompletionMenu): boolean {
    const { selected } = menu;
    const { start, end } = this.#completion;
    this.close();
    if (selected === undefined) return false;
    this.#buffer.replace(start, end, selected.text);
    return true;
  }

  /** Requests the candidates again after a change; closes the menu if another name began. */
  #refresh(menu: CompletionMenu): void {
    const before = this.#completion.start;
    const { start, candidates } = this.#requestCompletion();
    if (start === before && candidates.length > 0) menu.replace(candidates);
    else this.close();
  }
}

/**
 * Returns the longest prefix that all texts share, ignoring case, spelled as in the first text.
 * Returns `typed` if the prefix does not extend it.
 */
export function commonPrefix(texts: readonly string[], typed: string): string {
  const [first = ''] = texts;
  let length = first.length;
  for (const text of texts) {
    let at = 0;
    while (at < length && isSameLetter(first[at], text[at])) at++;
    length = at;
  }
  // Does not split a surrogate pair.
  if (/[\ud800-\udbff]/.test(first[length - 1] ?? '')) length--;
  const prefix = first.slice(0, length);
  const extendsTyped = prefix.toLowerCase().startsWith(typed.toLowerCase());
  return extendsTyped && prefix.length >= typed.length ? prefix : typed;
}

function isSameLetter(one: string | undefined, other: string | undefined): boolean {
  return one === other || one?.toLowerCase() === other?.toLowerCase();
}
