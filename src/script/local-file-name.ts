import { enclosesName, type SqlMode } from '../protocol/sql-mode.js';
import { sqlWords, unquotedWord } from './sql-words.js';

/**
 * Whether `sql` says `LOCAL INFILE '<name>'` of just this file, as a string, other than within
 * another string or a comment. The text alone decides, so that no server gets a file that nobody
 * asked to be sent.
 */
export function namesLocalFile(sql: Uint8Array, name: Uint8Array, mode: SqlMode): boolean {
  const wanted = Buffer.from(name).toString('latin1');
  let last = '';
  let beforeLast = '';
  for (const { text, quoted } of sqlWords(sql, mode)) {
    const named = beforeLast === 'local' && last === 'infile' && quoted;
    if (named && !enclosesName(text[0] as string, mode) && unquotedWord(text, mode) === wanted) {
      return true;
    }
    beforeLast = last;
    last = text.toLowerCase();
  }
  return false;
}
