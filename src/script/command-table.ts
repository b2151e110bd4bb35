import { byte, isBlank, matchesAt, skipBlanks } from './bytes.js';

/*
 * The table of all commands: those of the mariadb client and those of the interactive shell, with
 * their names, arguments, completion and help.
 */

/**
 * How the arguments of a command are parsed. Observed (mariadb 10.11):
 * - `word`, `two words`: one or two words; quotes and escapes are resolved
 * - `topic`: the rest of the line, without the spaces around it
 * - `text`: the text after the first space of the line
 * - `shell command`: the same, but spaces before the name of the command are ignored
 * - `file`: the same as `shell command`, without the spaces around it
 *
 * Only the shell's own commands use these:
 * - `words`: any number of words
 * - `table`: the name of a table, with its quotes
 * - `ending`: what ends a statement: `\G`, and a redirect
 * - `name and statement`: a word, and the text after it up to the delimiter
 */
export type ArgumentForm =
  | 'word'
  | 'two words'
  | 'topic'
  | 'text'
  | 'shell command'
  | 'file'
  | 'words'
  | 'table'
  | 'ending'
  | 'name and statement';

/** The kind of candidates that completion offers as arguments of a command. */
export type ArgumentCandidates =
  | 'databases'
  | 'character sets'
  | 'files'
  | 'programs and files'
  | 'help topics'
  | 'saved queries'
  | 'tables'
  | 'formats'
  | 'on or off'
  | 'on, off or auto';

/** The properties that every command has. */
interface CommandDefinition {
  /** The long name of a client command, or the word after the backslash of a shell command. */
  name: string;
  help: string;
  /** The arguments, as `help` shows them; undefined if the command takes none. */
  argument?: string;
  argumentForm?: ArgumentForm;
  completesWith?: ArgumentCandidates;
  /**
   * Whether --sandbox refuses the command. `refused with argument`: only with an argument, and only
   * in the shell, where it would start a program. Observed: the client refuses neither `pager` nor
   * `edit`.
   */
  sandbox?: 'refused' | 'refused with argument';
}

/** A command of the client. */
interface ClientCommandDefinition extends CommandDefinition {
  /** The character after the backslash in the short form; case-sensitive. */
  letter: string;
  /** The long form if it differs from the name: `?` also means `help`. */
  word?: string;
  /**
   * The form that is a command with --binary-mode; undefined if the command is plain text there.
   */
  binaryMode?: 'letter' | 'word';
  /** Set if ScriptReader runs the command itself, so that the session does not receive it. */
  runBy?: 'reader';
}

const helpCommand = {
  name: 'help',
  argument: '[TOPIC]',
  argumentForm: 'topic',
  completesWith: 'help topics',
  help: 'Show this list, or the help of the server on a topic.',
} as const satisfies CommandDefinition;

/** The commands of mariadb 10.11, in the order of its `help`. session/commands.ts runs them. */
const clientDefinitions = [
  { ...helpCommand, word: '?', letter: '?' },
  {
    name: 'charset',
    letter: 'C',
    argument: 'NAME',
    argumentForm: 'word',
    completesWith: 'character sets',
    binaryMode: 'letter',
    help: 'Set the character set of the client and the connection.',
  },
  { name: 'clear', letter: 'c', runBy: 'reader', help: 'Discard the pending statement.' },
  {
    name: 'connect',
    letter: 'r',
    argument: '[DATABASE [HOST]]',
    argumentForm: 'two words',
    completesWith: 'databases',
    help: 'Reconnect, to another database and host if given.',
  },
  {
    name: 'delimiter',
    letter: 'd',
    argument: 'TEXT',
    argumentForm: 'word',
    binaryMode: 'word',
    runBy: 'reader',
    help: 'Set the text that ends a statement.',
  },
  { name: 'edit', letter: 'e', help: 'Edit the pending statement with $EDITOR.' },
  {
    name: 'ego',
    letter: 'G',
    runBy: 'reader',
    help: 'Run the statement and show its result vertically.',
  },
  { name: 'exit', letter: 'q', help: 'Same as quit.' },
  { name: 'go', letter: 'g', runBy: 'reader', help: 'Run the statement.' },
  { ...helpCommand, letter: 'h' },
  { name: 'nopager', letter: 'n', help: 'Stop using the pager.' },
  { name: 'notee', letter: 't', help: 'Stop copying the output to a file.' },
  { name: 'nowarning', letter: 'w', help: 'Do not show warnings.' },
  {
    name: 'pager',
    letter: 'P',
    argument: '[COMMAND]',
    argumentForm: 'file',
    completesWith: 'programs and files',
    sandbox: 'refused with argument',
    help: 'Show results in a pager.',
  },
  { name: 'print', letter: 'p', help: 'Show the pending statement.' },
  {
    name: 'prompt',
    letter: 'R',
    argument: '[TEXT]',
    argumentForm: 'text',
    help: 'Set the prompt.',
  },
  { name: 'quit', letter: 'q', help: 'Leave the program.' },
  { name: 'rehash', letter: '#', help: 'Reload the names for completion.' },
  {
    name: 'sandbox',
    letter: '-',
    binaryMode: 'letter',
    help: 'Disable source, system and tee for this session.',
  },
  {
    name: 'source',
    letter: '.',
    argument: 'FILE',
    argumentForm: 'file',
    completesWith: 'files',
    sandbox: 'refused',
    help: 'Run the statements of a file.',
  },
  {
    name: 'status',
    letter: 's',
    help: 'Show information about the connection and the server.',
  },
  {
    name: 'system',
    letter: '!',
    argument: 'COMMAND',
    argumentForm: 'shell command',
    completesWith: 'programs and files',
    sandbox: 'refused',
    help: 'Run a shell command.',
  },
  {
    name: 'tee',
    letter: 'T',
    argument: '[FILE]',
    argumentForm: 'file',
    completesWith: 'files',
    sandbox: 'refused',
    help: 'Append a copy of the output to a file.',
  },
  {
    name: 'use',
    letter: 'u',
    argument: 'DATABASE',
    argumentForm: 'word',
    completesWith: 'databases',
    help: 'Change the database.',
  },
  { name: 'warnings', letter: 'W', help: 'Show warnings after each statement.' },
] as const satisfies readonly ClientCommandDefinition[];

