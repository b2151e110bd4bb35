import { getKeywords } from '../script/keywords.js';

/** A name that needs no backticks unless it is a reserved word. It must not begin like a number. */
const plainNamePattern = /^[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*$/;

/** Returns the name in backticks if SQL requires them, else unchanged. */
export function quoteNameIfNeeded(name: string): string {
  return plainNamePattern.test(name) && !isReserved(name) ? name : quoteName(name);
}

/** Returns the name in quotes: backticks, or with ANSI_QUOTES double quotes. */
export function quoteName(name: string, quote = '`'): string {
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

/** Returns the name for a token, such as `a``b`, without its quotes, which may be unclosed. */
export function unquoteName(token: string): string {
  const quote = token[0] ?? '';
  if (quote !== '`' && quote !== '"') return token;
  const isClosed = token.length > 1 && token.endsWith(quote);
  return token.slice(1, isClosed ? -1 : undefined).replaceAll(quote + quote, quote);
}

/** The words that the server accepts as an unquoted table name, but not as a column name. */
const reservedAsColumns = new Set(['DUAL', 'SQL_BUFFER_RESULT', 'SQL_CACHE', 'SQL_NO_CACHE']);

/** Whether a word, in any case, needs backticks to be the name of a column or table. */
export function isReserved(word: string): boolean {
  const upper = word.toUpperCase();
  return getKeywords().reserved.has(upper) || reservedAsColumns.has(upper);
}
