import { byte, isBlank, isQuote, skipBlanks, standsAt, trimEnd } from './bytes.js';
import type { ArgumentForm } from './command-table.js';

/** Blanks and control characters, which are cut off the end of file names. */
const blanks = new Uint8Array(256).fill(1, 0, 0x21);

interface Word {
  value: Uint8Array;
  /** The first position behind it. */
  end: number;
}

/**
 * Returns the arguments of a command, as it reads them.
 *
 * @param reads undefined: the command takes none
 * @param line all of it, from before the command's name
 * @param behind where the name ends
 * @param doubledQuotes `''` within quotes is one quote, as after the long names; after the short
 *   ones it ends the word
 */
export function commandArguments(
  reads: ArgumentForm | undefined,
  line: Uint8Array,
  behind: number,
  doubledQuotes: boolean,
): Uint8Array[] {
  switch (reads) {
    case 'word':
      return words(line, behind, 1, doubledQuotes);
    case 'two words':
      return words(line, behind, 2, doubledQuotes);
    case 'topic': {
      const text = trimEnd(textBehindSpace(line, 0) ?? line.subarray(0, 0), blanks);
      const start = skipBlanks(text, 0);
      return start === text.length ? [] : [text.subarray(start)];
    }
    case 'text':
      return present(textBehindSpace(line, 0));
    case 'shell command':
      return present(textBehindSpace(line, skipBlanks(line, 0)));
    case 'file': {
      const text = textBehindSpace(line, skipBlanks(line, 0));
      return text === undefined ? [] : [trimEnd(text.subarray(skipBlanks(text, 0)), blanks)];
    }
    default:
      return [];
  }
}

/** Whether the first word behind a long name is one: quotes, if any, are closed and not empty. */
export function isArgument(line: Uint8Array, behind: number): boolean {
  return takeWord(line, behind, true) !== undefined;
}

/**
 * The words behind a command of the shell, at most `limit`, up to the delimiter (unless quoted) or
 * the line's end. `end`: behind the last word if there may be no more, else where they end.
 */
export function shellWords(
  line: Uint8Array,
  from: number,
  limit: number,
  delimiter: Uint8Array,
): { words: Uint8Array[]; end: number } {
  const words: Uint8Array[] = [];
  let position = from;
  while (words.length < limit) {
    const start = skipBlanks(line, position);
    if (start === line.length || standsAt(line, start, delimiter)) return { words, end: start };
    const word = takeShellWord(line, start, delimiter);
    words.push(word.value);
    position = word.end;
  }
  return { words, end: position };
}

/** A word in quotes, which may be empty or left open, else up to a blank or the delimiter. */
function takeShellWord(line: Uint8Array, start: number, delimiter: Uint8Array): Word {
  const quote = isQuote(line[start]) ? line[start] : undefined;
  const value: number[] = [];
  let position = quote === undefined ? start : start + 1;
  for (; position < line.length; position++) {
    const current = line[position] as number;
    const next = line[position + 1];
    if (current === byte.backslash && next !== undefined) {
      value.push(next);
      position++;
    } else if (quote === undefined) {
      if (isBlank(current) || standsAt(line, position, delimiter)) break;
      value.push(current);
    } else if (current === quote) {
      return { value: Uint8Array.from(value), end: position + 1 };
    } else {
      value.push(current);
    }
  }
  return { value: Uint8Array.from(value), end: position };
}

function present(text: Uint8Array | undefined): Uint8Array[] {
  return text === undefined ? [] : [text];
}

/** The client looks for a space and for nothing else, so `source<tab>f` has no argument. */
function textBehindSpace(line: Uint8Array, from: number): Uint8Array | undefined {
  const space = line.indexOf(byte.space, from);
  return space < 0 ? undefined : line.subarray(space + 1);
}

function words(line: Uint8Array, from: number, limit: number, doubled: boolean): Uint8Array[] {
  const found: Uint8Array[] = [];
  let position = from;
  while (found.length < limit) {
    const word = takeWord(line, position, doubled && found.length === 0);
    if (word === undefined) break;
    found.push(word.value);
    position = word.end;
  }
  return found;
}

/**
 * A word ends at its quote, else at a space, not at a tab; a backslash takes the next byte as is, but
 * for one between backticks behind a long name.
 */
function takeWord(line: Uint8Array, from: number, doubledQuotes: boolean): Word | undefined {
  let position = skipBlanks(line, from);
  const quote = isQuote(line[position]) ? line[position++] : undefined;
  const value: number[] = [];
  for (; position < line.length; position++) {
    const current = line[position] ?? 0;
    const next = line[position + 1];
    if (
      current === byte.backslash &&
      next !== undefined &&
      (quote !== byte.backtick || !doubledQuotes)
    ) {
      value.push(next);
      position++;
    } else if (current === quote) {
      if (!doubledQuotes || next !== quote) break;
      value.push(current);
      position++;
    } else if (quote === undefined && current === byte.space) {
      break;
    } else {
      value.push(current);
    }
  }
  const closed = quote === undefined || position < line.length;
  if (!closed || value.length === 0) return undefined;
  return { value: Uint8Array.from(value), end: quote === undefined ? position : position + 1 };
}
