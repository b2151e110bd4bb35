import { escapesWithin, type SqlMode } from '../protocol/sql-mode.js';

/** A token of SQL: quoted text with its quotes, a word, or one other character. */
export interface SqlWord {
  text: string;
  quoted: boolean;
}

/**
 * The tokens of a statement (latin1, a byte a character) without blanks and comments. The marks
 * around what the server may execute are left out too, what stands between them is not.
 */
export function* sqlWords(sql: Uint8Array, mode: SqlMode): Generator<SqlWord, void, void> {
  const text = Buffer.from(sql).toString('latin1');
  for (const { 0: token, groups } of text.matchAll(tokens(mode))) {
    if (groups?.gap === undefined) yield { text: token, quoted: groups?.quoted !== undefined };
  }
}

function tokens(mode: SqlMode): RegExp {
  const quoted = ["'", '"', '`'].map((quote) => {
    const inside = escapesWithin(quote, mode) ? `(?:[^${quote}\\\\]|\\\\[^])` : `[^${quote}]`;
    return `${quote}(?:${inside}|${quote}${quote})*${quote}`;
  });
  const comments = ['/\\*M?!\\d*', '\\*/', '/\\*[^]*?\\*/', '#[^\\n]*', '--(?=\\s)[^\\n]*'];
  return new RegExp(
    `(?<gap>\\s+|${comments.join('|')})|(?<quoted>${quoted.join('|')})|\\w+|[^]`,
    'gy',
  );
}

/** What a backslash and these letters stand for in a string of SQL; others stand for themselves. */
const escapes: Record<string, string> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
};

/** What quoted text stands for. */
export function unquotedWord(token: string, mode: SqlMode): string {
  const quote = token[0] as string;
  const hasEscapes = escapesWithin(quote, mode);
  let value = '';
  for (let i = 1; i < token.length - 1; i++) {
    const current = token[i] as string;
    if (current === quote) {
      i++;
      value += quote;
    } else if (current === '\\' && hasEscapes) {
      const next = token[++i] as string;
      value += escapes[next] ?? next;
    } else {
      value += current;
    }
  }
  return value;
}
