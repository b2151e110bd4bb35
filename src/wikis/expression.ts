import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.js';
import { dblistsFolder, parseDblist, readDblistText } from './dblist.js';
import { shown } from './shown.js';

const LIST_NAME = /^[a-z0-9][a-z0-9_-]*$/i;
const SUFFIX = '.dblist';
const OPERATORS = ['+', '-', '&'];

/**
 * The databases that an expression over dblists names, as mediawiki-config's `.dbexpr` files
 * write it: `%% all.dblist + preinstall - closed`, where `%%` and `.dblist` are optional, `+`
 * (union), `-` (difference) and `&` (intersection) stand between blanks and are taken from left
 * to right, and `#` begins a comment. Sorted by code point, without repeats.
 * @throws Failure `bad-dbexpr` for what is no expression, `unknown-dblist` for a list that is not
 * there, `dbexpr-cycle` for expressions that need each other, and what reading a dblist throws
 */
export function evaluateExpression(expression: string, mwConfigPath: string): string[] {
  return sorted(evaluate(expression, 'the expression', { mwConfigPath, within: [] }));
}

/**
 * The databases of the list `name` (with or without `.dblist`): of its `.dblist` file, else of
 * its `.dbexpr` file. Sorted by code point, without repeats.
 * @throws Failure as evaluateExpression does
 */
export function readList(name: string, mwConfigPath: string): string[] {
  return sorted(read(bare(name), { mwConfigPath, within: [] }));
}

interface Place {
  mwConfigPath: string;
  /** The expressions that are being evaluated, outermost first. */
  within: string[];
}

function evaluate(expression: string, origin: string, place: Place): Set<string> {
  const [first, ...rest] = tokens(expression, origin);
  if (first === undefined) throw new Failure('bad-dbexpr', `${origin}: no list is named.`);
  let result = new Set(read(bare(first), place));
  for (let at = 0; at < rest.length; at += 2) {
    const operator = rest[at] ?? '';
    const operand = rest[at + 1];
    if (!OPERATORS.includes(operator)) {
      throw new Failure(
        'bad-dbexpr',
        `${origin}: '${shown(operator)}' stands where +, - or & is due.`,
      );
    }
    if (operand === undefined) {
      throw new Failure('bad-dbexpr', `${origin}: no list is named behind the last ${operator}.`);
    }
    result = combine(result, operator, read(bare(operand), place));
  }
  return result;
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

function combine(left: Set<string>, operator: string, right: Set<string>): Set<string> {
  if (operator === '+') return new Set([...left, ...right]);
  const kept = operator === '&';
  return new Set([...left].filter((name) => right.has(name) === kept));
}

function bare(name: string): string {
  const base = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name;
  if (!LIST_NAME.test(base)) {
    throw new Failure('bad-dbexpr', `'${shown(name)}' is not the name of a dblist.`);
  }
  return base;
}

function read(name: string, place: Place): Set<string> {
  const folder = dblistsFolder(place.mwConfigPath);
  const list = join(folder, `${name}${SUFFIX}`);
  if (existsSync(list)) return new Set(parseDblist(readDblistText(list), list));
  const expression = join(folder, `${name}.dbexpr`);
  if (!existsSync(expression)) {
    throw new Failure(
      'unknown-dblist',
      `No list '${name}': ${shown(folder)} has neither ${name}.dblist nor ${name}.dbexpr.`,
    );
  }
  if (place.within.includes(name)) {
    const circle = [...place.within.slice(place.within.indexOf(name)), name].join(' → ');
    throw new Failure(
      'dbexpr-cycle',
      `Expressions in ${shown(folder)} need each other: ${circle}.`,
    );
  }
  return evaluate(readDblistText(expression), shown(expression), {
    ...place,
    within: [...place.within, name],
  });
}

function sorted(names: Set<string>): string[] {
  return [...names].sort();
}
