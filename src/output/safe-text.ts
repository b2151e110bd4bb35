import type { CharacterLength } from '../text/utf8.js';
import { cellCount } from './cell-count.js';
import { type KeptControls, SanitizedCells } from './sanitized-cells.js';

export interface SafeOptions {
  /** The connection's. */
  characterSet: string;
  /** For sets in which a character of several bytes may hold one of ASCII or C1. */
  characterLength?: CharacterLength | undefined;
  /** SGR sequences may be written: escapes are dim. */
  colours: boolean;
}

/**
 * A text from a server or a user, made safe for a terminal as values of results are: the name of a
 * database in a prompt, an error's message (of which newlines may be kept).
 */
export function safeText(
  text: Uint8Array,
  options: SafeOptions,
  keeps: KeptControls = 'none',
): Uint8Array {
  return cellsFor(options).text(text, keeps);
}

function cellsFor(options: SafeOptions): SanitizedCells {
  const cells = cellCount(options.characterSet, undefined);
  return new SanitizedCells({ ...options, binaryAsHex: false, cells });
}
