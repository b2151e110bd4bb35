import type { ReplicaConnection } from '../replica/connection.js';
import type { OffersFile } from '../replica/local-file.js';
import { namesLocalFile } from '../script/local-file-name.js';

/** The client sends local files for statements that begin so, in any case. */
const loadWord = Buffer.from('load');

/** Which local file the server may have: the one that `sql` names, if it begins with LOAD. */
export function offersFile(
  sql: Uint8Array,
  { sqlMode }: ReplicaConnection,
): OffersFile | undefined {
  if (!startsWithWord(sql, loadWord)) return undefined;
  return (name) => namesLocalFile(sql, name, sqlMode);
}

/** Whether `sql` begins with `word`, which is in small letters, whatever its case. */
export function startsWithWord(sql: Uint8Array, word: Uint8Array): boolean {
  return word.every((byte, i) => ((sql[i] ?? 0) | 0x20) === byte);
}
