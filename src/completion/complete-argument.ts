import { clientCharacterSets } from '../protocol/character-sets.js';
import { getBuiltInFunctions } from '../script/built-in-functions.js';
import { getKeywords } from '../script/keywords.js';
import { type CommandAtCursor, longCommands } from './command-at-cursor.js';
import type { CandidateGroup, Completion, KnownNames } from './completion.js';
import { findFileCandidates } from './file-candidates.js';
import { quoteName, quoteNameIfNeeded, unquoteName } from './quote-name.js';
import { rankCandidates } from './rank-candidates.js';

/** The text after a command. */
export interface Argument {
  /** The text up to the cursor. */
  typed: string;
  /** The position where the text begins. */
  start: number;
  /** The character after the cursor, or an empty string. */
  next: string;
}

/**
 * Returns the completion of an argument of a command; undefined if the cursor is in SQL after it.
 */
export function completeArgument(
  { completesWith, takesOnlyName }: CommandAtCursor,
  { typed, start: argumentStart, next }: Argument,
  names: KnownNames,
): Completion | undefined {
  const end = argumentStart + typed.length;
  const complete = (start: number, groups: CandidateGroup[], wanted: string): Completion => ({
    start,
    end,
    candidates: rankCandidates(groups, wanted),
  });
  const hasFirstWordEnded = /\s/.test(typed);
  const completeFirstWord = (...groups: CandidateGroup[]) =>
    hasFirstWordEnded ? complete(end, [], '') : complete(argumentStart, groups, typed);
  switch (completesWith) {
    case 'databases': {
      if (!typed.startsWith('`')) return completeFirstWord(...databaseCandidates(names, false));
      const completion = complete(
        argumentStart,
        databaseCandidates(names, true),
        unquoteName(typed),
      );
      return { ...completion, end: next === '`' ? end + 1 : end };
    }
    case 'character sets':
      return completeFirstWord({ kind: 'charset', texts: clientCharacterSets, rank: 0 });
    case 'saved queries':
      if (hasFirstWordEnded && takesOnlyName) return undefined;
      return completeFirstWord({ kind: 'query', texts: names.queries, rank: 0 });
    case 'tables':
      return completeFirstWord(
        { kind: 'table', texts: names.tables, rank: 0, format: quoteNameIfNeeded },
        { kind: 'view', texts: names.views ?? [], rank: 0, format: quoteNameIfNeeded },
      );
    case 'formats':
      return completeFirstWord({ kind: 'keyword', texts: names.formats ?? [], rank: 0 });
    case 'on or off':
      return completeFirstWord({ kind: 'keyword', texts: ['off', 'on'], rank: 0 });
    case 'on, off or auto':
      return completeFirstWord({ kind: 'keyword', texts: ['auto', 'off', 'on'], rank: 0 });
    case 'help topics':
      return completeFirstWord(
        { kind: 'command', texts: longCommands, rank: 0, match: 'prefix' },
        {
          kind: 'function',
          texts: getBuiltInFunctions(),
          rank: 1,
          match: 'prefix',
          format: toLowerCase,
        },
        {
          kind: 'keyword',
          texts: getKeywords().reserved,
          rank: 2,
          match: 'prefix',
          format: toLowerCase,
        },
      );
    // The rest of the line is the file name, including blanks.
    case 'files': {
      const { start, groups } = findFileCandidates(typed, (file) => file);
      return complete(argumentStart + start, groups, typed.slice(start));
    }
    // For a command of the system's shell, the last word may be a file name.
    case 'programs and files': {
      const word = /(?:\\.|[^\s\\'"|;&<>()=])*$/.exec(typed)?.[0] ?? '';
      const wordStart = typed.length - word.length;
      const path = word.replace(/\\(.)/g, '$1');
      const { start, groups } = findFileCandidates(path, escapeForShell);
      const fileNameStart = getEscapedLength(word, start);
      return complete(argumentStart + wordStart + fileNameStart, groups, path.slice(start));
    }
    default:
      return complete(end, [], '');
  }
}

function databaseCandidates(
  { databases, wikis }: KnownNames,
  inBackticks: boolean,
): CandidateGroup[] {
  const isWiki = new Set(wikis);
  const format = inBackticks ? quoteName : quoteNameIfNeeded;
  return [
    { kind: 'wiki', texts: wikis, rank: 0, format },
    { kind: 'database', texts: databases.filter((name) => !isWiki.has(name)), rank: 0, format },
  ];
}

const toLowerCase = (text: string) => text.toLowerCase();

function escapeForShell(name: string): string {
  return name.replace(/[^\w@%+=:,./~\u0080-\uffff-]/g, '\\$&');
}

/**
 * Returns the length in `word`, with its backslashes, of the first `length` characters of the path.
 */
function getEscapedLength(word: string, length: number): number {
  let position = 0;
  for (let i = 0; i < length; i++) position += word[position] === '\\' ? 2 : 1;
  return position;
}
