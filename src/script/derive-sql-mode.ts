import {
  combineSqlModes,
  defaultSqlMode,
  type SqlMode,
  sqlModeFromNames,
  sqlModeFromNumber,
} from '../protocol/sql-mode.js';
import { type SqlWord, scanSqlWords, unquoteSqlWord } from './sql-words.js';

/**
 * Returns the SQL mode of the session after it runs `sql`, derived from the text alone; `mode` is
 * the mode before. Returns `unknown` if the text sets sql_mode to a value that only the server
 * knows, such as a user variable, or if a prepared statement mentions sql_mode. SET STATEMENT and
 * SET GLOBAL do not change the mode of the session.
 */
export function deriveSqlMode(sql: Uint8Array, mode: SqlMode): SqlMode | 'unknown' {
  // Avoids tokenizing: most statements do not mention sql_mode, and some have many megabytes.
  if (!/\bsql_mode\b/i.test(Buffer.from(sql).toString('latin1'))) return mode;
  let after: SqlMode | 'unknown' = mode;
  for (const statement of splitBy(';', [...scanSqlWords(sql, mode)])) {
    if (isWord(statement[0], 'execute') || isWord(statement[0], 'prepare')) {
      if (statement.some(({ text }) => /\bsql_mode\b/i.test(text))) return 'unknown';
    }
    if (!isWord(statement[0], 'set')) continue;
    for (const assignment of splitBy(',', statement.slice(1))) {
      const value = findSqlModeValue(assignment);
      if (value === undefined) continue;
      after = parseModeValue(value, after);
      if (after === 'unknown') return after;
    }
  }
  return after;
}

function isWord(word: SqlWord | undefined, text: string): boolean {
  return word !== undefined && !word.quoted && word.text.toLowerCase() === text;
}

/** Splits words at the separators outside parentheses. */
function splitBy(separator: string, words: readonly SqlWord[]): SqlWord[][] {
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

/** Returns the words of the value if the assignment sets the session's sql_mode, else undefined. */
function findSqlModeValue(words: readonly SqlWord[]): SqlWord[] | undefined {
  const equals = words.findIndex((word) => isWord(word, '='));
  if (equals < 0) return undefined;
  const end = isWord(words[equals - 1], ':') ? equals - 1 : equals;
  const name = words.slice(0, end).map(({ text }) => text.replaceAll('`', '').toLowerCase());
  const isSqlMode = /^(?:(?:session|local)|@@(?:(?:session|local)\.)?)?sql_mode$/;
  return isSqlMode.test(name.join('')) ? words.slice(equals + 1) : undefined;
}

function parseModeValue(value: readonly SqlWord[], mode: SqlMode): SqlMode | 'unknown' {
  const [only, ...more] = value;
  if (only === undefined) return mode;
  if (more.length > 0) return parseConcat(value, mode);
  if (only.quoted) return sqlModeFromNames(unquoteSqlWord(only.text, mode));
  if (/^\d+$/.test(only.text)) return sqlModeFromNumber(Number(only.text));
  return isWord(only, 'default') ? 'unknown' : sqlModeFromNames(only.text);
}

/** Evaluates CONCAT(@@sql_mode, ',ANSI_QUOTES'), the usual way to add a mode. */
function parseConcat(value: readonly SqlWord[], mode: SqlMode): SqlMode | 'unknown' {
  const [name, open] = value;
  if (!isWord(name, 'concat') || !isWord(open, '(') || !isWord(value.at(-1), ')')) return 'unknown';
  let list = '';
  let keepsMode = false;
  for (const part of splitBy(',', value.slice(2, -1))) {
    const text = part.map((word) => word.text.toLowerCase()).join('');
    if (part.length === 1 && part[0]?.quoted) list += unquoteSqlWord(part[0].text, mode);
    else if (/^@@(?:(?:session|local)\.)?sql_mode$/.test(text)) keepsMode = true;
    else return 'unknown';
  }
  return combineSqlModes(sqlModeFromNames(list), keepsMode ? mode : defaultSqlMode);
}
