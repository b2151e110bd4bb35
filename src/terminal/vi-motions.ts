import { graphemes, lineEnd, lineStart, nextGrapheme, previousGrapheme } from './graphemes.js';
import { graphemeColumn, toAdjacentLine } from './movement.js';

/*
 * The motions and text objects of vi, as functions of the text and the cursor. Offsets are in UTF-16
 * units.
 */

/** The part of the text that an operator uses: up to the target, with it, or all lines in between. */
export type MotionExtent = 'exclusive' | 'inclusive' | 'lines';

/** Where a motion leads. */
export interface ViTarget {
  offset: number;
  extent: MotionExtent;
}

/** What a motion depends on. */
export interface MotionInput {
  text: string;
  cursor: number;
  /** Undefined if no count was typed. */
  count: number | undefined;
  /** The character that `f`, `F`, `t` and `T` look for. */
  argument: string;
}

/** Returns the target; undefined if there is none, so that the command has no effect. */
type ViMotion = (input: MotionInput) => ViTarget | undefined;

type CharacterClass = 'blank' | 'word' | 'other' | 'empty line';

const wordPattern = /[\p{L}\p{M}\p{N}_]/u;

/** Returns the class of the character at `offset`; an empty line counts as a word, as in vi. */
function classAt(text: string, offset: number, onlyBlanksSeparate: boolean): CharacterClass {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0x20);
  if (character === '\n' && (offset === 0 || text[offset - 1] === '\n')) return 'empty line';
  if (/\s/.test(character)) return 'blank';
  return onlyBlanksSeparate || wordPattern.test(character) ? 'word' : 'other';
}

const exclusive = (offset: number): ViTarget => ({ offset, extent: 'exclusive' });
const inclusive = (offset: number): ViTarget => ({ offset, extent: 'inclusive' });

function repeat(count: number, from: number, step: (offset: number) => number): number {
  let offset = from;
  for (let index = 0; index < count; index++) {
    const next = step(offset);
    if (next === offset) break;
    offset = next;
  }
  return offset;
}

function toNextWord(text: string, from: number, blanksOnly: boolean): number {
  let offset = from;
  const start = classAt(text, offset, blanksOnly);
  const skip = (wanted: CharacterClass) => {
    while (offset < text.length && classAt(text, offset, blanksOnly) === wanted)
      offset = nextGrapheme(text, offset);
  };
  if (start === 'empty line') offset++;
  else if (start !== 'blank') skip(start);
  skip('blank');
  return offset;
}

function toWordEnd(text: string, from: number, blanksOnly: boolean): number {
  let offset = nextGrapheme(text, from);
  const isBlank = (at: number) => /blank|empty/.test(classAt(text, at, blanksOnly));
  while (offset < text.length && isBlank(offset)) offset = nextGrapheme(text, offset);
  if (offset >= text.length) return Math.max(previousGrapheme(text, text.length), from);
  const word = classAt(text, offset, blanksOnly);
  for (;;) {
    const next = nextGrapheme(text, offset);
    if (next >= text.length || classAt(text, next, blanksOnly) !== word) return offset;
    offset = next;
  }
}

/** Like `e`, but stays on the last character of a word: the range of `cw`. */
export function toEndOfCurrentWord(
  text: string,
  cursor: number,
  count: number,
  blanksOnly: boolean,
): number {
  const next = nextGrapheme(text, cursor);
  const isLast =
    next >= text.length || classAt(text, next, blanksOnly) !== classAt(text, cursor, blanksOnly);
  const steps = isLast ? count - 1 : count;
  return repeat(steps, cursor, (offset) => toWordEnd(text, offset, blanksOnly));
}

/** True if the cursor is on a blank or an empty line. */
export function isOnBlank(text: string, cursor: number): boolean {
  return /blank|empty/.test(classAt(text, cursor, true));
}

function toPreviousWord(text: string, from: number, blanksOnly: boolean): number {
  let offset = previousGrapheme(text, from);
  while (offset > 0 && classAt(text, offset, blanksOnly) === 'blank')
    offset = previousGrapheme(text, offset);
  const word = classAt(text, offset, blanksOnly);
  if (word === 'empty line' || word === 'blank') return offset;
  while (offset > 0 && classAt(text, previousGrapheme(text, offset), blanksOnly) === word)
    offset = previousGrapheme(text, offset);
  return offset;
}

function toPreviousWordEnd(text: string, from: number, blanksOnly: boolean): number {
  let offset = from;
  const word = classAt(text, offset, blanksOnly);
  if (word !== 'blank' && word !== 'empty line') {
    while (offset > 0 && classAt(text, offset, blanksOnly) === word)
      offset = previousGrapheme(text, offset);
    if (classAt(text, offset, blanksOnly) === word) return 0;
  } else {
    offset = previousGrapheme(text, offset);
  }
  while (offset > 0 && classAt(text, offset, blanksOnly) === 'blank')
    offset = previousGrapheme(text, offset);
  return offset;
}

