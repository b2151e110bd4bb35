import {
  type CharacterSetDescription,
  isUtf8,
  type SanitizeTextOptions,
  TextSanitizer,
} from './text-sanitizer.js';

const empty = new Uint8Array(0);
/**
 * In every character set, a byte below this one is a whole character, and so a text can be cut
 * after it: the second byte of a character is at least 0x30.
 */
const firstTrailByte = 0x30;
/** Bytes that are held back at most: output without blanks, digits and newlines is cut then. */
const maxHeldBytes = 64 * 1024;

/**
 * Sanitizes output for a terminal that arrives in pieces, which may end in the middle of a character.
 * Newlines and tabs stay.
 */
export class StreamSanitizer {
  #options: SanitizeTextOptions;
  #sanitizer: TextSanitizer;
  /** For pieces that do not begin or end between two characters: it escapes every C1 byte. */
  #strictSanitizer: TextSanitizer;
  #held: Uint8Array = empty;
  #wasCut = false;

  constructor(options: SanitizeTextOptions = { characterSet: 'utf8mb4', colors: false }) {
    this.#options = options;
    this.#sanitizer = new TextSanitizer(options);
    this.#strictSanitizer = new TextSanitizer({ ...options, characterLength: undefined });
  }

  /** Sets the character set of the output that follows; all earlier output must be written. */
  setCharacterSet(description: CharacterSetDescription): void {
    if (description.characterSet === this.#options.characterSet) return;
    this.#options = { ...this.#options, ...description };
    this.#sanitizer = new TextSanitizer(this.#options);
    this.#strictSanitizer = new TextSanitizer({ ...this.#options, characterLength: undefined });
  }

  /** Returns the sanitized output up to the last place where it can be cut. */
  push(bytes: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    let end = all.length;
    while (end > 0 && (all[end - 1] as number) >= firstTrailByte) end--;
    const isCut = all.length - end > maxHeldBytes;
    if (isCut) end = this.#endOfLastCharacter(all);
    this.#held = Uint8Array.from(all.subarray(end));
    return this.#sanitize(all.subarray(0, end), isCut);
  }

  /** Returns what was held back. */
  end(): Uint8Array {
    const held = this.#held;
    this.#held = empty;
    return this.#sanitize(held, true);
  }

  #sanitize(bytes: Uint8Array, isCut: boolean): Uint8Array {
    if (bytes.length === 0) return bytes;
    const sanitizer = isCut || this.#wasCut ? this.#strictSanitizer : this.#sanitizer;
    this.#wasCut = isCut && (bytes.at(-1) as number) >= firstTrailByte;
    return sanitizer.sanitize(bytes, 'newlines and tabs');
  }

  #endOfLastCharacter(bytes: Uint8Array): number {
    if (!isUtf8(this.#options.characterSet)) return bytes.length;
    let start = bytes.length - 1;
    while (start > bytes.length - 4 && ((bytes[start] as number) & 0xc0) === 0x80) start--;
    return (bytes[start] as number) < 0x80 ? bytes.length : start;
  }
}
