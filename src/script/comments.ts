import { byte, isBlank } from './bytes.js';

/* Recognizes the beginning of each form of comment. */

/** Whether two dashes and a blank are at `position`. */
export function isDashComment(line: Uint8Array, position: number): boolean {
  return (
    line[position] === byte.dash && line[position + 1] === byte.dash && isBlank(line[position + 2])
  );
}

/** Whether a comment that no server executes begins at `position`. */
export function beginsPlainComment(line: Uint8Array, position: number): boolean {
  if (line[position] !== byte.slash || line[position + 1] !== byte.asterisk) return false;
  const third = line[position + 2];
  if (third === byte.exclamation) return false;
  return !(third === byte.capitalM && line[position + 3] === byte.exclamation);
}

/**
 * Returns the length in bytes of the mark that begins a conditional comment, whose contents the
 * server may execute: `/*!50003`, `/*M!100100`. Includes the version number. Returns 0 if no mark
 * is at `position`.
 */
export function conditionalMarkLength(line: Uint8Array, position: number): number {
  if (line[position] !== byte.slash || line[position + 1] !== byte.asterisk) return 0;
  const markStart = position + (line[position + 2] === byte.capitalM ? 3 : 2);
  if (line[markStart] !== byte.exclamation) return 0;
  let end = markStart + 1;
  while (end < line.length && isDigit(line[end] as number)) end++;
  return end - position;
}

function isDigit(value: number): boolean {
  return value >= 0x30 && value <= 0x39;
}

/** Whether a conditional comment of MySQL (`/*!`, not MariaDB's `/*M!`) begins at `position`. */
export function beginsConditionalComment(line: Uint8Array, position: number): boolean {
  return (
    line[position] === byte.slash &&
    line[position + 1] === byte.asterisk &&
    line[position + 2] === byte.exclamation
  );
}