/** Returns the offset of the first character of the line that is not a blank. */
export function firstNonBlank(text: string, offset: number): number {
  const start = lineStart(text, offset);
  const line = text.slice(start, lineEnd(text, offset));
  const blanks = /^\s*/.exec(line)?.[0].length ?? 0;
  return blanks < line.length ? start + blanks : lastInLine(text, start);
}

/** Returns the offset of the last character of the line; of the line break if the line is empty. */
export function lastInLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  return end > lineStart(text, offset) ? previousGrapheme(text, end) : end;
}

/** Returns the offset in the line `count` lines above or below; undefined if there are fewer lines. */
function toLine(text: string, cursor: number, count: number, direction: 'up' | 'down') {
  const column = graphemeColumn(text, cursor);
  let offset: number | undefined = cursor;
  for (let index = 0; index < count && offset !== undefined; index++)
    offset = toAdjacentLine(text, offset, direction, column);
  return offset;
}

function toNumberedLine(text: string, number: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, Math.min(Math.max(number, 1), lines.length) - 1);
  return before.reduce((offset, line) => offset + line.length + 1, 0);
}

/** Returns the offset of the `count`-th occurrence of a character in the rest of the line. */
function findInLine(
  { text, cursor, count = 1, argument }: MotionInput,
  direction: 1 | -1,
  isBefore: boolean,
): number | undefined {
  const start = lineStart(text, cursor);
  const end = lineEnd(text, cursor);
  const next = (from: number) => {
    if (direction === 1) {
      const found = text.indexOf(argument, from);
      return found >= 0 && found < end ? found : undefined;
    }
    const found = from < start ? -1 : text.lastIndexOf(argument, from);
    return found >= start ? found : undefined;
  };
  let found: number | undefined = cursor;
  for (let index = 0; index < count && found !== undefined; index++)
    found = next(direction === 1 ? nextGrapheme(text, found) : found - 1);
  if (found === undefined || !isBefore) return found;
  return direction === 1 ? previousGrapheme(text, found) : nextGrapheme(text, found);
}

const brackets = '()[]{}';

function toMatchingBracket(text: string, cursor: number): number | undefined {
  const end = lineEnd(text, cursor);
  let offset = cursor;
  while (offset < end && !brackets.includes(text[offset] as string)) offset++;
  const kind = brackets.indexOf(text[offset] ?? 'x');
  if (kind < 0 || offset >= end) return undefined;
  const [open, close] = [brackets[kind & ~1], brackets[kind | 1]];
  const step = kind % 2 === 0 ? 1 : -1;
  let depth = 0;
  for (; offset >= 0 && offset < text.length; offset += step) {
    if (text[offset] === open) depth++;
    else if (text[offset] === close) depth--;
    if (depth === 0) return offset;
  }
  return undefined;
}

const target = (offset: number | undefined, extent: MotionExtent) =>
  offset === undefined ? undefined : { offset, extent };

const words =
  (move: (text: string, from: number, blanksOnly: boolean) => number, extent: MotionExtent) =>
  (blanksOnly: boolean): ViMotion =>
  ({ text, cursor, count = 1 }) => ({
    offset: repeat(count, cursor, (offset) => move(text, offset, blanksOnly)),
    extent,
  });
const nextWord = words(toNextWord, 'exclusive');
const previousWord = words(toPreviousWord, 'exclusive');
const wordEnd = words(toWordEnd, 'inclusive');
const previousWordEnd = words(toPreviousWordEnd, 'inclusive');

/** The motions by name. */
export const viMotions: ReadonlyMap<string, ViMotion> = new Map<string, ViMotion>([
  [
    'h',
    ({ text, cursor, count = 1 }) => {
      const start = lineStart(text, cursor);
      const offset = repeat(count, cursor, (at) => (at > start ? previousGrapheme(text, at) : at));
      return exclusive(offset);
    },
  ],
  [
    'l',
    ({ text, cursor, count = 1 }) => {
      const end = lineEnd(text, cursor);
      return exclusive(repeat(count, cursor, (at) => (at < end ? nextGrapheme(text, at) : at)));
    },
  ],
  ['0', ({ text, cursor }) => exclusive(lineStart(text, cursor))],
  ['^', ({ text, cursor }) => exclusive(firstNonBlank(text, cursor))],
  [
    '$',
    ({ text, cursor, count = 1 }) => {
      const offset = toLine(text, cursor, count - 1, 'down');
      if (offset === undefined) return undefined;
      const isEmpty = lineStart(text, offset) === lineEnd(text, offset);
      return isEmpty ? exclusive(offset) : inclusive(lastInLine(text, offset));
    },
  ],
  [
    '|',
    ({ text, cursor, count = 1 }) => {
      const start = lineStart(text, cursor);
      const line = graphemes(text.slice(start, lineEnd(text, cursor)));
      return exclusive(start + line.slice(0, count - 1).join('').length);
    },
  ],
  ['w', nextWord(false)],
  ['W', nextWord(true)],
  ['b', previousWord(false)],
  ['B', previousWord(true)],
  ['e', wordEnd(false)],
  ['E', wordEnd(true)],
  ['ge', previousWordEnd(false)],
  ['gE', previousWordEnd(true)],
  ['f', (input) => target(findInLine(input, 1, false), 'inclusive')],
  ['F', (input) => target(findInLine(input, -1, false), 'exclusive')],
  ['t', (input) => target(findInLine(input, 1, true), 'inclusive')],
  ['T', (input) => target(findInLine(input, -1, true), 'exclusive')],
  ['%', ({ text, cursor }) => target(toMatchingBracket(text, cursor), 'inclusive')],
  ['j', ({ text, cursor, count = 1 }) => target(toLine(text, cursor, count, 'down'), 'lines')],
  ['k', ({ text, cursor, count = 1 }) => target(toLine(text, cursor, count, 'up'), 'lines')],
  [
    'gg',
    ({ text, count = 1 }) => target(firstNonBlank(text, toNumberedLine(text, count)), 'lines'),
  ],
  [
    'G',
    ({ text, count = Number.POSITIVE_INFINITY }) =>
      target(firstNonBlank(text, toNumberedLine(text, count)), 'lines'),
  ],
]);

