import { byte, isBlank } from './bytes.js';

/*
 * File names in typed text: behind redirects, `tee` and `source`. A name may contain blanks. It may be
 * quoted as a whole, also after `~/` or `~user/`, and a comment may follow it.
 */

/** Returns the position where the text of a name that begins at `start` ends: before a comment. */
export function findFileNameEnd(line: Uint8Array, start: number): number {
  const closing = findClosingQuote(line, start);
  for (let position = closing ?? start; position < line.length; position++) {
    const isAfterBlank = position === start || isBlank(line[position - 1]);
    const isComment = line[position] === byte.dash && line[position + 1] === byte.dash;
    const third = line[position + 2];
    if (isAfterBlank && isComment && (third === undefined || isBlank(third))) return position;
  }
  return line.length;
}

/**
 * Returns a name without its quotes, in which a backslash before a quote or a backslash is removed.
 * Quotes that do not enclose the whole name are part of it: `it's.csv`.
 */
export function unquoteFileName(name: Uint8Array): Uint8Array {
  const start = findOpeningQuote(name, 0);
  if (start === undefined || findClosingQuote(name, 0) !== name.length - 1) return name;
  const quote = name[start];
  const unquoted: number[] = [...name.subarray(0, start)];
  for (let position = start + 1; position < name.length - 1; position++) {
    const next = name[position + 1];
    const isEscape = name[position] === byte.backslash;
    if (isEscape && (next === quote || next === byte.backslash)) position++;
    unquoted.push(name[position] as number);
  }
  return Uint8Array.from(unquoted);
}

/** Returns the position of the quote that begins a name, perhaps after `~/` or `~user/`. */
function findOpeningQuote(line: Uint8Array, start: number): number | undefined {
  let position = start;
  if (line[start] === byte.tilde) {
    while (position < line.length && line[position] !== byte.slash) position++;
    position++;
  }
  const isOpening = line[position] === byte.singleQuote || line[position] === byte.doubleQuote;
  return isOpening ? position : undefined;
}

/** Returns the position of the quote that ends the name at `start`; undefined if it is not quoted. */
function findClosingQuote(line: Uint8Array, start: number): number | undefined {
  const opening = findOpeningQuote(line, start);
  if (opening === undefined) return undefined;
  for (let position = opening + 1; position < line.length; position++) {
    if (line[position] === byte.backslash) position++;
    else if (line[position] === line[opening]) return position;
  }
  return undefined;
}
