import { lineEnd, lineStart, nextGrapheme, previousGrapheme } from './graphemes.js';
import type { KillRing } from './kill-ring.js';
import type { TextBuffer } from './text-buffer.js';
import {
  afterCursor,
  caseChanges,
  deleteLines,
  joinLines,
  putText,
  repeatText,
  replaceCharacters,
  skipBlanksInLine,
  toggleCase,
} from './vi-changes.js';
import { type ViCommand, ViCommandParser, type ViOperator } from './vi-command.js';
import {
  findTextObject,
  firstNonBlank,
  isOnBlank,
  isTextObject,
  type TextRange,
  toEndOfCurrentWord,
  type ViTarget,
  viMotions,
} from './vi-motions.js';

/** A change that `.` repeats: a command, and what was typed in the insert mode that it began. */
interface ViChange {
  command: ViCommand;
  /** Undefined for a command that began no insert mode. */
  typed: TypedChange | undefined;
}

/** What was typed in insert mode. */
interface TypedChange {
  text: string;
  /** The number of UTF-16 units before the start that were deleted. */
  deletedBefore: number;
}

/** The state of vi's commands that stays from one text to the next. */
export interface ViMemory {
  lastChange?: ViChange;
  /** The last `f`, `F`, `t` or `T`. */
  lastFind?: { name: string; argument: string };
  /** The last search of the history. */
  lastSearch?: { query: string; direction: 'older' | 'newer' };
}

/** What a key requires of the editor. */
export type ViResult =
  /** The key has its usual effect. */
  | 'pass'
  | 'done'
  | 'bell'
  | 'editor'
  /** Show an older or newer statement. */
  | 'older'
  | 'newer'
  /** `/` or `?` begins a search of the history. */
  | 'search older'
  | 'search newer'
  /** `n` or `N` repeats the search. */
  | 'search again'
  | 'search back';

/** The insert or replace mode, from the command that began it to Escape. */
interface InsertSession {
  /** Undefined in the mode in which each text begins, which `.` does not repeat. */
  command: ViCommand | undefined;
  textBefore: string;
  start: number;
  /** In replace mode, the characters that were replaced, for Backspace; '' for an appended one. */
  replaced: string[];
}

const commandOfKey: Readonly<Record<string, string>> = {
  backspace: 'h',
  'ctrl-h': 'h',
  left: 'h',
  right: 'l',
  up: 'k',
  down: 'j',
  home: '0',
  end: '$',
  delete: 'x',
};

/** The commands that stand for an operator with a motion. */
const abbreviations: Readonly<Record<string, [operator: ViOperator, name: string]>> = {
  x: ['d', 'l'],
  X: ['d', 'h'],
  D: ['d', '$'],
  C: ['c', '$'],
  s: ['c', 'l'],
  S: ['c', 'lines'],
  Y: ['y', '$'],
};

/** The keys of vi: insert, replace and command mode. Each text begins in insert mode. */
export class ViMode {
  readonly #buffer: TextBuffer;
  readonly #killRing: KillRing;
  readonly #memory: ViMemory;
  readonly #parser = new ViCommandParser();
  #mode: 'insert' | 'replace' | 'command' = 'insert';
  #session: InsertSession;

  constructor(buffer: TextBuffer, killRing: KillRing, memory: ViMemory) {
    this.#buffer = buffer;
    this.#killRing = killRing;
    this.#memory = memory;
    this.#session = this.#newSession(undefined);
  }

  get isCommandMode(): boolean {
    return this.#mode === 'command';
  }

