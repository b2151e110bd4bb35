import { byte, findBytes, skipBlanks, truncateAtNul } from './bytes.js';
import {
  type CommandEntry,
  clientCommands,
  findCommandByWord,
  longestCommandLength,
} from './command-table.js';
import { hasArgument } from './parse-arguments.js';

const goSequence = Uint8Array.from([byte.backslash, 'g'.charCodeAt(0)]);

/** A client command in its long form, such as `use enwiki`. */
export interface NamedCommand {
  entry: CommandEntry;
  /** The text that contains the command and its arguments. */
  text: Uint8Array;
  /** The position in `text` where the name of the command ends. */
  argumentsStart: number;
}

/**
 * Returns the command whose long name begins `text`, or undefined if the text is not a command. It
 * is not one if it contains `\g`, or the delimiter (except after the command `delimiter`), if an
 * argument follows a command that takes none, or if a quote is unclosed. With --binary-mode the
 * only command is `delimiter`, and any word that begins with `delimiter` is treated as that
 * command.
 */
export function parseNamedCommand(
  text: Uint8Array,
  delimiter: Uint8Array,
  binaryMode: boolean,
): NamedCommand | undefined {
  const start = skipBlanks(text, 0);
  if (binaryMode) return parseBinaryModeCommand(text, start);

  const nameEnd = findWordEnd(text, start, start + longestCommandLength + 1);
  const entry = findCommandByWord(text, start, nameEnd);
  if (entry === undefined || findBytes(text, goSequence, start) >= 0) return undefined;
  if (entry.name !== 'delimiter' && findBytes(text, delimiter, start) >= 0) return undefined;
  if (skipBlanks(text, nameEnd) < text.length) {
    if (entry.argumentForm === undefined || !hasArgument(text, nameEnd)) return undefined;
  }
  return { entry, text, argumentsStart: nameEnd };
}

const binaryModeCommand = clientCommands.find(({ binaryMode }) => binaryMode === 'word');

function parseBinaryModeCommand(text: Uint8Array, start: number): NamedCommand | undefined {
  if (binaryModeCommand === undefined || !beginsWithDelimiterWord(text, start)) return undefined;
  const significant = truncateAtNul(text);
  return {
    entry: binaryModeCommand,
    text: significant,
    argumentsStart: findWordEnd(significant, start, significant.length),
  };
}

/**
 * Returns the position where the word at `start` ends, at most `limit`. Only spaces and tabs end a
 * word; vertical tabs and newlines do not.
 */
function findWordEnd(text: Uint8Array, start: number, limit: number): number {
  const end = Math.min(limit, text.length);
  let position = start;
  while (position < end && text[position] !== byte.space && text[position] !== byte.tab) position++;
  return position;
}

const delimiterWord = Buffer.from('delimiter');

/**
 * Whether `text` has `delimiter` at `start`, in any case, even as the beginning of a longer word.
 */
export function beginsWithDelimiterWord(text: Uint8Array, start = 0): boolean {
  for (let i = 0; i < delimiterWord.length; i++) {
    if (((text[start + i] ?? 0) | 0x20) !== delimiterWord[i]) return false;
  }
  return true;
}
