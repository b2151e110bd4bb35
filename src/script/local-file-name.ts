/** What a backslash and these letters stand for in a string of SQL; others stand for themselves. */
const escapes: Record<string, string> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
};

/** The tokens of SQL, as far as they matter here. What begins a comment that is executed is a gap. */
function tokens(noBackslashEscapes: boolean): RegExp {
  const inside = (quote: string) =>
    noBackslashEscapes || quote === '`' ? `[^${quote}]` : `(?:[^${quote}\\\\]|\\\\[^])`;
  const quoted = ["'", '"', '`'].map(
    (quote) => `${quote}(?:${inside(quote)}|${quote}${quote})*${quote}`,
  );
  const comments = ['/\\*M?!\\d*', '\\*/', '/\\*[^]*?\\*/', '#[^\\n]*', '--(?=\\s)[^\\n]*'];
  return new RegExp(
    `(?<gap>\\s+|${comments.join('|')})|(?<quoted>${quoted.join('|')})|\\w+|[^]`,
    'gy',
  );
}

/**
 * Whether `sql` says `LOCAL INFILE '<name>'` of just this file, in quotes of either kind, other than
 * in a string or in a comment. The text alone decides, so that no server gets a file that nobody
 * asked to be sent. `noBackslashEscapes`: a backslash in a string is a plain byte.
 */
export function namesLocalFile(
  sql: Uint8Array,
  name: Uint8Array,
  noBackslashEscapes: boolean,
): boolean {
  const text = Buffer.from(sql).toString('latin1');
  const wanted = Buffer.from(name).toString('latin1');
  let last = '';
  let beforeLast = '';
  for (const { 0: token, groups } of text.matchAll(tokens(noBackslashEscapes))) {
    if (groups?.gap !== undefined) continue;
    const named = beforeLast === 'local' && last === 'infile' && groups?.quoted !== undefined;
    if (named && token[0] !== '`' && unquoted(token, noBackslashEscapes) === wanted) return true;
    beforeLast = last;
    last = token.toLowerCase();
  }
  return false;
}

/** What a string of SQL stands for. */
function unquoted(token: string, noBackslashEscapes: boolean): string {
  const quote = token[0] as string;
  let value = '';
  for (let i = 1; i < token.length - 1; i++) {
    const current = token[i] as string;
    if (current === quote) {
      i++;
      value += quote;
    } else if (current === '\\' && !noBackslashEscapes) {
      const next = token[++i] as string;
      value += escapes[next] ?? next;
    } else {
      value += current;
    }
  }
  return value;
}