  /** The mode as readline shows it, before the prompt. */
  get label(): string {
    return { insert: '(ins)', replace: '(rep)', command: '(cmd)' }[this.#mode];
  }

  /** Handles a key; `text` is the character that it types, or empty. */
  handleKey(name: string, text: string): ViResult {
    switch (this.#mode) {
      case 'insert':
        if (name !== 'escape') return 'pass';
        this.#leaveInsert();
        return 'done';
      case 'replace':
        return this.#handleKeyInReplace(name, text);
      case 'command':
        return this.#handleKeyInCommand(name, text);
    }
  }

  /** In command mode, places the cursor on a character rather than behind the last one of a line. */
  clampCursor(): void {
    if (this.#mode !== 'command') return;
    const { text, cursor } = this.#buffer;
    const isBehind = cursor === lineEnd(text, cursor) && cursor > lineStart(text, cursor);
    if (isBehind) this.#buffer.move(previousGrapheme);
  }

  /** Inserts text from outside, in command mode behind the cursor's character. */
  paste(text: string): void {
    const at = this.isCommandMode ? afterCursor(this.#buffer) : this.#buffer.cursor;
    this.#buffer.replace(at, at, text);
    this.clampCursor();
  }

  /** Begins another line at the end of the text, in insert mode: Enter in an incomplete statement. */
  appendLine(): void {
    this.#parser.reset();
    this.#buffer.move((text) => text.length);
    this.#buffer.insert('\n');
    this.#mode = 'insert';
    this.#session = this.#newSession(undefined);
  }

  #newSession(command: ViCommand | undefined): InsertSession {
    const { text, cursor } = this.#buffer;
    return { command, textBefore: text, start: cursor, replaced: [] };
  }

  #handleKeyInReplace(name: string, text: string): ViResult {
    const { replaced } = this.#session;
    if (name === 'escape') {
      this.#leaveInsert();
    } else if (name === 'backspace') {
      const original = replaced.pop();
      if (original === undefined) return 'bell';
      const end = this.#buffer.cursor;
      const start = previousGrapheme(this.#buffer.text, end);
      this.#buffer.replace(start, end, original);
      this.#moveTo(start);
    } else if (text !== '') {
      replaced.push(this.#overwrite(text));
    } else {
      return 'pass';
    }
    return 'done';
  }

  /** Replaces the character at the cursor, if there is one; returns it. */
  #overwrite(character: string): string {
    const { text, cursor } = this.#buffer;
    const end = afterCursor(this.#buffer);
    this.#buffer.replace(cursor, end, character);
    return text.slice(cursor, end);
  }

  #handleKeyInCommand(name: string, text: string): ViResult {
    if (name === 'escape') {
      const { isPending } = this.#parser;
      this.#parser.reset();
      return isPending ? 'done' : 'bell';
    }
    const key = commandOfKey[name] ?? text;
    if (key === '') {
      this.#parser.reset();
      return name === 'tab' ? 'bell' : 'pass';
    }
    const command = this.#parser.push(key === ' ' && !this.#parser.takesArgument ? 'l' : key);
    if (command === 'pending') return 'done';
    if (command === 'invalid') return 'bell';
    const result = this.#run(command);
    this.clampCursor();
    return result;
  }

  #run(command: ViCommand): ViResult {
    const { name, operator, count = 1 } = command;
    if (operator !== undefined || abbreviations[name] !== undefined) return this.#operate(command);
    switch (name) {
      case 'j':
      case '+':
        return this.#moveLines('down', name === '+', count);
      case 'k':
      case '-':
        return this.#moveLines('up', name === '-', count);
      case 'i':
      case 'I':
      case 'a':
      case 'A':
      case 'o':
      case 'O':
      case 'R':
        this.#beginInsert(command);
        return 'done';
      case 'r':
      case '~':
      case 'J':
      case 'p':
      case 'P':
        if (!this.#change(command)) return 'bell';
        this.#memory.lastChange = { command, typed: undefined };
        return 'done';
      case '.':
        return this.#repeatChange(command.count);
      case 'u':
        for (let index = 0; index < count; index++) this.#buffer.undo();
        return 'done';
      case 'v':
        return 'editor';
      case '/':
        return 'search older';
      case '?':
        return 'search newer';
      case 'n':
        return 'search again';
      case 'N':
        return 'search back';
      default: {
        const found = this.#findTarget(command);
        if (found === undefined) return 'bell';
        this.#moveTo(found.offset);
        return 'done';
      }
    }
  }

  #moveTo(offset: number): void {
    this.#buffer.move(() => offset);
  }

  /** Moves up or down; from the first or last line, to another statement. */
  #moveLines(direction: 'up' | 'down', toNonBlank: boolean, count: number): ViResult {
    for (let index = 0; index < count; index++) {
      if (this.#buffer.moveLine(direction)) continue;
      if (index > 0) break;
      return direction === 'up' ? 'older' : 'newer';
    }
    if (toNonBlank) this.#buffer.move(firstNonBlank);
    return 'done';
  }

  #findTarget({ name, argument, count }: ViCommand): ViTarget | undefined {
    const { text, cursor } = this.#buffer;
    if (/^[fFtT]$/.test(name)) this.#memory.lastFind = { name, argument };
    if (name === ';' || name === ',') return this.#repeatFind(name === ',', count);
    return viMotions.get(name)?.({ text, cursor, count, argument });
  }

