import { graphemes, lineEnd, lineStart, nextGrapheme, previousGrapheme } from './graphemes.js';

/** From where the cursor is to where it goes; offsets in UTF-16 units. */
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

/** To the end of the line, or over its line break if the cursor is there already. */
export const throughLineEnd: Movement = (text, cursor) => {
  const end = lineEnd(text, cursor);
  return end === cursor ? Math.min(end + 1, text.length) : end;
};

/** To the start of the line, or over the line break before it if the cursor is there already. */
export const throughLineStart: Movement = (text, cursor) => {
  const start = lineStart(text, cursor);
  return start === cursor ? Math.max(start - 1, 0) : start;
};

/** Behind the next word of letters, digits and underscores. */
export const wordRight: Movement = (text, cursor) => {
  const start = skip(text, cursor, (character) => !word.test(character));
  return skip(text, start, (character) => word.test(character));
};

/** To the start of the word before. */
export const wordLeft: Movement = (text, cursor) => {
  const end = skipBack(text, cursor, (character) => !word.test(character));
  return skipBack(text, end, (character) => word.test(character));
};

/** To the start of what is between blanks before. */
export const blankWordLeft: Movement = (text, cursor) => {
  const end = skipBack(text, cursor, (character) => blank.test(character));
  return skipBack(text, end, (character) => !blank.test(character));
};

/**
 * To the line above or below, as far from its start, counted in graphemes, as `goal` says or, without
 * it, as the cursor is now; undefined if there is none.
 */
export function toOtherLine(
  text: string,
  cursor: number,
  direction: 'up' | 'down',
  goal = columnOf(text, cursor),
): number | undefined {
  const edge = direction === 'up' ? lineStart(text, cursor) - 1 : lineEnd(text, cursor) + 1;
  if (edge < 0 || edge > text.length) return undefined;
  const start = direction === 'up' ? lineStart(text, edge) : edge;
  const line = graphemes(text.slice(start, lineEnd(text, start)));
  return start + line.slice(0, goal).join('').length;
}

/** How many graphemes are between the start of the line and the cursor. */
export function columnOf(text: string, cursor: number): number {
  return graphemes(text.slice(lineStart(text, cursor), cursor)).length;
}

function skip(text: string, from: number, over: (character: string) => boolean): number {
  let offset = from;
  while (offset < text.length) {
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
    if (!over(character)) break;
    offset += character.length;
  }
  return offset;
}

function skipBack(text: string, from: number, over: (character: string) => boolean): number {
  let offset = from;
  while (offset > 0) {
    const before = text.slice(Math.max(0, offset - 2), offset);
    const pair = before.length === 2 && (before.codePointAt(0) ?? 0) > 0xffff;
    const character = pair ? before : before.slice(-1);
    if (!over(character)) break;
    offset -= character.length;
  }
  return offset;
}
