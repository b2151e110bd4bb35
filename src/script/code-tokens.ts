import { getBuiltInFunctions } from './built-in-functions.js';
import { getKeywords } from './keywords.js';
import type { Token, TokenKind } from './token.js';

/*
 * Splits the code of a text, which is all text outside quotes, comments and client commands, into
 * tokens.
 */

/** Classes of characters, as bits. */
const blank = 1;
const digit = 2;
const wordCharacter = 4;

const characterClasses = new Uint8Array(128).map((_, code) => {
  if (code <= 0x20) return blank;
  const character = String.fromCharCode(code);
  if (/\d/.test(character)) return digit | wordCharacter;
  return /[\w$]/.test(character) ? wordCharacter : 0;
});

/** Every character outside ASCII may be part of a name. */
const characterClassAt = (text: string, position: number): number => {
  const code = text.charCodeAt(position);
  return code < 128 ? (characterClasses[code] as number) : code >= 128 ? wordCharacter : 0;
};

const numberPattern =
  /(?:0x[\da-fA-F]+|0b[01]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w$\u0080-\uffff])/y;
const longOperatorPattern = /<=>|<=|>=|<>|!=|:=|\|\||&&|<<|>>|\\[\s\S]/y;
/** The first characters of the operators that `longOperatorPattern` matches. */
const longOperatorStarts = '<>!:|&\\';

/** After these keywords, a keyword that is not reserved is a name. */
const keywordsBeforeNames = new Set(
  'FROM JOIN INTO UPDATE TABLE DESC DESCRIBE AS USE REFERENCES SELECT WHERE HAVING BY DISTINCT'.split(
    ' ',
  ),
);
/** After these operators, too. */
const operatorsBeforeNames = new Set([
  '(',
  ',',
  '=',
  '<',
  '>',
  '<=',
  '>=',
  '<>',
  '!=',
  '+',
  '-',
  '/',
]);
/** These words are keywords even there. */
const alwaysKeywords = new Set(['SQL_NO_CACHE', 'SQL_CACHE', 'SQL_BUFFER_RESULT', 'SIGNED']);

/**
 * Appends the tokens of the code from `start` to `end` of `text` to `tokens`, which holds those
 * before.
 */
export function addCodeTokens(text: string, start: number, end: number, tokens: Token[]): void {
  let position = start;
  while (position < end) {
    const characterClass = characterClassAt(text, position);
    if ((characterClass & blank) !== 0) position++;
    else position = addToken(text, position, end, characterClass, tokens);
  }
}

/**
 * Appends the token that begins at `position` and returns the position where it ends.
 * `characterClass` is the class of its first character.
 */
function addToken(
  text: string,
  position: number,
  limit: number,
  characterClass: number,
  tokens: Token[],
): number {
  const add = (token: TokenKind, end: number): number => {
    tokens.push({ kind: token, start: position, end, isOpen: false });
    return end;
  };
  const first = text[position] as string;
  if (
    (characterClass & digit) !== 0 ||
    (first === '.' && (characterClassAt(text, position + 1) & digit) !== 0)
  ) {
    const end = findMatchEnd(numberPattern, text, position);
    if (end > 0 && end <= limit) return add('number', end);
  }
  if ((characterClass & wordCharacter) !== 0) {
    const end = findWordEnd(text, position, limit, false);
    return add(classifyWord(text, position, end, tokens), end);
  }
  if (first === '@') {
    const nameStart = position + (text[position + 1] === '@' ? 2 : 1);
    const end = findWordEnd(text, Math.min(nameStart, limit), limit, true);
    if (end > position + 1 && !isHostSeparator(text, position, tokens)) return add('variable', end);
  } else if (longOperatorStarts.includes(first)) {
    const end = Math.min(limit, findMatchEnd(longOperatorPattern, text, position));
    if (end > 0) return add(text.slice(position, end) === '\\N' ? 'keyword' : 'operator', end);
  }
  return add('operator', position + 1);
}

/** Returns the end of a match that begins at `position`, or 0 if there is none. */
function findMatchEnd(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

function findWordEnd(text: string, start: number, limit: number, allowDots: boolean): number {
  let end = start;
  while (
    end < limit &&
    ((characterClassAt(text, end) & wordCharacter) !== 0 || (allowDots && text[end] === '.'))
  ) {
    end++;
  }
  return end;
}

/** Whether the `@` at `position` separates a user from a host. */
export function isHostSeparator(text: string, position: number, tokens: readonly Token[]): boolean {
  const previous = tokens[tokens.length - 1];
  if (previous?.end !== position || text[position + 1] === '@') return false;
  return previous.kind === 'name' || previous.kind === 'quoted-name' || previous.kind === 'string';
}

function classifyWord(
  text: string,
  start: number,
  end: number,
  tokens: readonly Token[],
): TokenKind {
  const previous = tokens[tokens.length - 1];
  const isQualified =
    previous?.end === start && text[start - 1] === '.' && previous.kind === 'operator';
  if (isQualified || text[end] === '.') return 'name';
  const upper = text.slice(start, end).toUpperCase();
  const { reserved, nonReserved } = getKeywords();
  const isReserved = reserved.has(upper);
  const isKeyword = isReserved || nonReserved.has(upper);
  if (getBuiltInFunctions().has(upper) && isBeforeParenthesis(text, end, isKeyword))
    return 'function';
  if (isReserved) return 'keyword';
  if (!isKeyword) return 'name';
  return previous !== undefined && !alwaysKeywords.has(upper) && expectsName(text, previous)
    ? 'name'
    : 'keyword';
}

/**
 * Whether an opening parenthesis follows the word that ends at `end`. A keyword is a function name
 * only if the parenthesis is adjacent: `values(a)`, not `values (a)`.
 */
function isBeforeParenthesis(text: string, end: number, mustBeAdjacent: boolean): boolean {
  let next = end;
  while (!mustBeAdjacent && next < text.length && text.charCodeAt(next) <= 0x20) next++;
  return text[next] === '(';
}

function expectsName(text: string, token: Token): boolean {
  const source = text.slice(token.start, token.end);
  if (token.kind === 'operator') return operatorsBeforeNames.has(source);
  return token.kind === 'keyword' && keywordsBeforeNames.has(source.toUpperCase());
}
