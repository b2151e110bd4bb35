import { graphemes, lineEnd, lineStart, nextGrapheme, previousGrapheme } from './graphemes.js';

/** A cursor movement: returns the new position of the cursor. Offsets are in UTF-16 units. */
export type Movement = (text: string, cursor: number) => number;

const word = /[\p{L}\p{M}\p{N}_]/u;
const blank = /\s/u;

export const left: Movement = previousGrapheme;
export const right: Movement = (text, cursor) =>
  cursor >= text.length ? cursor : nextGrapheme(text, cursor);
export const toLineStart: Movement = lineStart;
export const toLineEnd: Movement = lineEnd;
export const toStart: Movement = () => 0;
export const toEnd: Movement = (text) => text.length;

/** Moves to the end of the line, or past its line break if the cursor is there already. */
export const throughLineEnd: Movement = (text, cursor) => {
  const end = lineEnd(text, cursor);
  return end === cursor ? Math.min(end + 1, text.length) : end;
};

/** Moves to the start of the line, or past the line break before it if the cursor is there. */
export const throughLineStart: Movement = (text, cursor) => {
  const start = lineStart(text, cursor);
  return start === cursor ? Math.max(start - 1, 0) : start;
};

/** Moves to the end of the next word of letters, digits and underscores. */
export const wordRight: Movement = (text, cursor) => {
  const start = skipForward(text, cursor, (character) => !word.test(character));
  return skipForward(text, start, (character) => word.test(character));
};

/** Moves to the start of the previous word. */
export const wordLeft: Movement = (text, cursor) => {
  const end = skipBackward(text, cursor, (character) => !word.test(character));
  return skipBackward(text, end, (character) => word.test(character));
};

/** Moves to the start of the previous word, where only blanks separate words. */
export const blankWordLeft: Movement = (text, cursor) => {
  const end = skipBackward(text, cursor, (character) => blank.test(character));
  return skipBackward(text, end, (character) => !blank.test(character));
};

/**
 * Returns the position in the line above or below at `goalColumn`, counted in graphemes, by default
 * the cursor's column; undefined if there is no such line.
 */
export function toAdjacentLine(
  text: string,
  cursor: number,
  direction: 'up' | 'down',
  goalColumn = graphemeColumn(text, cursor),
): number | undefined {
  const edge = direction === 'up' ? lineStart(text, cursor) - 1 : lineEnd(text, cursor) + 1;
  if (edge < 0 || edge > text.length) return undefined;
  const start = direction === 'up' ? lineStart(text, edge) : edge;
  const line = graphemes(text.slice(start, lineEnd(text, start)));
  return start + line.slice(0, goalColumn).join('').length;
}

/** Returns the number of graphemes between the start of the line and the cursor. */
export function graphemeColumn(text: string, cursor: number): number {
  return graphemes(text.slice(lineStart(text, cursor), cursor)).length;
}

function skipForward(text: string, start: number, matches: (character: string) => boolean): number {
  let offset = start;
  while (offset < text.length) {
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
    if (!matches(character)) break;
    offset += character.length;
  }
  return offset;
}

function skipBackward(
  text: string,
  start: number,
  matches: (character: string) => boolean,
): number {
  let offset = start;
  while (offset > 0) {
    const before = text.slice(Math.max(0, offset - 2), offset);
    const pair = before.length === 2 && (before.codePointAt(0) ?? 0) > 0xffff;
    const character = pair ? before : before.slice(-1);
    if (!matches(character)) break;
    offset -= character.length;
  }
  return offset;
}
