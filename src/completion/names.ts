import { keywords } from '../script/keywords.js';

/** A name that needs no backticks, if it is no reserved word. One that begins as a number does. */
const plain = /^[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*$/;

/** The name as SQL takes it: between backticks if it must be. */
export function quoteIfNeeded(name: string): string {
  return plain.test(name) && !isReserved(name) ? name : quoted(name);
}

/** The name between quotes: backticks, or under ANSI_QUOTES double quotes. */
export function quoted(name: string, quote = '`'): string {
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

/** The name that a token stands for: `a``b` without its outer quotes, which may be left open. */
export function unquoted(token: string): string {
  const quote = token[0] ?? '';
  if (quote !== '`' && quote !== '"') return token;
  const closed = token.length > 1 && token.endsWith(quote);
  return token.slice(1, closed ? -1 : undefined).replaceAll(quote + quote, quote);
}

/** The server takes these for a table's name, and for no column's. */
const elsewhere = new Set(['DUAL', 'SQL_BUFFER_RESULT', 'SQL_CACHE', 'SQL_NO_CACHE']);

/** Whether a word, in any case, names a column or a table only between backticks. */
export function isReserved(word: string): boolean {
  const upper = word.toUpperCase();
  return keywords().reserved.has(upper) || elsewhere.has(upper);
}
