import { type Column, columnTypes } from '../protocol/column.js';
import type { DisplayWidth } from '../text/client-width.js';
import { escapeByte, escapeCharacter, isUnsafe } from '../text/unsafe-characters.js';
import { type CharacterLength, characterSize, codePoint } from '../text/utf8.js';
import { hexWidth, isBinaryColumn, writeHex } from './binary-hex.js';
import { dimOff, dimOn, isUtf8 } from './cell-count.js';

const newline = 0x0a;
const tab = 0x09;

/** The control characters that are not escaped. */
export type KeptControls = 'none' | 'newlines' | 'newlines and tabs';

/** How to display a column's values: as text, as text if they are valid UTF-8, in hexadecimal. */
type ColumnTreatment = 'text' | 'perhaps-text' | 'hex';

/**
 * The content of a value: printable ASCII, other text that is safe, characters that need an escape,
 * bytes that are not valid in the character set.
 */
enum Content {
  Ascii,
  SafeText,
  Unsafe,
  InvalidBytes,
}

export interface SanitizeOptions {
  /** The connection's character set. */
  characterSet: string;
  /** Required for character sets whose multi-byte characters can contain an ASCII or C1 byte. */
  characterLength?: CharacterLength | undefined;
  /** Never display binary columns as text. */
  binaryAsHex: boolean;
  /** Dim the escapes. */
  colors: boolean;
  /** Counts the cells of sanitized text. */
  displayWidth: DisplayWidth;
}

/**
 * Sanitizes values for a terminal. Control characters (C0, DEL, C1) and invisible characters are
 * escaped as in C or JavaScript: `\0`, `\t`, `\n`, `\r`, `\x1b`, `\u202e`; so is each byte that is
 * not valid in the character set (`\xff`). A backslash in the data stays unchanged; with colors,
 * the escapes are dim. BIT and GEOMETRY values, and values of binary columns that are not valid
 * UTF-8, become `0x…`.
 */
export class SanitizedCells {
  readonly #options: SanitizeOptions;
  readonly #isUtf8: boolean;
  #treatments: ColumnTreatment[] = [];
  #rewritten: boolean[] = [];
  /** The output of `write`; it ends at `length`. */
  bytes: Uint8Array = Buffer.allocUnsafeSlow(4096);
  length = 0;

  constructor(options: SanitizeOptions) {
    this.#options = options;
    this.#isUtf8 = isUtf8(options.characterSet);
  }

  /** Starts a result set. */
  begin(columns: Column[]): void {
    this.#treatments = columns.map((column) => this.#treatmentOf(column));
    this.#rewritten = this.#treatments.map((treatment) => treatment === 'hex');
  }

  /** Whether any measured value of a column needs an escape or hexadecimal. */
  needsRewrite(index: number): boolean {
    return this.#rewritten[index] === true;
  }

  get needsAnyRewrite(): boolean {
    return this.#rewritten.includes(true);
  }

  /** Returns the width of a sanitized value in cells, with newlines escaped. */
  measure(bytes: Uint8Array, start: number, end: number, index: number): number {
    if (this.#treatments[index] === 'hex') return hexWidth(end - start);
    const content = this.#classify(bytes, start, end);
    if (content === Content.Ascii) return end - start;
    if (content === Content.SafeText) return this.#options.displayWidth(bytes, start, end);
    this.#rewritten[index] = true;
    if (content === Content.InvalidBytes && this.#treatments[index] === 'perhaps-text') {
      return hexWidth(end - start);
    }
    this.length = 0;
    this.#escape(bytes, start, end, 'none');
    return this.#options.displayWidth(this.bytes, 0, this.length);
  }

  /** Appends a sanitized value to `bytes`. */
  write(
    bytes: Uint8Array,
    start: number,
    end: number,
    index: number,
    keptControls: KeptControls,
  ): void {
    const treatment = this.#treatments[index];
    const asHex =
      treatment === 'hex' ||
      (treatment === 'perhaps-text' && this.#classify(bytes, start, end) === Content.InvalidBytes);
    if (!asHex) {
      this.#escape(bytes, start, end, keptControls);
      return;
    }
    this.reserve(hexWidth(end - start));
    this.length = writeHex(this.bytes, this.length, bytes, start, end);
  }

  /** Returns sanitized text that is not a value of a row, such as a name or a message. */
  sanitize(text: Uint8Array, keptControls: KeptControls = 'none'): Uint8Array {
    if (this.#classify(text, 0, text.length) <= Content.SafeText) return text;
    this.length = 0;
    this.#escape(text, 0, text.length, keptControls);
    return new Uint8Array(this.bytes.subarray(0, this.length));
  }

  /** Makes room for `size` bytes after `length`. */
  reserve(size: number): void {
    if (this.bytes.length - this.length >= size) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + size));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  #treatmentOf(column: Column): ColumnTreatment {
    if (column.type === columnTypes.bit || column.type === columnTypes.geometry) return 'hex';
    if (!isBinaryColumn(column)) return 'text';
    return this.#options.binaryAsHex ? 'hex' : 'perhaps-text';
  }

  #classify(bytes: Uint8Array, start: number, end: number): Content {
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
      const size = this.#characterSize(bytes, position, end);
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

  #escape(bytes: Uint8Array, start: number, end: number, keptControls: KeptControls): void {
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
      const size = this.#characterSize(bytes, position, end);
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
  #characterSize(bytes: Uint8Array, position: number, end: number): number {
    const byte = bytes[position] as number;
    if (byte < 0x80) return 1;
    if (this.#isUtf8) return characterSize(bytes, position, end);
    const size = this.#options.characterLength?.(bytes, position) ?? 1;
    if (size > 1) return position + size <= end ? size : 0;
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

function isKeptControl(byte: number, keptControls: KeptControls): boolean {
  return (
    (byte === newline && keptControls !== 'none') ||
    (byte === tab && keptControls === 'newlines and tabs')
  );
}
