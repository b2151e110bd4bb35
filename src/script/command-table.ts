import { byte, standsAt } from './bytes.js';

/**
 * How the words after a command are read, as observed of mariadb 10.11:
 * - `word`, `two words`: quotes and escapes are resolved
 * - `topic`: the rest of the line, without spaces around it
 * - `text`: all that follows the first space of the line
 * - `shell command`: the same, but spaces before the command do not count
 * - `file`: the rest of the line, without spaces around it, spaces before the command not counted
 * - `words`: of the shell's own commands, any number of them
 * - `name and statement`: of the shell's own commands, a word and all up to the delimiter
 */
export type ArgumentForm =
  | 'word'
  | 'two words'
  | 'topic'
  | 'text'
  | 'shell command'
  | 'file'
  | 'words'
  | 'name and statement';

/** What completion offers after a command. */
export type ArgumentContent =
  | 'databases'
  | 'character sets'
  | 'files'
  | 'programs and files'
  | 'help topics'
  | 'saved queries'
  | 'on or off';

/** What every command has. */
interface CommandFacts {
  /** Its long name; of the shell's own commands what follows the backslash. */
  name: string;
  help: string;
  /** The words that may follow, as `help` shows them; undefined: none may. */
  argument?: string;
  reads?: ArgumentForm;
  completes?: ArgumentContent;
  /**
   * Whether --sandbox refuses it; `with argument`: only with one, and only in the shell, where it
   * would start a program. Observed: the client refuses neither `pager` nor `edit`.
   */
  sandbox?: 'refused' | 'refused with argument';
}

/** A command of the client. */
interface ClientCommandFacts extends CommandFacts {
  /** What follows the backslash in its short form; case counts. */
  letter: string;
  /** Its long form where that is not the name: `?` is help too. */
  word?: string;
  /** With --binary-mode the other commands are text: which form counts there. */
  binaryMode?: 'letter' | 'word';
  /** The script's reader carries it out, so that it does not reach the session. */
  runBy?: 'reader';
}

const helpCommand = {
  name: 'help',
  argument: '[TOPIC]',
  reads: 'topic',
  completes: 'help topics',
  help: 'Show this list; with a word, what the server says of it.',
} as const satisfies CommandFacts;

/** The commands of mariadb 10.11, as its `help` lists them; what runs them is in session/commands.ts. */
const clientRows = [
  { ...helpCommand, word: '?', letter: '?' },
  {
    name: 'charset',
    letter: 'C',
    argument: 'NAME',
    reads: 'word',
    completes: 'character sets',
    binaryMode: 'letter',
    help: 'Use another character set, on the connection too.',
  },
  { name: 'clear', letter: 'c', runBy: 'reader', help: 'Forget the statement so far.' },
  {
    name: 'connect',
    letter: 'r',
    argument: '[DATABASE [HOST]]',
    reads: 'two words',
    completes: 'databases',
    help: 'Connect again; a database and a host may follow.',
  },
  {
    name: 'delimiter',
    letter: 'd',
    argument: 'TEXT',
    reads: 'word',
    binaryMode: 'word',
    runBy: 'reader',
    help: 'Change what ends a statement.',
  },
  { name: 'edit', letter: 'e', help: 'Put the statement so far through $EDITOR.' },
  {
    name: 'ego',
    letter: 'G',
    runBy: 'reader',
    help: 'Run the statement, show its result vertically.',
  },
  { name: 'exit', letter: 'q', help: 'End; as quit.' },
  { name: 'go', letter: 'g', runBy: 'reader', help: 'Run the statement.' },
  { ...helpCommand, letter: 'h' },
  { name: 'nopager', letter: 'n', help: 'Results go to standard output.' },
  { name: 'notee', letter: 't', help: 'No copy of the output any more.' },
  { name: 'nowarning', letter: 'w', help: 'Do not show warnings.' },
  {
    name: 'pager',
    letter: 'P',
    argument: '[COMMAND]',
    reads: 'file',
    completes: 'programs and files',
    sandbox: 'refused with argument',
    help: 'Show results through a program.',
  },
  { name: 'print', letter: 'p', help: 'Show the statement so far.' },
  {
    name: 'prompt',
    letter: 'R',
    argument: '[TEXT]',
    reads: 'text',
    help: 'Change the prompt.',
  },
  { name: 'quit', letter: 'q', help: 'End.' },
  { name: 'rehash', letter: '#', help: 'Read the names for completion again.' },
  {
    name: 'sandbox',
    letter: '-',
    binaryMode: 'letter',
    help: 'Refuse source, system and tee from here on.',
  },
  {
    name: 'source',
    letter: '.',
    argument: 'FILE',
    reads: 'file',
    completes: 'files',
    sandbox: 'refused',
    help: 'Run the statements of a file.',
  },
  {
    name: 'status',
    letter: 's',
    help: 'Show what is known of the connection and the server.',
  },
  {
    name: 'system',
    letter: '!',
    argument: 'COMMAND',
    reads: 'shell command',
    completes: 'programs and files',
    sandbox: 'refused',
    help: 'Run a shell command.',
  },
  {
    name: 'tee',
    letter: 'T',
    argument: '[FILE]',
    reads: 'file',
    completes: 'files',
    sandbox: 'refused',
    help: 'Append a copy of the output to a file.',
  },
  {
    name: 'use',
    letter: 'u',
    argument: 'DATABASE',
    reads: 'word',
    completes: 'databases',
    help: 'Change the database.',
  },
  { name: 'warnings', letter: 'W', help: 'Show the warnings of each statement.' },
] as const satisfies readonly ClientCommandFacts[];