/** A part of the text. */
export interface TextRange {
  start: number;
  end: number;
}

/** Returns the range of a text object such as `iw` or `a(`; undefined if there is none. */
export function findTextObject(
  name: string,
  { text, cursor, count = 1 }: MotionInput,
): TextRange | undefined {
  const isWhole = name.startsWith('a');
  const kind = name.slice(1);
  switch (kind) {
    case 'w':
    case 'W':
      return findWordObject(text, cursor, count, kind === 'W', isWhole);
    case "'":
    case '"':
    case '`':
      return findQuotedObject(text, cursor, kind, isWhole);
    default: {
      const pair = ['()b', '[]', '{}B'].find((letters) => letters.includes(kind));
      return pair === undefined ? undefined : findBracketObject(text, cursor, count, pair, isWhole);
    }
  }
}

/** True if there is a text object of that name. */
export function isTextObject(name: string): boolean {
  return /^[ia][wW'"`()bB[\]{}]$/.test(name);
}

function findWordObject(
  text: string,
  cursor: number,
  count: number,
  blanksOnly: boolean,
  isWhole: boolean,
): TextRange | undefined {
  const [lineFrom, lineTo] = [lineStart(text, cursor), lineEnd(text, cursor)];
  if (lineFrom === lineTo) return undefined;
  const isSame = (one: number, other: number) =>
    classAt(text, one, blanksOnly) === classAt(text, other, blanksOnly);
  const runStart = (from: number) => {
    let offset = from;
    while (offset > lineFrom && isSame(previousGrapheme(text, offset), from))
      offset = previousGrapheme(text, offset);
    return offset;
  };
  const runEnd = (from: number) => {
    let offset = from;
    while (offset < lineTo && isSame(offset, from)) offset = nextGrapheme(text, offset);
    return offset;
  };
  const isBlankAt = (offset: number) => classAt(text, offset, blanksOnly) === 'blank';
  let start = runStart(cursor);
  let end = start;
  for (let index = 0; index < count && end < lineTo; index++) {
    end = runEnd(end);
    if (isWhole && end < lineTo && (isBlankAt(start) || isBlankAt(end))) end = runEnd(end);
  }
  // A word without blanks after it takes those before it.
  const hasBlank = isBlankAt(start) || isBlankAt(previousGrapheme(text, end));
  const before = previousGrapheme(text, start);
  if (isWhole && !hasBlank && start > lineFrom && isBlankAt(before)) start = runStart(before);
  return { start, end };
}

function findQuotedObject(
  text: string,
  cursor: number,
  quote: string,
  isWhole: boolean,
): TextRange | undefined {
  const end = lineEnd(text, cursor);
  const positions: number[] = [];
  for (let offset = lineStart(text, cursor); offset < end; offset++) {
    if (text[offset] === '\\') offset++;
    else if (text[offset] === quote) positions.push(offset);
  }
  for (let index = 0; index + 1 < positions.length; index += 2) {
    const [open = 0, close = 0] = positions.slice(index, index + 2);
    if (close < cursor) continue;
    return isWhole ? { start: open, end: close + 1 } : { start: open + 1, end: close };
  }
  return undefined;
}

function findBracketObject(
  text: string,
  cursor: number,
  count: number,
  pair: string,
  isWhole: boolean,
): TextRange | undefined {
  const [open, close] = pair;
  let start = text[cursor] === close ? cursor - 1 : cursor;
  for (let depth = 0, missing = count; start >= 0; start--) {
    if (text[start] === close) depth++;
    else if (text[start] === open && depth > 0) depth--;
    else if (text[start] === open && --missing === 0) break;
  }
  const end = start < 0 ? undefined : toMatchingBracket(text, start);
  if (end === undefined) return undefined;
  return isWhole ? { start, end: end + 1 } : { start: start + 1, end };
}
