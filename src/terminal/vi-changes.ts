import { lineEnd, lineStart, nextGrapheme, previousGrapheme } from './graphemes.js';
import type { TextBuffer } from './text-buffer.js';
import { firstNonBlank } from './vi-motions.js';

/*
 * The changes of vi's command mode. They return false, without a change, where they cannot be made.
 */

/** A text is not repeated beyond this length, in UTF-16 units. */
const maxRepeatedLength = 1_000_000;

/** Returns the changed character of each operator that changes the case. */
export const caseChanges = {
  gu: (character: string) => character.toLowerCase(),
  gU: (character: string) => character.toUpperCase(),
  'g~': (character: string) => {
    const lower = character.toLowerCase();
    return character === lower ? character.toUpperCase() : lower;
  },
};

/** Returns the text `count` times, or fewer times if it becomes too long. */
export function repeatText(text: string, count: number): string {
  return text.repeat(Math.min(count, Math.floor(maxRepeatedLength / Math.max(text.length, 1))));
}

/** Returns the offset behind the cursor's character; the cursor in an empty line. */
export function afterCursor({ text, cursor }: TextBuffer): number {
  return cursor < lineEnd(text, cursor) ? nextGrapheme(text, cursor) : cursor;
}

/** Returns the offset of the first character from `offset` on that is no blank, in the same line. */
export function skipBlanksInLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  const blanks = /^\s*/.exec(text.slice(offset, end))?.[0].length ?? 0;
  return offset + blanks;
}

/** `r`: replaces each of the next `count` characters with another one. */
export function replaceCharacters(buffer: TextBuffer, character: string, count: number): boolean {
  const { text, cursor } = buffer;
  const end = lineEnd(text, cursor);
  let last = cursor;
  for (let index = 0; index < count; index++) {
    if (last >= end) return false;
    last = nextGrapheme(text, last);
  }
  buffer.replace(cursor, last, character.repeat(count));
  buffer.move(() => cursor + character.length * (count - 1));
  return true;
}

/** `~`: changes the case of the next `count` characters, and moves behind them. */
export function toggleCase(buffer: TextBuffer, count: number): boolean {
  const { text, cursor } = buffer;
  const end = lineEnd(text, cursor);
  let last = cursor;
  for (let index = 0; index < count && last < end; index++) last = nextGrapheme(text, last);
  if (last === cursor) return false;
  const changed = text.slice(cursor, last).replace(/[\s\S]/gu, caseChanges['g~']);
  buffer.replace(cursor, last, changed);
  return true;
}

/** `J`: appends the next `count` lines to this one, as one step of undo. */
export function joinLines(buffer: TextBuffer, count: number): boolean {
  buffer.beginUndoGroup();
  let hasJoined = false;
  for (let index = 0; index < count; index++) {
    const { text, cursor } = buffer;
    const end = lineEnd(text, cursor);
    if (end === text.length) break;
    const next = skipBlanksInLine(text, end + 1);
    const needsBlank = end > 0 && !/\s/.test(text[end - 1] ?? ' ') && text[next] !== ')';
    buffer.replace(end, next, needsBlank ? ' ' : '');
    buffer.move(() => end);
    hasJoined = true;
  }
  buffer.endUndoGroup();
  return hasJoined;
}

/** `p` and `P`: inserts a text after or before the cursor; one that ends in a line break, as lines. */
export function putText(buffer: TextBuffer, put: string, isAfter: boolean, count: number): boolean {
  const repeated = repeatText(put, count);
  if (repeated === '') return false;
  const { text, cursor } = buffer;
  const isLines = put.endsWith('\n');
  if (!isLines || text === '') {
    const at = isAfter ? afterCursor(buffer) : cursor;
    buffer.replace(at, at, isLines ? repeated.slice(0, -1) : repeated);
    buffer.move(previousGrapheme);
  } else if (isAfter) {
    const at = lineEnd(text, cursor);
    buffer.replace(at, at, `\n${repeated.slice(0, -1)}`);
    buffer.move(() => firstNonBlank(buffer.text, at + 1));
  } else {
    const at = lineStart(text, cursor);
    buffer.replace(at, at, repeated);
    buffer.move(() => firstNonBlank(buffer.text, at));
  }
  return true;
}

/** Deletes whole lines, with the line break after them, or before them if they are the last. */
export function deleteLines(buffer: TextBuffer, start: number, end: number): void {
  const isLast = end === buffer.text.length;
  if (isLast) buffer.replace(Math.max(start - 1, 0), end, '');
  else buffer.replace(start, end + 1, '');
  buffer.move(firstNonBlank);
}
