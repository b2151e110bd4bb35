import { keywords } from '../script/keywords.js';

/** The server takes these for a table's name, and for no column's. */
const elsewhere = new Set(['DUAL', 'SQL_BUFFER_RESULT', 'SQL_CACHE', 'SQL_NO_CACHE']);

/** Whether a word, in any case, names a column or a table only between backticks. */
export function isReserved(word: string): boolean {
  const upper = word.toUpperCase();
  return keywords().reserved.has(upper) || elsewhere.has(upper);
}
