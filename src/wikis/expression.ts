import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';

const OPERATORS = ['+', '-', '&'];

/**
 * The databases that an expression names, as mediawiki-config's `.dbexpr` files write it:
 * `%% all.dblist + preinstall - closed`, where `%%` is optional, `+` (union), `-` (difference) and
 * `&` (intersection) stand between blanks and are taken from left to right, and `#` begins a
 * comment.
 *
 * @param origin what the expression is called in an error
 * @param operand gives the databases that an operand means: a list's in a `.dbexpr`, more in --wikis
 * @throws Failure `bad-dbexpr` for what is no expression, and what `operand` throws
 */
export function evaluateExpression(
  expression: string,
  origin: string,
  operand: (word: string) => ReadonlySet<string>,
): ReadonlySet<string> {
  const [first, ...rest] = tokens(expression, origin);
  if (first === undefined) throw new Failure('bad-dbexpr', `${origin}: no list is named.`);
  let result = operand(first);
  for (let at = 0; at < rest.length; at += 2) {
    const operator = rest[at] ?? '';
    const right = rest[at + 1];
    if (!isOperator(operator)) {
      throw new Failure(
        'bad-dbexpr',
        `${origin}: '${printable(operator)}' stands where +, - or & is due.`,
      );
    }
    if (right === undefined) {
      throw new Failure('bad-dbexpr', `${origin}: no list is named behind the last ${operator}.`);
    }
    result = combine(result, operator, operand(right));
  }
  return result;
}

/** Whether a word of an expression is `+`, `-` or `&`. */
export function isOperator(word: string): boolean {
  return OPERATORS.includes(word);
}

function tokens(expression: string, origin: string): string[] {
  const lines = expression
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  if (lines.length > 1) {
    throw new Failure('bad-dbexpr', `${origin}: more than one line holds an expression.`);
  }
  const text = (lines[0] ?? '').replace(/^%%/, '').trim();
  return text === '' ? [] : text.split(/\s+/);
}

function combine(
  left: ReadonlySet<string>,
  operator: string,
  right: ReadonlySet<string>,
): Set<string> {
  if (operator === '+') return new Set([...left, ...right]);
  const kept = operator === '&';
  return new Set([...left].filter((name) => right.has(name) === kept));
}
