import { type ArgumentContent, clientCommands, shellCommands } from '../script/command-table.js';
import type { Token } from '../script/token.js';

/** A command before the cursor, among whose arguments the cursor is. */
export interface CommandLine {
  /** What its arguments are; undefined: nothing that is completed. */
  completes: ArgumentContent | undefined;
  /** It takes a name only, and SQL follows. */
  takesName: boolean;
  /** Where its arguments begin. */
  argumentsStart: number;
}

/** The command that the cursor's line belongs to; undefined where SQL is written. */
export function commandAt(
  text: string,
  tokens: readonly Token[],
  cursor: number,
): CommandLine | undefined {
  const token = tokens.findLast(
    ({ kind, start }) =>
      start < cursor && (kind === 'command' || kind === 'redirect' || kind === 'delimiter'),
  );
  if (token === undefined || token.kind === 'delimiter') return undefined;
  if (token.kind === 'command' && cursor <= token.end) return undefined;
  const line = text.slice(token.start, cursor);
  if (line.includes('\n')) return undefined;
  const mark = token.kind === 'redirect' ? redirectMark.exec(line) : commandMark.exec(line);
  if (mark === null) return undefined;
  const [whole, word = ''] = mark;
  const facts = factsOf(word);
  return facts === undefined ? undefined : { ...facts, argumentsStart: token.start + whole.length };
}

const redirectMark = /^\$([>|])>?\s*/;
const shellWords = shellCommands.map(({ name }) => name).join('|');
/** A long name and a shell's command need a space after them, a letter does not. */
const commandMark = new RegExp(`^(\\\\(?:${shellWords})(?=\\s)|\\\\\\S|[^\\s\\\\]+(?=\\s))\\s*`);

/** What is known of a command or a redirect, by how it is written; undefined: no words follow it. */
function factsOf(written: string): Omit<CommandLine, 'argumentsStart'> | undefined {
  if (written === '>') return { completes: 'files', takesName: false };
  if (written === '|') return { completes: 'programs and files', takesName: false };
  const short = written.startsWith('\\') ? written.slice(1) : undefined;
  const word = written.toLowerCase();
  const found =
    shellCommands.find(({ name }) => name === short) ??
    clientCommands.find((command) => command.letter === short || command.word === word);
  if (found?.reads === undefined) return undefined;
  return { completes: found.completes, takesName: found.reads === 'name and statement' };
}

/** Whether all that follows a command, as it is written, is its argument. */
export function takesRestOfLine(written: string): boolean {
  return factsOf(written)?.takesName === false;
}

/** The commands by their long names, and after a backslash. */
export const longCommands: readonly string[] = clientCommands.map(({ word }) => word);
export const shortCommands: readonly string[] = [
  ...new Set([
    ...clientCommands.map(({ letter }) => `\\${letter}`),
    ...shellCommands.map(({ name }) => `\\${name}`),
  ]),
].sort();
