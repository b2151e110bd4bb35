import { byte, isBlank, skipBlanks, standsAt } from './bytes.js';
import type { Redirect } from './item.js';

const greater = 0x3e;
const bar = 0x7c;

/** A redirect as it was met; one with nothing behind its mark has an empty `to`. */
export interface FoundRedirect extends Redirect {
  /** It ends in `\G`. */
  vertical: boolean;
}

/**
 * The redirect that stands at `position` of a line, if one does: the rest of the line is the file
 * or the command, but for a delimiter, `\g` or `\G` at its end, and blanks.
 */
export function redirectAt(
  line: Uint8Array,
  position: number,
  delimiter: Uint8Array,
): FoundRedirect | undefined {
  if (line[position] !== byte.dollar) return undefined;
  const second = line[position + 1];
  if (second !== greater && second !== bar) return undefined;
  const append = second === greater && line[position + 2] === greater;
  const kind = second === bar ? 'pipe' : append ? 'append' : 'file';
  const start = skipBlanks(line, position + (append ? 3 : 2));
  let end = blanksCut(line, start, line.length);
  let vertical = false;
  if (end - delimiter.length >= start && standsAt(line, end - delimiter.length, delimiter)) {
    end = blanksCut(line, start, end - delimiter.length);
  } else if (end - 2 >= start && line[end - 2] === byte.backslash && isGo(line[end - 1])) {
    vertical = line[end - 1] === capitalG;
    end = blanksCut(line, start, end - 2);
  }
  return { kind, to: line.subarray(start, end), vertical };
}

const capitalG = 0x47;

/** The `g` of `\g`, or the `G` of `\G`. */
function isGo(value: number | undefined): boolean {
  return value !== undefined && (value | 0x20) === 0x67;
}

function blanksCut(line: Uint8Array, start: number, from: number): number {
  let end = from;
  while (end > start && isBlank(line[end - 1])) end--;
  return end;
}
