import { byte, isBlank, matchesAt, skipBlanks } from './bytes.js';
import { findFileNameEnd } from './file-name.js';
import type { Redirect } from './item.js';

const greater = 0x3e;
const bar = 0x7c;

/** A redirect in a line; `target` is empty if nothing follows its operator. */
export interface ParsedRedirect extends Redirect {
  /** Whether it ends with `\G`. */
  vertical: boolean;
}

/**
 * Returns the redirect at `position` of a line, or undefined if there is none. The rest of the line
 * is the file name or command, without a delimiter, `\g` or `\G` at its end and without the blanks
 * around it; a comment may follow a file name.
 */
export function parseRedirect(
  line: Uint8Array,
  position: number,
  delimiter: Uint8Array,
): ParsedRedirect | undefined {
  if (line[position] !== byte.dollar) return undefined;
  const second = line[position + 1];
  if (second !== greater && second !== bar) return undefined;
  const append = second === greater && line[position + 2] === greater;
  const kind = second === bar ? 'pipe' : append ? 'append' : 'file';
  const start = skipBlanks(line, position + (append ? 3 : 2));
  // A program may have an argument `--`.
  const textEnd = kind === 'pipe' ? line.length : findFileNameEnd(line, start);
  let end = trimBlanksBefore(line, start, textEnd);
  let vertical = false;
  if (end - delimiter.length >= start && matchesAt(line, end - delimiter.length, delimiter)) {
    end = trimBlanksBefore(line, start, end - delimiter.length);
  } else if (end - 2 >= start && line[end - 2] === byte.backslash && isGoLetter(line[end - 1])) {
    vertical = line[end - 1] === byte.capitalG;
    end = trimBlanksBefore(line, start, end - 2);
  }
  return { kind, target: line.subarray(start, end), vertical };
}

/** Whether a byte is the `g` of `\g` or the `G` of `\G`. */
export function isGoLetter(value: number | undefined): boolean {
  return value !== undefined && (value | 0x20) === 0x67;
}

/** Returns the end of the text between `start` and `end` without the blanks at its end. */
function trimBlanksBefore(line: Uint8Array, start: number, end: number): number {
  let trimmedEnd = end;
  while (trimmedEnd > start && isBlank(line[trimmedEnd - 1])) trimmedEnd--;
  return trimmedEnd;
}
