import { standsAt } from './bytes.js';
import type { ShellCommandName } from './item.js';

export interface ShellCommandEntry {
  name: ShellCommandName;
  /** What may follow it, for the help. */
  synopsis: string;
  help: string;
}

/** The commands that only a shell has, all behind a backslash: the help's lines beside the client's. */
export const shellCommandTable: readonly ShellCommandEntry[] = [
  { name: 'f', synopsis: '[name args…]', help: 'Run a saved query; without a name, list them.' },
  { name: 'fd', synopsis: 'name', help: 'Delete a saved query.' },
  { name: 'fs', synopsis: 'name query', help: 'Save a query, up to the delimiter.' },
  { name: 'timing', synopsis: '[on|off]', help: 'Show how long each statement took, or not.' },
  { name: 'watch', synopsis: '[seconds]', help: 'Run the statement again and again.' },
];

const words = shellCommandTable.map((entry) => ({ entry, word: Buffer.from(entry.name) }));

/**
 * The shell's command whose whole word stands at `position`, behind the backslash: `\timing` is not
 * the client's `\t`, and `\timings` is.
 */
export function shellCommandAt(line: Uint8Array, position: number): ShellCommandEntry | undefined {
  return words.find(
    ({ word }) => standsAt(line, position, word) && !isWordByte(line[position + word.length]),
  )?.entry;
}

/** Letters, digits, `_`, and all bytes of letters outside ASCII. */
function isWordByte(value: number | undefined): boolean {
  if (value === undefined) return false;
  const isDigit = value >= 0x30 && value <= 0x39;
  const lower = value | 0x20;
  return isDigit || (lower >= 0x61 && lower <= 0x7a) || value === 0x5f || value >= 0x80;
}
