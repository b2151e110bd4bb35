import {
  combineSqlModes,
  defaultSqlMode,
  type SqlMode,
  sqlModeOfNames,
  sqlModeOfNumber,
} from '../protocol/sql-mode.js';
import { type SqlWord, sqlWords, unquotedWord } from './sql-words.js';

/**
 * Returns the session's mode after a text of SQL that began in `mode`, as far as the text tells:
 * `unknown` where it sets sql_mode to a value that only the server knows, such as a user variable, and
 * where a prepared statement names sql_mode.
 * SET STATEMENT and SET GLOBAL leave the session's mode as it is.
 */
export function sqlModeAfter(sql: Uint8Array, mode: SqlMode): SqlMode | 'unknown' {
  // Most statements are not SET, and some are of many megabytes.
  if (!/\bsql_mode\b/i.test(Buffer.from(sql).toString('latin1'))) return mode;
  let after: SqlMode | 'unknown' = mode;
  for (const statement of splitAt(';', [...sqlWords(sql, mode)])) {
    if (isWord(statement[0], 'execute') || isWord(statement[0], 'prepare')) {
      if (statement.some(({ text }) => /\bsql_mode\b/i.test(text))) return 'unknown';
    }
    if (!isWord(statement[0], 'set')) continue;
    for (const assignment of splitAt(',', statement.slice(1))) {
      const value = valueOfSqlMode(assignment);
      if (value === undefined) continue;
      after = modeOfValue(value, after);
      if (after === 'unknown') return after;
    }
  }
  return after;
}

function isWord(word: SqlWord | undefined, text: string): boolean {
  return word !== undefined && !word.quoted && word.text.toLowerCase() === text;
}

/** The parts of a list of words between separators that are in no parentheses. */
function splitAt(separator: string, words: readonly SqlWord[]): SqlWord[][] {
  const parts: SqlWord[][] = [[]];
  let depth = 0;
  for (const word of words) {
    if (isWord(word, '(')) depth++;
    if (isWord(word, ')')) depth--;
    if (depth === 0 && isWord(word, separator)) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

/** The words of the value, if an assignment is one to the session's sql_mode. */
function valueOfSqlMode(words: readonly SqlWord[]): SqlWord[] | undefined {
  const equals = words.findIndex((word) => isWord(word, '='));
  if (equals < 0) return undefined;
  const end = isWord(words[equals - 1], ':') ? equals - 1 : equals;
  const name = words.slice(0, end).map(({ text }) => text.replaceAll('`', '').toLowerCase());
  const isSqlMode = /^(?:(?:session|local)|@@(?:(?:session|local)\.)?)?sql_mode$/;
  return isSqlMode.test(name.join('')) ? words.slice(equals + 1) : undefined;
}

function modeOfValue(value: readonly SqlWord[], mode: SqlMode): SqlMode | 'unknown' {
  const [only, ...more] = value;
  if (only === undefined) return mode;
  if (more.length > 0) return modeOfConcat(value, mode);
  if (only.quoted) return sqlModeOfNames(unquotedWord(only.text, mode));
  if (/^\d+$/.test(only.text)) return sqlModeOfNumber(Number(only.text));
  return isWord(only, 'default') ? 'unknown' : sqlModeOfNames(only.text);
}

/** CONCAT(@@sql_mode, ',ANSI_QUOTES'), the usual way to add a mode. */
function modeOfConcat(value: readonly SqlWord[], mode: SqlMode): SqlMode | 'unknown' {
  const [name, open] = value;
  if (!isWord(name, 'concat') || !isWord(open, '(') || !isWord(value.at(-1), ')')) return 'unknown';
  let list = '';
  let keeps = false;
  for (const part of splitAt(',', value.slice(2, -1))) {
    const text = part.map((word) => word.text.toLowerCase()).join('');
    if (part.length === 1 && part[0]?.quoted) list += unquotedWord(part[0].text, mode);
    else if (/^@@(?:(?:session|local)\.)?sql_mode$/.test(text)) keeps = true;
    else return 'unknown';
  }
  return combineSqlModes(sqlModeOfNames(list), keeps ? mode : defaultSqlMode);
}
