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

/** Whether a comment begins here that a MySQL server may execute; MariaDB's own form is none. */
export function beginsConditional(line: Uint8Array, position: number): boolean {
  return (
    line[position] === byte.slash &&
    line[position + 1] === byte.asterisk &&
    line[position + 2] === byte.exclamation
  );
}