/**
 * The commands that only the interactive shell has, typed after a backslash. shell/commands.ts runs
 * them.
 */
const shellDefinitions = [
  {
    name: 'again',
    argument: '[\\G] [$> FILE]',
    argumentForm: 'ending',
    help: 'Show or write the last result again.',
  },
  {
    name: 'd',
    argument: 'TABLE',
    argumentForm: 'table',
    completesWith: 'tables',
    help: 'Show the columns, keys and indexes of a table.',
  },
  {
    name: 'dt',
    argument: '[PATTERN]',
    argumentForm: 'words',
    completesWith: 'tables',
    help: 'List the tables, with their kind, engine and estimated rows.',
  },
  {
    name: 'f',
    argument: '[NAME ARG…]',
    argumentForm: 'words',
    completesWith: 'saved queries',
    help: 'Run a saved query; without a name, list them.',
  },
  {
    name: 'fd',
    argument: 'NAME',
    argumentForm: 'words',
    completesWith: 'saved queries',
    sandbox: 'refused',
    help: 'Delete a saved query.',
  },
  {
    name: 'format',
    argument: '[NAME]',
    argumentForm: 'words',
    completesWith: 'formats',
    help: 'Set the format of all results; without a name, the initial one.',
  },
  {
    name: 'fs',
    argument: 'NAME [QUERY]',
    argumentForm: 'name and statement',
    completesWith: 'saved queries',
    sandbox: 'refused',
    help: 'Save a query, up to the delimiter; by default the last statement.',
  },
  {
    name: 'l',
    argument: '[PATTERN]',
    argumentForm: 'words',
    completesWith: 'databases',
    help: 'List the databases of this section.',
  },
  {
    name: 'timing',
    argument: '[on|off]',
    argumentForm: 'words',
    completesWith: 'on or off',
    help: 'Turn the execution time after each statement on or off.',
  },
  {
    name: 'watch',
    argument: '[SECONDS]',
    argumentForm: 'words',
    help: 'Run the statement repeatedly.',
  },
  {
    name: 'x',
    argument: '[on|off|auto]',
    argumentForm: 'words',
    completesWith: 'on, off or auto',
    help: 'Show results vertically, or not, or if they are wide.',
  },
] as const satisfies readonly CommandDefinition[];

/** The name of a client command. */
export type CommandName = (typeof clientDefinitions)[number]['name'];

/** The name of a client command that ScriptReader passes on to the session. */
export type SessionCommand = Exclude<
  CommandName,
  Extract<(typeof clientDefinitions)[number], { runBy: 'reader' }>['name']
>;

/** The name of a shell command: the word after the backslash. */
export type ShellCommandName = (typeof shellDefinitions)[number]['name'];

/** A client command, with its long form. */
export type CommandEntry = ClientCommandDefinition & { name: CommandName; word: string };

/** A command that only the interactive shell has. */
export type ShellCommandEntry = CommandDefinition & { name: ShellCommandName };

/** The client commands in the order of the client's `help`, which lists `help` twice. */
export const clientCommands: readonly CommandEntry[] = clientDefinitions.map((row) => ({
  word: row.name,
  ...row,
}));

