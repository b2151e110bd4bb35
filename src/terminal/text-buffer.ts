import { nextGrapheme, previousGrapheme } from './graphemes.js';
import { KillRing } from './kill-ring.js';
import type { Movement } from './movement.js';
import { graphemeColumn, toAdjacentLine, wordLeft, wordRight } from './movement.js';

/** A text before a change, and the end of the part that the change replaced. */
interface Snapshot {
  text: string;
  end: number;
}

/** The kind of a change. Some changes combine with a preceding change of the same kind. */
type Change = 'typed' | 'killed' | 'yanked' | 'other';

/** The number of changes that can be undone. */
const maxUndoSteps = 500;

/** The text being edited, with its cursor (an offset in UTF-16 units), undo stack and kill ring. */
export class TextBuffer {
  #text: string;
  #cursor: number;
  #lastChange: Change = 'other';
  /** The column that Up and Down return to after shorter lines. */
  #goalColumn: number | undefined;
  readonly #undoStack: Snapshot[] = [];
  /** While changes are undone together: whether there was one. */
  #undoGroup: 'empty' | 'changed' | undefined;
  readonly #killRing: KillRing;
  #yankStart = 0;

  /** Starts with `text`, the cursor at its end. */
  constructor(text = '', killRing = new KillRing()) {
    this.#killRing = killRing;
    this.#text = text;
    this.#cursor = text.length;
  }

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Inserts text at the cursor. Typed characters up to a blank are undone in one step. */
  insert(text: string): void {
    const extendsTyping = this.#lastChange === 'typed' && !/\s/.test(text);
    this.#replace(this.#cursor, this.#cursor, text, 'typed', !extendsTyping);
  }

  /** Replaces the text between two offsets, and places the cursor after the new text. */
  replace(start: number, end: number, text: string): void {
    this.#replace(start, end, text, 'other');
  }

  /** Replaces the whole text, as one undo step. */
  set(text: string, cursor = text.length): void {
    if (text !== this.#text) this.#replace(0, this.#text.length, text, 'other');
    this.#placeCursor(cursor);
  }

  move(movement: Movement): void {
    this.#placeCursor(movement(this.#text, this.#cursor));
  }

  /** Moves the cursor one line up or down; returns false, without a move, if there is no line. */
  moveLine(direction: 'up' | 'down'): boolean {
    const goalColumn = this.#goalColumn ?? graphemeColumn(this.#text, this.#cursor);
    const target = toAdjacentLine(this.#text, this.#cursor, direction, goalColumn);
    if (target === undefined) return false;
    this.#placeCursor(target);
    this.#goalColumn = goalColumn;
    return true;
  }

  /** Deletes the text that the movement passes over. */
  delete(movement: Movement): void {
    const [start, end] = this.#range(movement);
    if (start < end) this.#replace(start, end, '', 'other');
  }

  /** Cuts the text that the movement passes over; consecutive cuts become one text. */
  kill(movement: Movement): void {
    const [start, end] = this.#range(movement);
    if (start === end) return;
    const cut = this.#text.slice(start, end);
    if (this.#lastChange !== 'killed') this.#killRing.add(cut);
    else this.#killRing.extend(cut, start < this.#cursor ? 'start' : 'end');
    this.#replace(start, end, '', 'killed');
  }

  /** Inserts the text that was cut last, or that `yankEarlier` has chosen since then. */
  yank(): void {
    this.#yankStart = this.#cursor;
    const { current } = this.#killRing;
    if (current !== undefined) this.#replace(this.#cursor, this.#cursor, current, 'yanked');
  }

  /** Directly after `yank`: replaces the inserted text with the text that was cut before it. */
  yankEarlier(): void {
    if (this.#lastChange !== 'yanked') return;
    this.#killRing.rotate();
    this.#replace(this.#yankStart, this.#cursor, this.#killRing.current ?? '', 'yanked');
  }

  /** Swaps the graphemes around the cursor; at the end of a line, the two before it. */
  transpose(): void {
    const text = this.#text;
    const isAtLineEnd = this.#cursor === text.length || text[this.#cursor] === '\n';
    const middle = isAtLineEnd ? previousGrapheme(text, this.#cursor) : this.#cursor;
    const start = previousGrapheme(text, middle);
    if (start === middle || text[start] === '\n' || text[middle] === '\n') return;
    const end = nextGrapheme(text, middle);
    this.#replace(start, end, text.slice(middle, end) + text.slice(start, middle), 'other');
  }

  /**
   * Swaps the word before the cursor with the word at or after it, and moves behind both; at the end
   * of the text, swaps the last two words.
   */
  transposeWords(): void {
    const text = this.#text;
    const secondEnd = wordRight(text, this.#cursor);
    const secondStart = wordLeft(text, secondEnd);
    const firstStart = wordLeft(text, secondStart);
    const firstEnd = wordRight(text, firstStart);
    if (firstStart === secondStart || secondStart < firstEnd) return;
    const between = text.slice(firstEnd, secondStart);
    const swapped = text.slice(secondStart, secondEnd) + between + text.slice(firstStart, firstEnd);
    this.#replace(firstStart, secondEnd, swapped, 'other');
  }

  /** Replaces the text that the movement passes over by what `change` returns for it. */
  change(movement: Movement, change: (text: string) => string): void {
    const [start, end] = this.#range(movement);
    const changed = change(this.#text.slice(start, end));
    if (changed === this.#text.slice(start, end)) this.#placeCursor(end);
    else this.#replace(start, end, changed, 'other');
  }

  /** Undoes the last change, and moves to the end of the restored text, as readline does. */
  undo(): void {
    const before = this.#undoStack.pop();
    if (before === undefined) return;
    this.#text = before.text;
    this.#placeCursor(before.end);
    if (this.#undoGroup !== undefined) this.#undoGroup = 'empty';
  }

  /** Makes one step of undo of all changes until `endUndoGroup`. */
  beginUndoGroup(): void {
    this.#undoGroup = 'empty';
  }

  endUndoGroup(): void {
    this.#undoGroup = undefined;
  }

  #range(movement: Movement): [number, number] {
    const target = movement(this.#text, this.#cursor);
    return [Math.min(target, this.#cursor), Math.max(target, this.#cursor)];
  }

  #replace(start: number, end: number, text: string, change: Change, canUndo = true): void {
    const isNewStep = this.#undoGroup === undefined ? canUndo : this.#undoGroup === 'empty';
    if (isNewStep && this.#undoStack.push({ text: this.#text, end }) > maxUndoSteps) {
      this.#undoStack.shift();
    }
    if (this.#undoGroup !== undefined) this.#undoGroup = 'changed';
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(end);
    this.#placeCursor(start + text.length);
    this.#lastChange = change;
  }

  /** Sets the cursor. A following change no longer combines with the one before. */
  #placeCursor(cursor: number): void {
    this.#cursor = cursor;
    this.#lastChange = 'other';
    this.#goalColumn = undefined;
  }
}
