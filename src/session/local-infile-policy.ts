import { isNameQuote, type SqlMode } from '../protocol/sql-mode.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { AllowLocalFile } from '../replica/local-infile.js';
import { scanSqlWords, unquoteSqlWord } from '../script/sql-words.js';

/** Without --local-infile, only statements that begin with this word, in any case, send files. */
const loadWord = Buffer.from('load');

/**
 * Returns a function that decides whether the server may read a local file: only the file that
 * `sql` names. Returns undefined (no file is allowed) if `sql` does not begin with LOAD and
 * --local-infile was not given.
 */
export function chooseLocalFilePolicy(
  sql: Uint8Array,
  { sqlMode, login }: ReplicaConnection,
): AllowLocalFile | undefined {
  if (login.localInfile !== 'any' && !startsWithWord(sql, loadWord)) return undefined;
  return (name) => isNamedLocalFile(sql, name, sqlMode);
}

/** Whether `sql` begins with `word` in any case. `word` must be in lower case. */
export function startsWithWord(sql: Uint8Array, word: Uint8Array): boolean {
  return word.every((byte, i) => ((sql[i] ?? 0) | 0x20) === byte);
}

/**
 * Whether `sql`, or the string of its EXECUTE IMMEDIATE, contains `LOCAL INFILE '<name>'` with
 * exactly this name, as a string literal and outside other strings and comments. Only the
 * statement's text decides, so that a server cannot get a file that the user did not name.
 */
export function isNamedLocalFile(sql: Uint8Array, name: Uint8Array, mode: SqlMode): boolean {
  const wanted = Buffer.from(name).toString('latin1');
  let lastWord = '';
  let previousWord = '';
  for (const { text, quoted } of scanSqlWords(sql, mode)) {
    if (quoted && !isNameQuote(text[0] as string, mode)) {
      const value = unquoteSqlWord(text, mode);
      if (previousWord === 'local' && lastWord === 'infile' && value === wanted) return true;
      if (previousWord === 'execute' && lastWord === 'immediate') {
        return isNamedLocalFile(Buffer.from(value, 'latin1'), name, mode);
      }
    }
    previousWord = lastWord;
    lastWord = text.toLowerCase();
  }
  return false;
}
