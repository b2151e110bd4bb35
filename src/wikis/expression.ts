import type { Failure } from '../failure.js';
import { printable } from '../text/printable.js';

const OPERATORS = ['+', '-', '&'];

/**
 * Evaluates an expression in the format of mediawiki-config's `.dbexpr` files, such as `%%
 * all.dblist + preinstall - closed`, and returns its databases. `%%` is optional. The operators `+`
 * (union), `-` (difference) and `&` (intersection) need spaces around them and are evaluated from
 * left to right. `#` begins a comment.
 *
 * @param createError returns the error for an invalid expression, from its description
 * @param operand returns the databases of an operand: a list in a `.dbexpr`, other terms too in
 * --wikis
 * @throws the errors of `createError` and `operand`
 */
export function evaluateExpression(
  expression: string,
  createError: (description: string) => Failure,
  operand: (word: string) => ReadonlySet<string>,
): ReadonlySet<string> {
  const [first, ...rest] = tokenize(expression, createError);
  if (first === undefined) throw createError('the expression is empty.');
  let result = operand(first);
  for (let index = 0; index < rest.length; index += 2) {
    const operator = rest[index] ?? '';
    const right = rest[index + 1];
    if (!isOperator(operator)) {
      throw createError(`expected +, - or & but found '${printable(operator)}'.`);
    }
    if (right === undefined) {
      throw createError(`expected a list after the last '${operator}'.`);
    }
    result = combine(result, operator, operand(right));
  }
  return result;
}

/** Tells whether a word of an expression is `+`, `-` or `&`. */
export function isOperator(word: string): boolean {
  return OPERATORS.includes(word);
}

function tokenize(expression: string, createError: (description: string) => Failure): string[] {
  const lines = expression
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  if (lines.length > 1) {
    throw createError('expected an expression on one line but found more lines.');
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
  const keepsCommon = operator === '&';
  return new Set([...left].filter((name) => right.has(name) === keepsCommon));
}
