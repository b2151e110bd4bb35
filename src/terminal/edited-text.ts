import { nextGrapheme, previousGrapheme } from './graphemes.js';
import type { Movement } from './movement.js';
import { columnOf, toOtherLine } from './movement.js';

interface State {
  text: string;
  cursor: number;
}

/** What the last change was, for those that go together with one of their kind before them. */
type Change = 'typed' | 'killed' | 'yanked' | 'other';

/** How many changes can be taken back. */
const mostSteps = 500;
/** How many pieces that were cut out are kept. */
const mostKilled = 60;

/** The text being edited, the cursor in it (an offset in UTF-16 units), what was cut out and undone. */
export class EditedText {
  #text: string;
  #cursor: number;
  #last: Change = 'other';
  /** The column that Up and Down keep to over shorter lines. */
  #goal: number | undefined;
  readonly #past: State[] = [];
  readonly #killed: string[];
  #yanked = { start: 0, index: 0 };

  /** Begins with `text`, and the cursor behind it; `killed` is what was cut out, the latest first. */
  constructor(text = '', killed: string[] = []) {
    this.#killed = killed;
    this.#text = text;
    this.#cursor = text.length;
  }

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Puts text in at the cursor. What was typed in one go, up to a blank, is undone in one go. */
  insert(text: string): void {
    const goesOn = this.#last === 'typed' && !/\s/.test(text);
    this.#replace(this.#cursor, this.#cursor, text, 'typed', !goesOn);
  }

  /** Puts text in the place of what is between two offsets, and the cursor behind it. */
  replace(start: number, end: number, text: string): void {
    this.#replace(start, end, text, 'other');
  }

  /** Makes it another text, as one step that can be undone. */
  set(text: string, cursor = text.length): void {
    if (text !== this.#text) this.#replace(0, this.#text.length, text, 'other');
    this.#settle(cursor);
  }

  move(movement: Movement): void {
    this.#settle(movement(this.#text, this.#cursor));
  }

  /** One line up or down; false if there is none, and nothing was done. */
  moveLine(direction: 'up' | 'down'): boolean {
    const goal = this.#goal ?? columnOf(this.#text, this.#cursor);
    const target = toOtherLine(this.#text, this.#cursor, direction, goal);
    if (target === undefined) return false;
    this.#settle(target);
    this.#goal = goal;
    return true;
  }

  /** Deletes from the cursor to where the movement goes. */
  delete(movement: Movement): void {
    const [start, end] = this.#range(movement);
    if (start < end) this.#replace(start, end, '', 'other');
  }

  /** Cuts out from the cursor to where the movement goes; cuts one after the other are one. */
  kill(movement: Movement): void {
    const [start, end] = this.#range(movement);
    if (start === end) return;
    const cut = this.#text.slice(start, end);
    const [latest = ''] = this.#killed;
    if (this.#last !== 'killed') this.#killed.unshift(cut);
    else this.#killed[0] = start < this.#cursor ? cut + latest : latest + cut;
    this.#killed.splice(mostKilled);
    this.#replace(start, end, '', 'killed');
  }

  /** Puts in what was cut out last. */
  yank(): void {
    this.#yanked = { start: this.#cursor, index: 0 };
    const [latest] = this.#killed;
    if (latest !== undefined) this.#replace(this.#cursor, this.#cursor, latest, 'yanked');
  }

  /** Behind `yank`: puts in what was cut out before that, in its place. */
  yankEarlier(): void {
    if (this.#last !== 'yanked') return;
    this.#yanked.index = (this.#yanked.index + 1) % this.#killed.length;
    const earlier = this.#killed[this.#yanked.index] ?? '';
    this.#replace(this.#yanked.start, this.#cursor, earlier, 'yanked');
  }

  /** Exchanges the graphemes around the cursor; at the end of a line the two before it. */
  transpose(): void {
    const text = this.#text;
    const atEnd = this.#cursor === text.length || text[this.#cursor] === '\n';
    const middle = atEnd ? previousGrapheme(text, this.#cursor) : this.#cursor;
    const start = previousGrapheme(text, middle);
    if (start === middle || text[start] === '\n' || text[middle] === '\n') return;
    const end = nextGrapheme(text, middle);
    this.#replace(start, end, text.slice(middle, end) + text.slice(start, middle), 'other');
  }

  /** Takes the last change back. */
  undo(): void {
    const before = this.#past.pop();
    if (before === undefined) return;
    this.#text = before.text;
    this.#settle(before.cursor);
  }

  #range(movement: Movement): [number, number] {
    const target = movement(this.#text, this.#cursor);
    return [Math.min(target, this.#cursor), Math.max(target, this.#cursor)];
  }

  #replace(start: number, end: number, text: string, change: Change, canUndo = true): void {
    if (canUndo && this.#past.push({ text: this.#text, cursor: this.#cursor }) > mostSteps) {
      this.#past.shift();
    }
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(end);
    this.#settle(start + text.length);
    this.#last = change;
  }

  /** Where the cursor is now; what went together with the change before it no longer does. */
  #settle(cursor: number): void {
    this.#cursor = cursor;
    this.#last = 'other';
    this.#goal = undefined;
  }
}
