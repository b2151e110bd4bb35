import { functions } from './functions.js';
import { keywords } from './keywords.js';
import type { Token, TokenKind } from './token.js';

/** What a character may be part of. */
const blank = 1;
const digit = 2;
const wordCharacter = 4;

const kinds = new Uint8Array(128).map((_, code) => {
  if (code <= 0x20) return blank;
  const character = String.fromCharCode(code);
  if (/\d/.test(character)) return digit | wordCharacter;
  return /[\w$]/.test(character) ? wordCharacter : 0;
});

/** All outside ASCII may stand in names. */
const kindAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code < 128 ? (kinds[code] as number) : code >= 128 ? wordCharacter : 0;
};

const numbers =
  /(?:0x[\da-fA-F]+|0b[01]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w$\u0080-\uffff])/y;
const longOperators = /<=>|<=|>=|<>|!=|:=|\|\||&&|<<|>>|\\[\s\S]/y;
/** Those that may be longer than one character. */
const operatorBeginnings = '<>!:|&\\';

/** Behind these a keyword that is not reserved is the name of something. */
const beforeNames = new Set(
  'FROM JOIN INTO UPDATE TABLE DESC DESCRIBE AS USE REFERENCES SELECT WHERE HAVING BY DISTINCT'.split(
    ' ',
  ),
);
const beforeOperands = new Set(['(', ',', '=', '<', '>', '<=', '>=', '<>', '!=', '+', '-', '/']);
/** These are keywords there too. */
const neverNames = new Set(['SQL_NO_CACHE', 'SQL_CACHE', 'SQL_BUFFER_RESULT', 'SIGNED']);

/** Adds the tokens of the code between two places of `text`. `tokens` holds those before. */
export function addCodeTokens(text: string, start: number, end: number, tokens: Token[]): void {
  let at = start;
  while (at < end) {
    const kind = kindAt(text, at);
    if ((kind & blank) !== 0) at++;
    else at = addToken(text, at, end, kind, tokens);
  }
}

/** Adds the token that begins at `at`, whose kind of character is given; gives where it ends. */
function addToken(text: string, at: number, limit: number, kind: number, tokens: Token[]): number {
  const add = (token: TokenKind, end: number): number => {
    tokens.push({ kind: token, start: at, end, open: false });
    return end;
  };
  const first = text[at] as string;
  if ((kind & digit) !== 0 || (first === '.' && (kindAt(text, at + 1) & digit) !== 0)) {
    const end = matchEnd(numbers, text, at);
    if (end > 0 && end <= limit) return add('number', end);
  }
  if ((kind & wordCharacter) !== 0) {
    const end = wordEnd(text, at, limit, false);
    return add(kindOfWord(text, at, end, tokens), end);
  }
  if (first === '@') {
    const names = at + (text[at + 1] === '@' ? 2 : 1);
    const end = wordEnd(text, Math.min(names, limit), limit, true);
    if (end > at + 1 && !isHost(text, at, tokens)) return add('variable', end);
  } else if (operatorBeginnings.includes(first)) {
    const end = Math.min(limit, matchEnd(longOperators, text, at));
    if (end > 0) return add(text.slice(at, end) === '\\N' ? 'keyword' : 'operator', end);
  }
  return add('operator', at + 1);
}

/** Where a match ends that begins at `at`; 0 if there is none. */
function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

function wordEnd(text: string, start: number, limit: number, dots: boolean): number {
  let end = start;
  while (
    end < limit &&
    ((kindAt(text, end) & wordCharacter) !== 0 || (dots && text[end] === '.'))
  ) {
    end++;
  }
  return end;
}

/** Whether the `@` here stands between a user and a host. */
export function isHost(text: string, at: number, tokens: readonly Token[]): boolean {
  const before = tokens[tokens.length - 1];
  if (before?.end !== at || text[at + 1] === '@') return false;
  return before.kind === 'name' || before.kind === 'quoted-name' || before.kind === 'string';
}

function kindOfWord(text: string, start: number, end: number, tokens: readonly Token[]): TokenKind {
  const before = tokens[tokens.length - 1];
  const qualified = before?.end === start && text[start - 1] === '.' && before.kind === 'operator';
  if (qualified || text[end] === '.') return 'name';
  const upper = text.slice(start, end).toUpperCase();
  const { reserved, others } = keywords();
  const isReserved = reserved.has(upper);
  const isKeyword = isReserved || others.has(upper);
  if (functions().has(upper) && opensParenthesis(text, end, isKeyword)) return 'function';
  if (isReserved) return 'keyword';
  if (!isKeyword) return 'name';
  return before !== undefined && !neverNames.has(upper) && comesBeforeName(text, before)
    ? 'name'
    : 'keyword';
}

/** A keyword is a function's name only right before its parenthesis: `values(a)`, not `values (a)`. */
function opensParenthesis(text: string, end: number, atOnce: boolean): boolean {
  let next = end;
  while (!atOnce && next < text.length && text.charCodeAt(next) <= 0x20) next++;
  return text[next] === '(';
}

function comesBeforeName(text: string, token: Token): boolean {
  const shown = text.slice(token.start, token.end);
  if (token.kind === 'operator') return beforeOperands.has(shown);
  return token.kind === 'keyword' && beforeNames.has(shown.toUpperCase());
}
