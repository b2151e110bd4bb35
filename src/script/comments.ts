import { byte, isBlank } from './bytes.js';

/** Whether two dashes and a blank stand at `position`. */
export function isDashComment(line: Uint8Array, position: number): boolean {
  return (
    line[position] === byte.dash && line[position + 1] === byte.dash && isBlank(line[position + 2])
  );
}

/** Whether a comment begins here, other than those that the server may execute. */
export function beginsPlainComment(line: Uint8Array, position: number): boolean {
  if (line[position] !== byte.slash || line[position + 1] !== byte.asterisk) return false;
  const third = line[position + 2];
  if (third === byte.exclamation) return false;
  return !(third === byte.capitalM && line[position + 3] === byte.exclamation);
}

/**
 * How many bytes the mark has that stands here before what the server may execute, its version
 * number included (`/*!50003`, `/*M!100100`); 0 if there is none.
 */
export function conditionalMark(line: Uint8Array, position: number): number {
  if (line[position] !== byte.slash || line[position + 1] !== byte.asterisk) return 0;
  const mark = position + (line[position + 2] === byte.capitalM ? 3 : 2);
  if (line[mark] !== byte.exclamation) return 0;
  let end = mark + 1;
  while (end < line.length && isDigit(line[end] as number)) end++;
  return end - position;
}

function isDigit(value: number): boolean {
  return value >= 0x30 && value <= 0x39;
}

/** Whether a comment begins here that a MySQL server may execute; MariaDB's own form is none. */
export function beginsConditional(line: Uint8Array, position: number): boolean {
  return (
    line[position] === byte.slash &&
    line[position + 1] === byte.asterisk &&
    line[position + 2] === byte.exclamation
  );
}
