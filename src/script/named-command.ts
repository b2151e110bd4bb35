import { isArgument } from './arguments.js';
import { byte, find, skipBlanks, untilNul } from './bytes.js';
import { type CommandEntry, commandByWord } from './command-table.js';

const goSequence = Uint8Array.from([byte.backslash, 'g'.charCodeAt(0)]);
const longestWord = 'delimiter'.length;

export interface NamedCommand {
  entry: CommandEntry;
  /** The text from which the arguments are taken. */
  text: Uint8Array;
  /** Where in it the command's name ends. */
  behind: number;
}

/**
 * The command that `text` begins with, by its long name. There is none if the text holds the
 * delimiter or `\g` (but for the command `delimiter`), if words follow a command that takes none,
 * or if a quote is left open. With --binary-mode only `delimiter` counts.
 */
export function namedCommand(
  text: Uint8Array,
  delimiter: Uint8Array,
  binaryMode: boolean,
): NamedCommand | undefined {
  const start = skipBlanks(text, 0);
  let behind = start;
  while (behind < text.length && behind - start <= longestWord && !endsWord(text[behind])) behind++;
  const entry = commandByWord(text, start, behind);
  if (entry === undefined || (binaryMode && entry.name !== 'delimiter')) return undefined;

  const seen = untilNul(text);
  if (!binaryMode && find(seen, goSequence, start) >= 0) return undefined;
  if (entry.name !== 'delimiter' && find(seen, delimiter, start) >= 0) return undefined;
  if (skipBlanks(seen, behind) < seen.length) {
    if (!entry.takesArguments || !isArgument(seen, behind)) return undefined;
  }
  return { entry, text: seen, behind };
}

/** Vertical tabs and newlines end no name. NUL ends all that the client sees. */
function endsWord(value: number | undefined): boolean {
  return value === byte.space || value === 0x09 || value === 0;
}

const delimiterWord = Buffer.from('delimiter');

/** Whether `text` begins with the word `delimiter`, in any case, whatever follows. */
export function beginsWithDelimiterWord(text: Uint8Array): boolean {
  for (let i = 0; i < delimiterWord.length; i++) {
    if (((text[i] ?? 0) | 0x20) !== delimiterWord[i]) return false;
  }
  return true;
}
