import { escapeByte, escapeCharacter, isUnsafe } from './unsafe-characters.js';
import { type CharacterLength, characterSize, codePoint } from './utf8.js';

/* Makes text from a server, a file or a user safe for a terminal. */

/** The SGR sequences that start and end dim text: escapes, and NULL. */
export const dimOn = Buffer.from('\x1b[2m');
export const dimOff = Buffer.from('\x1b[22m');

const newline = 0x0a;
const tab = 0x09;

/** The control characters that are not escaped. */
export type KeptControls = 'none' | 'newlines' | 'newlines and tabs';

/**
 * The content of a text: printable ASCII, other characters that are safe, characters that need an
 * escape, bytes that are not valid in the character set.
 */
export enum Content {
  Ascii,
  SafeText,
  Unsafe,
  InvalidBytes,
}

/** A character set, and how to read it. */
export interface CharacterSetDescription {
  /** The connection's character set. */
  characterSet: string;
  /** Required for character sets whose multi-byte characters can contain an ASCII or C1 byte. */
  characterLength?: CharacterLength | undefined;
}

export interface SanitizeTextOptions extends CharacterSetDescription {
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
  return new TextSanitizer(options).sanitize(text, keptControls);
}

/** Whether to interpret values as UTF-8: also for sets that do not define bytes above 0x7f. */
export function isUtf8(characterSet: string): boolean {
  return /^(utf8(mb[34])?|binary|ascii)$/.test(characterSet);
}

/**
 * Sanitizes text for a terminal. Control characters (C0, DEL, C1) and invisible characters are
 * escaped as in C or JavaScript: `\0`, `\t`, `\n`, `\r`, `\x1b`, `\u202e`; so is each byte that is
 * not valid in the character set (`\xff`). A backslash in the text stays unchanged; with colors,
 * the escapes are dim.
 */
export class TextSanitizer {
  readonly #options: SanitizeTextOptions;
  readonly #isUtf8: boolean;
  /** The output of `escape`; it ends at `length`. */
  bytes: Uint8Array = Buffer.allocUnsafeSlow(4096);
  length = 0;

  constructor(options: SanitizeTextOptions) {
    this.#options = options;
    this.#isUtf8 = isUtf8(options.characterSet);
  }

  /** Returns the sanitized text: `text` itself if it is safe, otherwise a copy. */
  sanitize(text: Uint8Array, keptControls: KeptControls = 'none'): Uint8Array {
    if (this.classify(text, 0, text.length) <= Content.SafeText) return text;
    this.length = 0;
    this.escape(text, 0, text.length, keptControls);
    return new Uint8Array(this.bytes.subarray(0, this.length));
  }

  /** Makes room for `size` bytes after `length`. */
  reserve(size: number): void {
    if (this.bytes.length - this.length >= size) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + size));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  /** Returns the kind of the text `bytes[start … end)`. */
  classify(bytes: Uint8Array, start: number, end: number): Content {
    let combinedBits = 0;
    // The bits above the lowest seven stay 0 if all bytes are in 0x20 … 0x7e, as in most values.
    for (let position = start; position < end; position++) {
      const byte = bytes[position] as number;
      combinedBits |= (byte - 0x20) | (byte + 1);
    }
    if ((combinedBits & ~0x7f) === 0) return Content.Ascii;
    let content = Content.SafeText;
    let previous = 0;
    for (let position = start; position < end; ) {
      const byte = bytes[position] as number;
      if (byte >= 0x20 && byte < 0x7f) {
        position++;
        previous = byte;
        continue;
      }
      const size = this.#characterSize(bytes, start, position, end);
      if (size === 0) return Content.InvalidBytes;
      if (byte < 0x80) content = Content.Unsafe;
      else if (this.#isUtf8) {
        const character = codePoint(bytes, position, size);
        if (this.#isUnsafe(character, previous, bytes, position + size, end))
          content = Content.Unsafe;
        previous = character;
      }
      position += size;
    }
    return content;
  }

  /** Appends the sanitized text `bytes[start … end)` to `bytes`. */
  escape(bytes: Uint8Array, start: number, end: number, keptControls: KeptControls): void {
    let isDim = false;
    let previous = 0;
    const setDim = (isEscape: boolean) => {
      if (isEscape !== isDim && this.#options.colors) this.#append(isEscape ? dimOn : dimOff);
      isDim = isEscape;
    };
    for (let position = start; position < end; ) {
      this.reserve(32);
      const byte = bytes[position] as number;
      if (byte >= 0x20 && byte < 0x7f) {
        if (isDim) setDim(false);
        this.bytes[this.length++] = byte;
        previous = byte;
        position++;
        continue;
      }
      const size = this.#characterSize(bytes, start, position, end);
      const character = this.#isUtf8 && size > 1 ? codePoint(bytes, position, size) : byte;
      let escapeSequence: string | undefined;
      if (size === 0 || byte === 0x7f) escapeSequence = escapeByte(byte);
      else if (byte < 0x20)
        escapeSequence = isKeptControl(byte, keptControls) ? undefined : escapeByte(byte);
      else if (
        this.#isUtf8 &&
        size > 1 &&
        this.#isUnsafe(character, previous, bytes, position + size, end)
      ) {
        escapeSequence = escapeCharacter(character);
      }
      setDim(escapeSequence !== undefined);
      if (escapeSequence !== undefined) {
        for (let i = 0; i < escapeSequence.length; i++)
          this.bytes[this.length++] = escapeSequence.charCodeAt(i);
      } else {
        for (let i = 0; i < size; i++) this.bytes[this.length++] = bytes[position + i] as number;
      }
      previous = character;
      position += size || 1;
    }
    this.reserve(32);
    setDim(false);
  }

  #append(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Returns the size of the character at `position` in bytes; 0 if it is invalid or a C1 byte. */
  #characterSize(bytes: Uint8Array, start: number, position: number, end: number): number {
    const byte = bytes[position] as number;
    if (byte < 0x80) return 1;
    if (this.#isUtf8) return characterSize(bytes, position, end);
    const size = this.#options.characterLength?.(bytes, position) ?? 1;
    if (size > 1) {
      const isWhole = position + size <= end;
      return isWhole && !hasUtf8Control(bytes, Math.max(start, position - 1), position + size)
        ? size
        : 0;
    }
    // 8-bit terminals interpret a single C1 byte as a control character.
    return byte < 0xa0 ? 0 : 1;
  }

  #isUnsafe(
    character: number,
    previous: number,
    bytes: Uint8Array,
    next: number,
    end: number,
  ): boolean {
    const size = next < end ? characterSize(bytes, next, end) : 0;
    return isUnsafe(character, previous, size === 0 ? 0 : codePoint(bytes, next, size));
  }
}

/**
 * Whether `bytes[start … end)` contain a C1 control character encoded in UTF-8. In a two-byte
 * character set that is an ordinary pair of bytes, but the terminal may expect UTF-8.
 */
function hasUtf8Control(bytes: Uint8Array, start: number, end: number): boolean {
  for (let position = start; position + 1 < end; position++) {
    const next = bytes[position + 1] as number;
    if (bytes[position] === 0xc2 && next >= 0x80 && next < 0xa0) return true;
  }
  return false;
}

function isKeptControl(byte: number, keptControls: KeptControls): boolean {
  return (
    (byte === newline && keptControls !== 'none') ||
    (byte === tab && keptControls === 'newlines and tabs')
  );
}