/** The shell commands. */
export const shellCommands: readonly ShellCommandEntry[] = shellDefinitions;

const commandsByLetter = new Map(
  clientCommands.map((command) => [command.letter.charCodeAt(0), command]),
);

/** The length of the longest long form, in bytes. */
export const longestCommandLength = Math.max(...clientCommands.map(({ word }) => word.length));

/** Returns the definition of a command. Throws a TypeError if there is no such command. */
export function findCommand(name: CommandName | ShellCommandName): CommandDefinition {
  const found = [...clientCommands, ...shellCommands].find((command) => command.name === name);
  if (found === undefined) throw new TypeError(`no command ${name}`);
  return found;
}

/** Returns the command whose short form has this letter (case-sensitive), such as `g` in `\g`. */
export function findCommandByLetter(letter: number): CommandEntry | undefined {
  return commandsByLetter.get(letter);
}

/** Returns the command whose long form is the text from `start` to `end`, ignoring case. */
export function findCommandByWord(
  text: Uint8Array,
  start: number,
  end: number,
): CommandEntry | undefined {
  return clientCommands.find(({ word }) => {
    if (word.length !== end - start) return false;
    for (let i = 0; i < word.length; i++) {
      if (toLowerCase(text[start + i] ?? 0) !== word.charCodeAt(i)) return false;
    }
    return true;
  });
}

/** The letters that users of other shells type as the beginning of a longer word, such as `\dt`. */
const lettersOfOtherShells = new Set(Buffer.from('cdehtw'));

/**
 * Returns the word at `position`, the position after the backslash, if the interactive shell reads
 * all of it as the name of a command: `\clip` is not `\c` and text. For other letters it returns
 * undefined, so that `\uenwiki` and `\gselect` stay what they are in the client. Call this if no
 * shell command is there.
 */
export function findForeignCommandAt(line: Uint8Array, position: number): Uint8Array | undefined {
  if (!lettersOfOtherShells.has(line[position] ?? 0)) return undefined;
  return isLetter(line[position + 1]) ? getWordAt(line, position) : undefined;
}

/** Returns the word at `position`; empty if there is none. */
export function getWordAt(line: Uint8Array, position: number): Uint8Array {
  let end = position;
  while (isWordByte(line[end])) end++;
  return line.subarray(position, end);
}

const encodedShellCommands = shellCommands.map((entry) => ({
  entry,
  word: Buffer.from(entry.name),
}));

/**
 * Returns the shell command whose whole word is at `position`, the position after the backslash.
 * `\d` is one if the name of a table follows; else it is the client's: `\d //` sets the delimiter.
 */
export function findShellCommandAt(
  line: Uint8Array,
  position: number,
  delimiter: Uint8Array,
): ShellCommandEntry | undefined {
  const entry = encodedShellCommands.find(
    ({ word }) => matchesAt(line, position, word) && !isWordByte(line[position + word.length]),
  )?.entry;
  const isName = entry?.name !== 'd' || isTableNameAt(line, position + 1, delimiter);
  return isName ? entry : undefined;
}

/** Whether a blank and the name of a table follow, also in backticks or with that of its database. */
function isTableNameAt(line: Uint8Array, position: number, delimiter: Uint8Array): boolean {
  const start = skipBlanks(line, position);
  if (start === position) return false;
  let hasWord = false;
  for (let end = start; end < line.length; end++) {
    const current = line[end];
    if (isBlank(current) || matchesAt(line, end, delimiter)) break;
    if (isWordByte(current) || current === byte.backtick) hasWord = true;
    else if (current !== byte.dot) return false;
  }
  return hasWord;
}

/** Whether a command, as typed (`use`, `\u`, `\watch`), takes arguments. */
export function takesArguments(command: string): boolean {
  const bytes = Buffer.from(command);
  if (bytes[0] !== byte.backslash) {
    return findCommandByWord(bytes, 0, bytes.length)?.argumentForm !== undefined;
  }
  const entry = findShellCommandAt(bytes, 1, bytes) ?? findCommandByLetter(bytes[1] ?? 0);
  return entry?.argumentForm !== undefined;
}

/** Converts only ASCII letters, because the names of commands contain no others. */
function toLowerCase(value: number): number {
  return value >= 0x41 && value <= 0x5a ? value | 0x20 : value;
}

/** Whether a byte is an ASCII letter. */
export function isLetter(value: number | undefined): boolean {
  const lower = (value ?? 0) | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Whether a byte is an ASCII letter, a digit, `_`, or part of a character outside ASCII. */
function isWordByte(value: number | undefined): boolean {
  if (value === undefined) return false;
  const isDigit = value >= 0x30 && value <= 0x39;
  return isDigit || isLetter(value) || value === 0x5f || value >= 0x80;
}
