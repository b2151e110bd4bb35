import { type CommandEntry, commandTable } from '../script/command-table.js';
import { shellCommandTable } from '../script/shell-command-table.js';
import type { Token } from '../script/token.js';

/** A command in front of the cursor, whose words the cursor is among. */
export interface CommandLine {
  /** The client's long name, a shell command's word (`fs`), or a redirect's mark: `>`, `|`. */
  name: string;
  /** Where the text begins that it takes. */
  behind: number;
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
  const name = nameOf(word);
  return name === undefined ? undefined : { name, behind: token.start + whole.length };
}

const redirectMark = /^\$([>|])>?\s*/;
const shellWords = shellCommandTable.map(({ name }) => name).join('|');
/** A long name and a shell's command need a blank behind them, a letter does not. */
const commandMark = new RegExp(`^(\\\\(?:${shellWords})(?=\\s)|\\\\\\S|[^\\s\\\\]+(?=\\s))\\s*`);

/** What commandAt calls a command by; undefined for those that take no words. */
function nameOf(written: string): string | undefined {
  if (written === '>' || written === '|') return written;
  const word = written.slice(1);
  if (written.startsWith('\\') && shellCommandTable.some(({ name }) => name === word)) return word;
  const entry = entryOf(written);
  return entry?.takesArguments ? entry.name : undefined;
}

function entryOf(written: string): CommandEntry | undefined {
  const letter = written.startsWith('\\') ? written.slice(1) : undefined;
  const word = written.toLowerCase();
  return commandTable.find((entry) => entry.letter === letter || entry.word === word);
}

/** Whether all that stands behind a command, as it is written, is its own. */
export function takesRestOfLine(written: string): boolean {
  const name = nameOf(written);
  return name !== undefined && name !== 'fs';
}

/** The commands by their long names, and behind a backslash. */
export const longCommands: readonly string[] = commandTable.map(({ word }) => word);
export const shortCommands: readonly string[] = [
  ...new Set([
    ...commandTable.map(({ letter }) => `\\${letter}`),
    ...shellCommandTable.map(({ name }) => `\\${name}`),
  ]),
].sort();
