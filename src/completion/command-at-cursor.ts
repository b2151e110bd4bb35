import { type ArgumentCandidates, clientCommands, shellCommands } from '../script/command-table.js';
import type { Token } from '../script/token.js';

/** The command in whose arguments the cursor is. */
export interface CommandAtCursor {
  /** The kind of its arguments; undefined if they cannot be completed. */
  completesWith: ArgumentCandidates | undefined;
  /** Whether its only argument is a name, which SQL follows. */
  takesOnlyName: boolean;
  /** The position where its arguments begin. */
  argumentsStart: number;
}

/** Returns the command in whose arguments the cursor is; undefined if the cursor is in SQL. */
export function findCommandAtCursor(
  text: string,
  tokens: readonly Token[],
  cursor: number,
): CommandAtCursor | undefined {
  const token = tokens.findLast(
    ({ kind, start }) =>
      start < cursor && (kind === 'command' || kind === 'redirect' || kind === 'delimiter'),
  );
  if (token === undefined || token.kind === 'delimiter') return undefined;
  if (token.kind === 'command' && cursor <= token.end) return undefined;
  const line = text.slice(token.start, cursor);
  if (line.includes('\n')) return undefined;
  const match = token.kind === 'redirect' ? redirectPattern.exec(line) : commandPattern.exec(line);
  if (match === null) return undefined;
  const [prefix, word = ''] = match;
  const properties = findArgumentProperties(word);
  return properties === undefined
    ? undefined
    : { ...properties, argumentsStart: token.start + prefix.length };
}

const redirectPattern = /^\$([>|])>?\s*/;
const shellWords = shellCommands.map(({ name }) => name).join('|');
/** A space must follow a long name or a shell command, but not a letter after a backslash. */
const commandPattern = new RegExp(`^(\\\\(?:${shellWords})(?=\\s)|\\\\\\S|[^\\s\\\\]+(?=\\s))\\s*`);

/** Returns the properties of a command or redirect as typed; undefined if it takes no arguments. */
function findArgumentProperties(
  written: string,
): Omit<CommandAtCursor, 'argumentsStart'> | undefined {
  if (written === '>') return { completesWith: 'files', takesOnlyName: false };
  if (written === '|') return { completesWith: 'programs and files', takesOnlyName: false };
  const short = written.startsWith('\\') ? written.slice(1) : undefined;
  const word = written.toLowerCase();
  const found =
    shellCommands.find(({ name }) => name === short) ??
    clientCommands.find((command) => command.letter === short || command.word === word);
  if (found?.argumentForm === undefined) return undefined;
  return {
    completesWith: found.completesWith,
    takesOnlyName: found.argumentForm === 'name and statement',
  };
}

/** Whether the whole rest of the line belongs to a command, given as typed. */
export function takesRestOfLine(written: string): boolean {
  return findArgumentProperties(written)?.takesOnlyName === false;
}

/** The long names of the client commands. */
export const longCommands: readonly string[] = clientCommands.map(({ word }) => word);
/** The commands that begin with a backslash, sorted. */
export const shortCommands: readonly string[] = [
  ...new Set([
    ...clientCommands.map(({ letter }) => `\\${letter}`),
    ...shellCommands.map(({ name }) => `\\${name}`),
  ]),
].sort();