/**
 * The commands that only a shell has, all after a backslash; what runs them is in shell/commands.ts.
 */
const shellRows = [
  {
    name: 'f',
    argument: '[NAME ARG…]',
    reads: 'words',
    completes: 'saved queries',
    help: 'Run a saved query; without a name, list them.',
  },
  {
    name: 'fd',
    argument: 'NAME',
    reads: 'words',
    completes: 'saved queries',
    sandbox: 'refused',
    help: 'Delete a saved query.',
  },
  {
    name: 'fs',
    argument: 'NAME QUERY',
    reads: 'name and statement',
    completes: 'saved queries',
    sandbox: 'refused',
    help: 'Save a query, up to the delimiter.',
  },
  {
    name: 'timing',
    argument: '[on|off]',
    reads: 'words',
    completes: 'on or off',
    help: 'Show how long each statement took, or not.',
  },
  {
    name: 'watch',
    argument: '[SECONDS]',
    reads: 'words',
    help: 'Run the statement again and again.',
  },
] as const satisfies readonly CommandFacts[];

/** The client's commands, by their long names; `?` is another name of `help`. */
export type CommandName = (typeof clientRows)[number]['name'];

/** The commands that come out of the script's reader, for the session to carry out. */
export type SessionCommand = Exclude<
  CommandName,
  Extract<(typeof clientRows)[number], { runBy: 'reader' }>['name']
>;

/** The commands that only a shell has, by their words after the backslash. */
export type ShellCommandName = (typeof shellRows)[number]['name'];

/** A command of the client, with its long form. */
export type CommandEntry = ClientCommandFacts & { name: CommandName; word: string };

/** A command that only a shell has. */
export type ShellCommandEntry = CommandFacts & { name: ShellCommandName };

/** The client's commands in the order of its `help`, which has `help` twice. */
export const clientCommands: readonly CommandEntry[] = clientRows.map((row) => ({
  word: row.name,
  ...row,
}));

/** The shell's own commands. */
export const shellCommands: readonly ShellCommandEntry[] = shellRows;

const byLetter = new Map(clientCommands.map((command) => [command.letter.charCodeAt(0), command]));

/** The length of the longest long form. */
export const longestWord = Math.max(...clientCommands.map(({ word }) => word.length));

/** Returns the facts of a command. */
export function commandFacts(name: CommandName | ShellCommandName): CommandFacts {
  const found = [...clientCommands, ...shellCommands].find((command) => command.name === name);
  if (found === undefined) throw new TypeError(`no command ${name}`);
  return found;
}

/** Returns the command of a letter after a backslash, such as `g` of `\g`. Case counts. */
export function commandByLetter(letter: number): CommandEntry | undefined {
  return byLetter.get(letter);
}

/** Returns the command whose long form is `text` from `start` to `end`, in any case. */
export function commandByWord(
  text: Uint8Array,
  start: number,
  end: number,
): CommandEntry | undefined {
  return clientCommands.find(({ word }) => {
    if (word.length !== end - start) return false;
    for (let i = 0; i < word.length; i++) {
      if (lowerCase(text[start + i] ?? 0) !== word.charCodeAt(i)) return false;
    }
    return true;
  });
}

const shellWords = shellCommands.map((entry) => ({ entry, word: Buffer.from(entry.name) }));

/**
 * Returns the shell's own command whose whole word stands at `position`, after the backslash:
 * `\timing` is not the client's `\t`, but `\timings` is.
 */
export function shellCommandAt(line: Uint8Array, position: number): ShellCommandEntry | undefined {
  return shellWords.find(
    ({ word }) => standsAt(line, position, word) && !isWordByte(line[position + word.length]),
  )?.entry;
}

/** Whether words may follow the command that is written so: `use`, `\u`, `\watch`. */
export function takesArguments(command: string): boolean {
  const bytes = Buffer.from(command);
  if (bytes[0] !== byte.backslash) {
    return commandByWord(bytes, 0, bytes.length)?.reads !== undefined;
  }
  const entry = shellCommandAt(bytes, 1) ?? commandByLetter(bytes[1] ?? 0);
  return entry?.reads !== undefined;
}

/** ASCII letters alone: the client's words have no others. */
function lowerCase(value: number): number {
  return value >= 0x41 && value <= 0x5a ? value | 0x20 : value;
}

/** Letters, digits, `_`, and all bytes of letters outside ASCII. */
function isWordByte(value: number | undefined): boolean {
  if (value === undefined) return false;
  const isDigit = value >= 0x30 && value <= 0x39;
  const lower = value | 0x20;
  return isDigit || (lower >= 0x61 && lower <= 0x7a) || value === 0x5f || value >= 0x80;
}
