import { clientCharacterSets } from '../protocol/character-sets.js';
import { functions } from '../script/functions.js';
import { keywords } from '../script/keywords.js';
import { type CommandLine, longCommands } from './command-line.js';
import type { Completion, Names, Offer } from './completion.js';
import { offerFiles } from './files.js';
import { quoted, quoteIfNeeded, unquoted } from './names.js';
import { rankCandidates } from './rank.js';

/** What stands behind a command. */
export interface Argument {
  /** The text up to the cursor. */
  typed: string;
  /** Where it begins. */
  start: number;
  /** The character behind the cursor, if there is one. */
  next: string;
}

/** Completes an argument of a command; undefined where SQL follows. */
export function completeArgument(
  { completes, takesName }: CommandLine,
  { typed, start: behind, next }: Argument,
  names: Names,
): Completion | undefined {
  const end = behind + typed.length;
  const complete = (start: number, offers: Offer[], wanted: string): Completion => ({
    start,
    end,
    candidates: rankCandidates(offers, wanted),
  });
  const isOver = /\s/.test(typed);
  const first = (...offers: Offer[]) =>
    isOver ? complete(end, [], '') : complete(behind, offers, typed);
  switch (completes) {
    case 'databases': {
      if (!typed.startsWith('`')) return first(...databases(names, false));
      const found = complete(behind, databases(names, true), unquoted(typed));
      return { ...found, end: next === '`' ? end + 1 : end };
    }
    case 'character sets':
      return first({ kind: 'charset', texts: clientCharacterSets, rank: 0 });
    case 'saved queries':
      if (isOver && takesName) return undefined;
      return first({ kind: 'query', texts: names.queries, rank: 0 });
    case 'on or off':
      return first({ kind: 'keyword', texts: ['off', 'on'], rank: 0 });
    case 'help topics':
      return first(
        { kind: 'command', texts: longCommands, rank: 0, only: 'prefix' },
        { kind: 'function', texts: functions(), rank: 1, only: 'prefix', form: lowerCase },
        { kind: 'keyword', texts: keywords().reserved, rank: 2, only: 'prefix', form: lowerCase },
      );
    // The rest of the line is the name, blanks and all.
    case 'files': {
      const { start, offers } = offerFiles(typed, (file) => file);
      return complete(behind + start, offers, typed.slice(start));
    }
    // A shell's command: its last word may be a file.
    case 'programs and files': {
      const word = /(?:\\.|[^\s\\'"|;&<>()=])*$/.exec(typed)?.[0] ?? '';
      const wordAt = typed.length - word.length;
      const path = word.replace(/\\(.)/g, '$1');
      const { start, offers } = offerFiles(path, escapeForShell);
      const from = escapedLength(word, start);
      return complete(behind + wordAt + from, offers, path.slice(start));
    }
    default:
      return complete(end, [], '');
  }
}

function databases({ databases: here, wikis }: Names, tick: boolean): Offer[] {
  const isWiki = new Set(wikis);
  const form = tick ? quoted : quoteIfNeeded;
  return [
    { kind: 'wiki', texts: wikis, rank: 0, form },
    { kind: 'database', texts: here.filter((name) => !isWiki.has(name)), rank: 0, form },
  ];
}

const lowerCase = (text: string) => text.toLowerCase();

function escapeForShell(name: string): string {
  return name.replace(/[^\w@%+=:,./~\u0080-\uffff-]/g, '\\$&');
}

/** How much of `word` stands for the first `length` characters of its path. */
function escapedLength(word: string, length: number): number {
  let at = 0;
  for (let i = 0; i < length; i++) at += word[at] === '\\' ? 2 : 1;
  return at;
}
