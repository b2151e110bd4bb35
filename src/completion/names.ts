import { isReserved } from './reserved-words.js';

/** A name that needs no backticks, if it is no reserved word. One that begins as a number does. */
const plain = /^[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*$/;

/** The name as SQL takes it: between backticks if it must be. */
export function quoteIfNeeded(name: string): string {
  return plain.test(name) && !isReserved(name) ? name : quoted(name);
}

/** The name between backticks. */
export function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** The name that a token stands for: `a``b` without its outer backticks, which may be left open. */
export function unquoted(token: string): string {
  if (!token.startsWith('`')) return token;
  const closed = token.length > 1 && token.endsWith('`');
  return token.slice(1, closed ? -1 : undefined).replaceAll('``', '`');
}
