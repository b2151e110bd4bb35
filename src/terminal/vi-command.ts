import { isTextObject, viMotions } from './vi-motions.js';

/** The operators of vi, which a motion or a text object follows. */
export type ViOperator = 'd' | 'c' | 'y' | 'gu' | 'gU' | 'g~';

/** A command of vi's command mode, as it was typed. */
export interface ViCommand {
  /** The product of the counts; undefined if none was typed. */
  count: number | undefined;
  operator: ViOperator | undefined;
  /** A command, a motion or a text object; `lines` after a doubled operator such as `dd`. */
  name: string;
  /** The character after `f`, `F`, `t`, `T` and `r`. */
  argument: string;
}

const operators: ReadonlySet<string> = new Set<ViOperator>(['d', 'c', 'y', 'gu', 'gU', 'g~']);
const commandsWithArgument = new Set(['f', 'F', 't', 'T', 'r']);
/** Motions that repeat the last `f`, `F`, `t` or `T`. */
const findRepeats = new Set([';', ',']);
const otherCommands = new Set('i I a A o O x X D C s S Y p P r R ~ J u . v / ? n N + -'.split(' '));
/** Larger counts would take too long. */
const maxCount = 9999;

/** The keys of vi that the shell's help lists, with their descriptions. */
export const viKeyHelp: readonly (readonly [keys: string, description: string])[] = [
  ['escape', 'command mode'],
  ['i, a, I, A, o, O, R', 'insert before, after, at the start, at the end, in a new line; replace'],
  ['h, l, 0, ^, $, |', 'move in the line'],
  ['w, b, e, ge, W, B, E, gE', 'move by words'],
  ['f, F, t, T, ;, ,', 'move to a character'],
  ['%', 'move to the matching bracket'],
  ['j, k, +, -', 'line below, line above; then newer and older statements'],
  ['gg, G', 'first line, last line; with a number, that line'],
  ['d, c, y, gu, gU, g~', 'delete, change, copy, change the case up to where a motion leads'],
  ['dd, cc, yy', 'the same with whole lines'],
  ["iw, aw, i(, a(, i', a'", 'after d, c, y: a word, what is in brackets, what is in quotes'],
  ['x, X, D, C, s, S, Y', 'short for dl, dh, d$, c$, cl, cc, y$'],
  ['p, P', 'insert what was deleted or copied'],
  ['r, ~, J', 'replace a character, change its case, join lines'],
  ['u, .', 'undo, repeat the last change'],
  ['/, ?, n, N', 'search the history: older, newer, again, in the other direction'],
  ['v', 'edit the text in $EDITOR'],
  ['1 … 9', 'repeat the next command or motion as often'],
];

/** Combines the keys of command mode into commands. */
export class ViCommandParser {
  #count = '';
  #operatorCount = '';
  #operator: ViOperator | undefined;
  /** The keys of a command of two keys, such as `gg`, so far. */
  #prefix = '';
  /** The command that waits for its argument. */
  #name: string | undefined;

  /** True if a command has been begun. */
  get isPending(): boolean {
    const hasName = this.#operator !== undefined || this.#name !== undefined;
    return hasName || this.#count + this.#prefix !== '';
  }

  /** True if the next character is an argument, whatever it is. */
  get takesArgument(): boolean {
    return this.#name !== undefined;
  }

  /** Discards the keys of an incomplete command. */
  reset(): void {
    this.#count = '';
    this.#operatorCount = '';
    this.#operator = undefined;
    this.#prefix = '';
    this.#name = undefined;
  }

  /** Adds a typed character. Returns the command that it completes. */
  push(key: string): ViCommand | 'pending' | 'invalid' {
    if (this.#name !== undefined) return this.#finish(this.#name, key);
    if (this.#prefix === '' && (/^[1-9]$/.test(key) || (key === '0' && this.#count !== ''))) {
      this.#count += key;
      return 'pending';
    }
    const name = this.#prefix + key;
    if (name === 'g' || (this.#operator !== undefined && (name === 'i' || name === 'a'))) {
      this.#prefix = name;
      return 'pending';
    }
    this.#prefix = '';
    if (this.#operator === undefined && operators.has(name)) {
      this.#operator = name as ViOperator;
      this.#operatorCount = this.#count;
      this.#count = '';
      return 'pending';
    }
    if (this.#operator === name || (this.#operator?.length === 2 && this.#operator[1] === name))
      return this.#finish('lines', '');
    if (!this.#isKnown(name)) {
      this.reset();
      return 'invalid';
    }
    if (!commandsWithArgument.has(name)) return this.#finish(name, '');
    this.#name = name;
    return 'pending';
  }

  #isKnown(name: string): boolean {
    if (viMotions.has(name) || findRepeats.has(name)) return true;
    return this.#operator === undefined ? otherCommands.has(name) : isTextObject(name);
  }

  #finish(name: string, argument: string): ViCommand {
    const counts = [this.#operatorCount, this.#count].filter((count) => count !== '');
    const product = counts.reduce((total, count) => Math.min(total * Number(count), maxCount), 1);
    const operator = this.#operator;
    this.reset();
    return { count: counts.length === 0 ? undefined : product, operator, name, argument };
  }
}
