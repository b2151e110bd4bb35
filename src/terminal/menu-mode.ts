import type { WidthRules } from '../text/width.js';
import { CompletionMenu, type MenuLine, type MenuRoom } from './completion-menu.js';
import type { EditedText } from './edited-text.js';
import type { AnalysedText, EditorCompletion } from './editor-client.js';
import { menuActionOf } from './key-bindings.js';
import { left } from './movement.js';

/** The room for a menu below the text, and how its terminal counts cells. */
export interface MenuArea {
  room: MenuRoom;
  rules: WidthRules;
}

/** What belongs to a name: typed to a menu it goes on with the name, all else ends it. */
const partOfName = /^[\p{L}\p{M}\p{N}_$]$/u;

/** Completes what is before the cursor, with a menu where there is more than one way. */
export class MenuMode {
  readonly #analyse: () => AnalysedText;
  readonly #edited: EditedText;
  readonly #place: () => MenuArea;
  #completion: EditorCompletion = { start: 0, end: 0, candidates: [] };
  #menu: CompletionMenu | undefined;

  /**
   * `analyse` gives what is known of the edited text; `place` is asked each time, since the screen
   * may get another size.
   */
  constructor(analyse: () => AnalysedText, edited: EditedText, place: () => MenuArea) {
    this.#place = place;
    this.#analyse = analyse;
    this.#edited = edited;
  }

  get isOpen(): boolean {
    return this.#menu !== undefined;
  }

  lines(): readonly MenuLine[] {
    this.#menu?.resize(this.#place().room);
    return this.#menu?.lines() ?? [];
  }

  /**
   * Puts in the only candidate, else what all have in common, else opens the menu. False if nothing
   * fits.
   */
  complete(): boolean {
    const { start, end, candidates } = this.#ask();
    const texts = [...new Set(candidates.map(({ text }) => text))];
    const [first] = texts;
    if (first === undefined) return false;
    const typed = this.#edited.text.slice(start, end);
    const common = texts.length === 1 ? first : commonPrefix(texts, typed);
    if (texts.length === 1 || common.length > typed.length) {
      if (common !== typed) this.#edited.replace(start, end, common);
    } else {
      const { room, rules } = this.#place();
      this.#menu = new CompletionMenu(candidates, room, rules);
    }
    return true;
  }

  /** Does what a key does to the open menu; false if it has closed and the key is left to be done. */
  key(name: string, text: string): boolean {
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
        this.#edited.delete(left);
        this.#narrow(menu);
        return true;
      case 'take':
        return this.#take(menu);
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

  #ask(): EditorCompletion {
    this.#completion = this.#analyse().complete(this.#edited.cursor);
    return this.#completion;
  }

  #type(menu: CompletionMenu, text: string): void {
    const { selected } = menu;
    const ends = !partOfName.test(text) && this.#take(menu);
    // `page.` and `count(` bring along what one types behind a name.
    if (!ends || !selected?.text.endsWith(text)) this.#edited.insert(text);
    if (this.isOpen) this.#narrow(menu);
  }

  /** Puts in what is selected, and closes the menu in any case; false if nothing is. */
  #take(menu: CompletionMenu): boolean {
    const { selected } = menu;
    const { start, end } = this.#completion;
    this.close();
    if (selected === undefined) return false;
    this.#edited.replace(start, end, selected.text);
    return true;
  }

  /** Asks anew, since the text has changed; a name that begins elsewhere is another one. */
  #narrow(menu: CompletionMenu): void {
    const before = this.#completion.start;
    const { start, candidates } = this.#ask();
    if (start === before && candidates.length > 0) menu.replace(candidates);
    else this.close();
  }
}

/**
 * What all of `texts` begin with, upper and lower case alike, in the letters of the first one: a text
 * for `typed`, which is given back itself if there is nothing to add to it.
 */
export function commonPrefix(texts: readonly string[], typed: string): string {
  const [first = ''] = texts;
  let length = first.length;
  for (const text of texts) {
    let at = 0;
    while (at < length && isSameLetter(first[at], text[at])) at++;
    length = at;
  }
  // Half a surrogate pair is no letter.
  if (/[\ud800-\udbff]/.test(first[length - 1] ?? '')) length--;
  const prefix = first.slice(0, length);
  const goesOn = prefix.toLowerCase().startsWith(typed.toLowerCase());
  return goesOn && prefix.length >= typed.length ? prefix : typed;
}

function isSameLetter(one: string | undefined, other: string | undefined): boolean {
  return one === other || one?.toLowerCase() === other?.toLowerCase();
}
