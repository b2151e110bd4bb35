import { allowsBackslashEscapes, type SqlMode } from '../protocol/sql-mode.js';

/*
 * Quotes texts for SQL that the shell puts together.
 */

/** Returns a text as a string literal. */
export function quoteString(text: string, sqlMode: SqlMode): string {
  const special = allowsBackslashEscapes("'", sqlMode) ? /['\\]/g : /'/g;
  return `'${text.replace(special, (each) => each + each)}'`;
}

/** Returns a name in backticks. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
