import { clusters } from '../text/width.js';

/*
 * Positions in a text by grapheme (a letter with its marks, a whole emoji) and by line. Offsets are in
 * UTF-16 units.
 */

/** Splits text into graphemes. */
export function graphemes(text: string): string[] {
  return Array.from(clusters(text), ({ start, end }) => text.slice(start, end));
}

/** Returns the end of the grapheme that begins at or contains `offset`; a line break is one too. */
export function nextGrapheme(text: string, offset: number): number {
  if (isAscii(text, offset) && (isAscii(text, offset + 1) || offset + 1 >= text.length)) {
    return offset + 1;
  }
  const start = lineStart(text, offset);
  for (const end of graphemeEnds(text, start)) if (end > offset) return end;
  return text.length;
}

/** Returns the offset at which the grapheme before `offset` begins. */
export function previousGrapheme(text: string, offset: number): number {
  if (offset <= 0) return 0;
  if (isAscii(text, offset - 1)) return offset - 1;
  let start = lineStart(text, offset);
  for (const end of graphemeEnds(text, start)) {
    if (end >= offset) return start;
    start = end;
  }
  return start;
}

/** Returns the offset at which the line that contains `offset` begins. */
export function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Returns the offset at which the line that contains `offset` ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** Yields the ends of the graphemes of the line that begins at `start`, and of its line break. */
function* graphemeEnds(text: string, start: number): Generator<number> {
  const end = lineEnd(text, start);
  let offset = start;
  for (const grapheme of graphemes(text.slice(start, end))) {
    offset += grapheme.length;
    yield offset;
  }
  if (end < text.length) yield end + 1;
}

/** An ASCII character joins another one only as the base of a mark that follows it. */
function isAscii(text: string, offset: number): boolean {
  return text.charCodeAt(offset) < 0x80;
}
