import { isArgument } from './arguments.js';
import { byte, find, skipBlanks, untilNul } from './bytes.js';
import { type CommandEntry, clientCommands, commandByWord, longestWord } from './command-table.js';

const goSequence = Uint8Array.from([byte.backslash, 'g'.charCodeAt(0)]);

export interface NamedCommand {
  entry: CommandEntry;
  /** The text from which the arguments are taken. */
  text: Uint8Array;
  /** Where in it the command's name ends. */
  argumentsStart: number;
}

/**
 * The command that `text` begins with, by its long name. There is none if the text holds the
 * delimiter or `\g` (but for the command `delimiter`), if words follow a command that takes none,
 * or if a quote is left open. With --binary-mode only `delimiter` counts, and any word that begins
 * so is taken for it, whatever follows.
 */
export function namedCommand(
  text: Uint8Array,
  delimiter: Uint8Array,
  binaryMode: boolean,
): NamedCommand | undefined {
  const start = skipBlanks(text, 0);
  if (binaryMode) return commandOfBinaryMode(text, start);

  const behind = wordEnd(text, start, start + longestWord + 1);
  const entry = commandByWord(text, start, behind);
  if (entry === undefined || find(text, goSequence, start) >= 0) return undefined;
  if (entry.name !== 'delimiter' && find(text, delimiter, start) >= 0) return undefined;
  if (skipBlanks(text, behind) < text.length) {
    if (entry.reads === undefined || !isArgument(text, behind)) return undefined;
  }
  return { entry, text, argumentsStart: behind };
}

const binaryModeCommand = clientCommands.find(({ binaryMode }) => binaryMode === 'word');

function commandOfBinaryMode(text: Uint8Array, start: number): NamedCommand | undefined {
  if (binaryModeCommand === undefined || !beginsWithDelimiterWord(text, start)) return undefined;
  const seen = untilNul(text);
  return {
    entry: binaryModeCommand,
    text: seen,
    argumentsStart: wordEnd(seen, start, seen.length),
  };
}

/** Where the word from `start` on ends, or `limit`. Vertical tabs and newlines end no word. */
function wordEnd(text: Uint8Array, start: number, limit: number): number {
  const end = Math.min(limit, text.length);
  let position = start;
  while (position < end && text[position] !== byte.space && text[position] !== byte.tab) position++;
  return position;
}

const delimiterWord = Buffer.from('delimiter');

/** Whether `text` has the word `delimiter` at `start`, in any case, whatever follows. */
export function beginsWithDelimiterWord(text: Uint8Array, start = 0): boolean {
  for (let i = 0; i < delimiterWord.length; i++) {
    if (((text[start + i] ?? 0) | 0x20) !== delimiterWord[i]) return false;
  }
  return true;
}
