import { enclosesName, type SqlMode } from '../protocol/sql-mode.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { AllowLocalFile } from '../replica/local-infile.js';
import { sqlWords, unquotedWord } from '../script/sql-words.js';

/** The client sends local files for statements that begin so, in any case. */
const loadWord = Buffer.from('load');

/** Which local file the server may have: the one that `sql` names, if it begins with LOAD. */
export function localFilePolicy(
  sql: Uint8Array,
  { sqlMode }: ReplicaConnection,
): AllowLocalFile | undefined {
  if (!startsWithWord(sql, loadWord)) return undefined;
  return (name) => isNamedLocalFile(sql, name, sqlMode);
}

/** Whether `sql` begins with `word`, which is in small letters, whatever its case. */
export function startsWithWord(sql: Uint8Array, word: Uint8Array): boolean {
  return word.every((byte, i) => ((sql[i] ?? 0) | 0x20) === byte);
}

/**
 * Whether `sql` says `LOCAL INFILE '<name>'` of just this file, as a string, other than within
 * another string or a comment. The text alone decides, so that no server gets a file that nobody
 * asked to be sent.
 */
export function isNamedLocalFile(sql: Uint8Array, name: Uint8Array, mode: SqlMode): boolean {
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