  #repeatFind(isReversed: boolean, count: number | undefined): ViTarget | undefined {
    const { lastFind } = this.#memory;
    if (lastFind === undefined) return undefined;
    const { name, argument } = lastFind;
    const opposite = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
    const { text, cursor } = this.#buffer;
    const find = viMotions.get(isReversed ? opposite : name);
    const found = find?.({ text, cursor, count, argument });
    // `t` stops before the character, where it would find the same one again.
    const isStuck = found?.offset === cursor && /^[tT]$/.test(name) && (count ?? 1) === 1;
    return isStuck ? find?.({ text, cursor, count: 2, argument }) : found;
  }

  /** Runs an operator, or a command that stands for one. */
  #operate(command: ViCommand): ViResult {
    const [operator, name] = abbreviations[command.name] ?? [command.operator, command.name];
    if (operator === undefined) return 'bell';
    const range = this.#findRange({ ...command, operator, name });
    if (range === undefined) return 'bell';
    if (operator === 'c') {
      this.#beginInsert(command, () => this.#cut(range, true));
      return 'done';
    }
    this.#apply(operator, range);
    if (operator !== 'y') this.#memory.lastChange = { command, typed: undefined };
    return 'done';
  }

  /** Returns the text that an operator uses; undefined if there is none. */
  #findRange(command: ViCommand): (TextRange & { isLines: boolean }) | undefined {
    const { operator, name, count = 1 } = command;
    const { text, cursor } = this.#buffer;
    if (name === 'lines') {
      let last = cursor;
      for (let index = 1; index < count; index++)
        last = Math.min(lineEnd(text, last) + 1, text.length);
      return { start: lineStart(text, cursor), end: lineEnd(text, last), isLines: true };
    }
    if (isTextObject(name) && operator !== undefined) {
      const object = findTextObject(name, { text, cursor, count, argument: '' });
      const isEmpty = object !== undefined && object.start === object.end && operator !== 'c';
      return object === undefined || isEmpty ? undefined : { ...object, isLines: false };
    }
    const isWord = name === 'w' || name === 'W';
    if (isWord && operator === 'c') {
      // It keeps the blanks behind the word; on a blank, it replaces that one.
      const last = isOnBlank(text, cursor)
        ? cursor
        : toEndOfCurrentWord(text, cursor, count, name === 'W');
      const end = Math.min(nextGrapheme(text, last), lineEnd(text, last));
      return { start: cursor, end, isLines: false };
    }
    const found = this.#findTarget(command);
    if (found === undefined) return undefined;
    const start = Math.min(cursor, found.offset);
    let end = Math.max(cursor, found.offset);
    if (found.extent === 'lines')
      return { start: lineStart(text, start), end: lineEnd(text, end), isLines: true };
    if (found.extent === 'inclusive') end = nextGrapheme(text, end);
    // `dw` on the last word of a line does not join the next line.
    if (isWord) end = start + trimToLine(text.slice(start, end)).length;
    // `C` and `s` begin to insert where there is nothing to delete, too.
    return start === end && !(operator === 'c' && /^[$l]$/.test(name))
      ? undefined
      : { start, end, isLines: false };
  }

  #apply(operator: Exclude<ViOperator, 'c'>, range: TextRange & { isLines: boolean }): void {
    const { start, end, isLines } = range;
    const { text } = this.#buffer;
    switch (operator) {
      case 'y':
        // As in readline and POSIX sh, the cursor stays where it is.
        this.#killRing.add(text.slice(start, end) + (isLines ? '\n' : ''));
        break;
      case 'd':
        this.#cut(range, false);
        break;
      default: {
        const changed = text.slice(start, end).replace(/[\s\S]/gu, caseChanges[operator]);
        this.#buffer.replace(start, end, changed);
        this.#moveTo(start);
      }
    }
  }

  /** Cuts a range; of lines, keeps one empty line if `keepsLine`. */
  #cut({ start, end, isLines }: TextRange & { isLines: boolean }, keepsLine: boolean): void {
    this.#killRing.add(this.#buffer.text.slice(start, end) + (isLines ? '\n' : ''));
    if (isLines && !keepsLine) deleteLines(this.#buffer, start, end);
    else this.#buffer.replace(start, end, '');
  }

  /** Begins insert or replace mode with a command, as one step of undo with what is typed in it. */
  #beginInsert(command: ViCommand, prepare = () => this.#placeForInsert(command.name)): void {
    this.#buffer.beginUndoGroup();
    prepare();
    this.#mode = command.name === 'R' ? 'replace' : 'insert';
    this.#session = this.#newSession(command);
  }

  #placeForInsert(name: string): void {
    const { text, cursor } = this.#buffer;
    const [start, end] = [lineStart(text, cursor), lineEnd(text, cursor)];
    if (name === 'I') this.#moveTo(skipBlanksInLine(text, start));
    else if (name === 'a') this.#moveTo(afterCursor(this.#buffer));
    else if (name === 'A') this.#moveTo(end);
    else if (name === 'o') this.#buffer.replace(end, end, '\n');
    else if (name === 'O') this.#buffer.replace(start, start, '\n');
    if (name === 'O') this.#moveTo(start);
  }

  /** Ends insert or replace mode: repeats what was typed as often as the command's count says. */
  #leaveInsert(): void {
    const { command } = this.#session;
    const typed = this.#findTyped();
    if (command !== undefined) {
      if (typed !== undefined) {
        this.#repeatTyped(command, typed, (command.count ?? 1) - 1);
        this.#memory.lastChange = { command, typed };
      }
      this.#buffer.endUndoGroup();
    }
    this.#mode = 'command';
    const { text, cursor } = this.#buffer;
    if (cursor > lineStart(text, cursor)) this.#buffer.move(previousGrapheme);
  }

  /** Returns what was typed at one place; undefined if the cursor was moved meanwhile. */
  #findTyped(): TypedChange | undefined {
    const { textBefore, start, replaced } = this.#session;
    const { text, cursor } = this.#buffer;
    if (this.#mode === 'replace') return { text: text.slice(start, cursor), deletedBefore: 0 };
    const rest = textBefore.slice(start);
    if (replaced.length > 0 || text.slice(cursor) !== rest) return undefined;
    const before = textBefore.slice(0, start);
    let common = 0;
    while (common < before.length && common < cursor && before[common] === text[common]) common++;
    return { text: text.slice(common, cursor), deletedBefore: before.length - common };
  }

  /** Types a text again, for the count of a command that begins insert mode. */
  #repeatTyped({ name, operator }: ViCommand, { text }: TypedChange, times: number): void {
    // The count of `3cw` and `3s` belongs to what they delete.
    if (operator !== undefined || abbreviations[name] !== undefined) return;
    const repeated = repeatText(/^[oO]$/.test(name) ? `\n${text}` : text, times);
    if (name === 'R') for (const character of repeated) this.#overwrite(character);
    else if (repeated !== '') this.#buffer.insert(repeated);
  }

  /** `.`: runs the last change again, with its own count or another one. */
  #repeatChange(count: number | undefined): ViResult {
    const { lastChange } = this.#memory;
    if (lastChange === undefined) return 'bell';
    const command = { ...lastChange.command, ...(count !== undefined && { count }) };
    const result = this.#run(command);
    const { typed } = lastChange;
    if (typed === undefined || this.isCommandMode) return result;
    const { cursor } = this.#buffer;
    if (this.#mode === 'replace') {
      for (const character of typed.text) this.#overwrite(character);
    } else {
      this.#buffer.replace(Math.max(cursor - typed.deletedBefore, 0), cursor, typed.text);
    }
    this.#leaveInsert();
    this.#memory.lastChange = { command, typed };
    return result;
  }

  /** Runs a command that changes the text at once; returns false if it cannot. */
  #change({ name, argument, count = 1 }: ViCommand): boolean {
    switch (name) {
      case 'r':
        return replaceCharacters(this.#buffer, argument, count);
      case '~':
        return toggleCase(this.#buffer, count);
      case 'J':
        return joinLines(this.#buffer, Math.max(count - 1, 1));
      default:
        return putText(this.#buffer, this.#killRing.current ?? '', name === 'p', count);
    }
  }
}

/** Returns the text without the line break at its end, and the blanks around that. */
function trimToLine(text: string): string {
  if (/\S/.test(text)) return text.replace(/[^\S\n]*\n\s*$/, '');
  return text.replace(/\n\s*$/, '');
}
