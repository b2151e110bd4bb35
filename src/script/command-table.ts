import { byte } from './bytes.js';
import type { CommandName } from './item.js';
import { shellCommandAt } from './shell-command-table.js';

export interface CommandEntry {
  name: CommandName;
  /** Other than `name` in one case: `?` is help too. */
  word: string;
  letter: string;
  /** Whether words may follow it. What follows one that takes none is a statement. */
  takesArguments: boolean;
}

const entry = (name: CommandName, letter: string, takesArguments = false): CommandEntry => ({
  name,
  word: name,
  letter,
  takesArguments,
});

/** The one command with a name of that length: none is longer. */
export const delimiterEntry = entry('delimiter', 'd', true);
export const longestWord = delimiterEntry.word.length;

const charsetEntry = entry('charset', 'C', true);
const sandboxEntry = entry('sandbox', '-');

/** The commands whose letters count with --binary-mode: those in a dump or in mysqlbinlog's output. */
export const binaryModeEntries: ReadonlySet<CommandEntry> = new Set([charsetEntry, sandboxEntry]);

/** The commands of mariadb 10.11, as its `help` lists them. */
export const commandTable: readonly CommandEntry[] = [
  { ...entry('help', '?', true), word: '?' },
  charsetEntry,
  entry('clear', 'c'),
  entry('connect', 'r', true),
  delimiterEntry,
  entry('edit', 'e'),
  entry('ego', 'G'),
  entry('exit', 'q'),
  entry('go', 'g'),
  entry('help', 'h', true),
  entry('nopager', 'n'),
  entry('notee', 't'),
  entry('nowarning', 'w'),
  entry('pager', 'P', true),
  entry('print', 'p'),
  entry('prompt', 'R', true),
  entry('quit', 'q'),
  entry('rehash', '#'),
  sandboxEntry,
  entry('source', '.', true),
  entry('status', 's'),
  entry('system', '!', true),
  entry('tee', 'T', true),
  entry('use', 'u', true),
  entry('warnings', 'W'),
];

const byLetter = new Map(commandTable.map((command) => [command.letter.charCodeAt(0), command]));

/** The command behind a backslash, such as `g` of `\g`. Letters are told apart by case. */
export function commandByLetter(letter: number): CommandEntry | undefined {
  return byLetter.get(letter);
}

/** The command whose name is `text` from `start` to `end`, whatever its case. */
export function commandByWord(
  text: Uint8Array,
  start: number,
  end: number,
): CommandEntry | undefined {
  return commandTable.find(({ word }) => {
    if (word.length !== end - start) return false;
    for (let i = 0; i < word.length; i++) {
      if (lowerCase(text[start + i] ?? 0) !== word.charCodeAt(i)) return false;
    }
    return true;
  });
}

/** Whether words may follow the command that is written so: `use`, `\u`, `\watch`. */
export function takesArguments(command: string): boolean {
  const bytes = Buffer.from(command);
  if (bytes[0] !== byte.backslash)
    return commandByWord(bytes, 0, bytes.length)?.takesArguments === true;
  if (shellCommandAt(bytes, 1) !== undefined) return true;
  return commandByLetter(bytes[1] ?? 0)?.takesArguments === true;
}

/** ASCII letters alone: the client's words have no others. */
function lowerCase(value: number): number {
  return value >= 0x41 && value <= 0x5a ? value | 0x20 : value;
}
