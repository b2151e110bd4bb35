import { allowsBackslashEscapes, type SqlMode } from '../protocol/sql-mode.js';

/** A token of SQL: quoted text including its quotes, a word, or a single other character. */
export interface SqlWord {
  text: string;
  quoted: boolean;
}

/**
 * Yields the tokens of a statement, decoded as latin1 so that each byte is one character. Skips
 * blanks and comments. Of a conditional comment it skips only the marks, not the contents.
 */
export function* scanSqlWords(sql: Uint8Array, mode: SqlMode): Generator<SqlWord, void, void> {
  const text = Buffer.from(sql).toString('latin1');
  for (const { 0: token, groups } of text.matchAll(buildTokenPattern(mode))) {
    if (groups?.gap === undefined) yield { text: token, quoted: groups?.quoted !== undefined };
  }
}

function buildTokenPattern(mode: SqlMode): RegExp {
  const quoted = ["'", '"', '`'].map((quote) => {
    const inside = allowsBackslashEscapes(quote, mode)
      ? `(?:[^${quote}\\\\]|\\\\[^])`
      : `[^${quote}]`;
    return `${quote}(?:${inside}|${quote}${quote})*${quote}`;
  });
  const comments = ['/\\*M?!\\d*', '\\*/', '/\\*[^]*?\\*/', '#[^\\n]*', '--(?=\\s)[^\\n]*'];
  return new RegExp(
    `(?<gap>\\s+|${comments.join('|')})|(?<quoted>${quoted.join('|')})|\\w+|[^]`,
    'gy',
  );
}

/** The characters for which an escaped letter stands; any other escaped character is itself. */
const escapeValues: Record<string, string> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
};

/** Returns the value of a quoted text, without its quotes and escapes. */
export function unquoteSqlWord(token: string, mode: SqlMode): string {
  const quote = token[0] as string;
  const hasEscapes = allowsBackslashEscapes(quote, mode);
  let value = '';
  for (let i = 1; i < token.length - 1; i++) {
    const current = token[i] as string;
    if (current === quote) {
      i++;
      value += quote;
    } else if (current === '\\' && hasEscapes) {
      const next = token[++i] as string;
      value += escapeValues[next] ?? next;
    } else {
      value += current;
    }
  }
  return value;
}
