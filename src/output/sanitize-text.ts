import type { CharacterLength } from '../text/utf8.js';
import { createCellCounter } from './cell-count.js';
import { type KeptControls, SanitizedCells } from './sanitized-cells.js';

export interface SanitizeTextOptions {
  /** The connection's character set. */
  characterSet: string;
  /** Required for character sets whose multi-byte characters can contain an ASCII or C1 byte. */
  characterLength?: CharacterLength | undefined;
  /** Dim the escapes with SGR sequences. */
  colors: boolean;
}

/**
 * Returns text from a server or a user, sanitized for a terminal like the values of result sets: a
 * database name in a prompt, or an error message (in which newlines may stay).
 */
export function sanitizeText(
  text: Uint8Array,
  options: SanitizeTextOptions,
  keptControls: KeptControls = 'none',
): Uint8Array {
  return createSanitizer(options).sanitize(text, keptControls);
}

function createSanitizer(options: SanitizeTextOptions): SanitizedCells {
  const displayWidth = createCellCounter(options.characterSet, undefined);
  return new SanitizedCells({ ...options, binaryAsHex: false, displayWidth });
}
