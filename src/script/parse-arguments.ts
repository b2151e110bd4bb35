import { byte, isBlank, isQuote, matchesAt, skipBlanks, trimEnd } from './bytes.js';
import type { ArgumentForm } from './command-table.js';

/** The bytes to trim off the end of a file name: blanks and control characters. */
const trimmableBytes = new Uint8Array(256).fill(1, 0, 0x21);

interface Word {
  value: Uint8Array;
  /** The first position after the word. */
  end: number;
}

/**
 * Returns the arguments of a command, in the form that the command expects.
 *
 * @param argumentForm undefined if the command takes no arguments
 * @param line the line or statement, from its beginning, including the name of the command
 * @param nameEnd the position where the name ends
 * @param doubledQuotes whether `''` within quotes is one quote, as after a long name; after a short
 *   name it ends the word
 */
export function parseArguments(
  argumentForm: ArgumentForm | undefined,
  line: Uint8Array,
  nameEnd: number,
  doubledQuotes: boolean,
): Uint8Array[] {
  switch (argumentForm) {
    case 'word':
      return parseWords(line, nameEnd, 1, doubledQuotes);
    case 'two words':
      return parseWords(line, nameEnd, 2, doubledQuotes);
    case 'topic': {
      const text = trimEnd(textAfterSpace(line, 0) ?? line.subarray(0, 0), trimmableBytes);
      const start = skipBlanks(text, 0);
      return start === text.length ? [] : [text.subarray(start)];
    }
    case 'text':
      return listOf(textAfterSpace(line, 0));
    case 'shell command':
      return listOf(textAfterSpace(line, skipBlanks(line, 0)));
    case 'file': {
      const text = textAfterSpace(line, skipBlanks(line, 0));
      return text === undefined
        ? []
        : [trimEnd(text.subarray(skipBlanks(text, 0)), trimmableBytes)];
    }
    default:
      return [];
  }
}

/** Whether an argument follows a long name: a word, or closed quotes that are not empty. */
export function hasArgument(line: Uint8Array, nameEnd: number): boolean {
  return parseWord(line, nameEnd, true) !== undefined;
}

/**
 * Returns the arguments of a shell command, at most `limit`, up to an unquoted delimiter or the end
 * of the line. `end` is the position after the last word if the limit is reached, otherwise the
 * position of the delimiter or the end of the line.
 */
export function parseShellWords(
  line: Uint8Array,
  start: number,
  limit: number,
  delimiter: Uint8Array,
): { words: Uint8Array[]; end: number } {
  const words: Uint8Array[] = [];
  let position = start;
  while (words.length < limit) {
    const wordStart = skipBlanks(line, position);
    if (wordStart === line.length || matchesAt(line, wordStart, delimiter))
      return { words, end: wordStart };
    const word = parseShellWord(line, wordStart, delimiter);
    words.push(word.value);
    position = word.end;
  }
  return { words, end: position };
}

/**
 * Returns a word of a shell command: a quoted text, which may be empty or unclosed, or the text up
 * to a blank or the delimiter.
 */
function parseShellWord(line: Uint8Array, start: number, delimiter: Uint8Array): Word {
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
      if (isBlank(current) || matchesAt(line, position, delimiter)) break;
      value.push(current);
    } else if (current === quote) {
      return { value: Uint8Array.from(value), end: position + 1 };
    } else {
      value.push(current);
    }
  }
  return { value: Uint8Array.from(value), end: position };
}

function listOf(text: Uint8Array | undefined): Uint8Array[] {
  return text === undefined ? [] : [text];
}

/** The client looks only for a space, so `source<tab>f` has no argument. */
function textAfterSpace(line: Uint8Array, start: number): Uint8Array | undefined {
  const space = line.indexOf(byte.space, start);
  return space < 0 ? undefined : line.subarray(space + 1);
}

function parseWords(
  line: Uint8Array,
  start: number,
  limit: number,
  doubledQuotes: boolean,
): Uint8Array[] {
  const found: Uint8Array[] = [];
  let position = start;
  while (found.length < limit) {
    const word = parseWord(line, position, doubledQuotes && found.length === 0);
    if (word === undefined) break;
    found.push(word.value);
    position = word.end;
  }
  return found;
}

/**
 * Returns the next argument, or undefined if there is none, it is empty or its quote is unclosed.
 * It ends at its closing quote, or unquoted at a space, but not at a tab. A backslash escapes the
 * next byte, except in backticks after a long name.
 */
function parseWord(line: Uint8Array, start: number, doubledQuotes: boolean): Word | undefined {
  let position = skipBlanks(line, start);
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
  const isClosed = quote === undefined || position < line.length;
  if (!isClosed || value.length === 0) return undefined;
  return { value: Uint8Array.from(value), end: quote === undefined ? position : position + 1 };
}
