import { type Column, columnTypes } from '../protocol/column.js';
import type { DisplayWidth } from '../text/client-width.js';
import { byteEscape, characterEscape, isUnsafe } from '../text/unsafe.js';
import { type CharacterLength, characterSize, codePoint } from '../text/utf8.js';
import { hexWidth, isBinary, writeHex } from './binary-hex.js';
import { dimOff, dimOn, isUtf8 } from './cell-count.js';

const newline = 0x0a;
const tab = 0x09;

/** Which of the control characters stay as they are. */
export type KeptControls = 'none' | 'newlines' | 'newlines and tabs';

/** How a column's values are shown: as text, as text where they are UTF-8, in hexadecimal. */
type Kind = 'text' | 'perhaps-text' | 'hex';

/** What was found in a value: nothing, only letters, characters to escape, bytes that are none. */
enum Found {
  Ascii,
  Letters,
  Unsafe,
  Broken,
}

export interface SanitizeOptions {
  /** The connection's. */
  characterSet: string;
  /** For sets in which a character of several bytes may hold one of ASCII or C1. */
  characterLength?: CharacterLength | undefined;
  /** Binary columns are never taken for text. */
  binaryAsHex: boolean;
  /** What is put in the place of something else is dimmed. */
  colours: boolean;
  /** Counts the cells of what was made safe. */
  cells: DisplayWidth;
}

/**
 * Makes values safe to be shown on a terminal. Control characters (C0, DEL, C1) and characters that
 * are unseen are written as in C or JavaScript: `\0`, `\t`, `\n`, `\r`, `\x1b`, `\u202e`, as is each
 * byte that is no character of the set (`\xff`). A backslash in the data stays as it is; with
 * colours, ours are dim. BIT and GEOMETRY, and of binary columns what is no UTF-8, become `0x…`.
 */
export class SanitizedCells {
  readonly #options: SanitizeOptions;
  readonly #utf8: boolean;
  #kinds: Kind[] = [];
  #changes: boolean[] = [];
  /** Where `write` writes; the newest text ends at `length`. */
  bytes: Uint8Array = Buffer.allocUnsafeSlow(4096);
  length = 0;

  constructor(options: SanitizeOptions) {
    this.#options = options;
    this.#utf8 = isUtf8(options.characterSet);
  }

  /** A result set begins. */
  begin(columns: Column[]): void {
    this.#kinds = columns.map((column) => this.#kindOf(column));
    this.#changes = this.#kinds.map((kind) => kind === 'hex');
  }

  /** Whether any measured value of a column has to be written anew. */
  changes(index: number): boolean {
    return this.#changes[index] === true;
  }

  get changesAny(): boolean {
    return this.#changes.includes(true);
  }

  /** How many cells a value will take, newlines escaped. */
  measure(bytes: Uint8Array, start: number, end: number, index: number): number {
    if (this.#kinds[index] === 'hex') return hexWidth(end - start);
    const found = this.#look(bytes, start, end);
    if (found === Found.Ascii) return end - start;
    if (found === Found.Letters) return this.#options.cells(bytes, start, end);
    this.#changes[index] = true;
    if (found === Found.Broken && this.#kinds[index] === 'perhaps-text') {
      return hexWidth(end - start);
    }
    this.length = 0;
    this.#escape(bytes, start, end, 'none');
    return this.#options.cells(this.bytes, 0, this.length);
  }

  /** Appends a value, made safe, to what was written. */
  write(bytes: Uint8Array, start: number, end: number, index: number, keeps: KeptControls): void {
    const kind = this.#kinds[index];
    const hex =
      kind === 'hex' || (kind === 'perhaps-text' && this.#look(bytes, start, end) === Found.Broken);
    if (!hex) {
      this.#escape(bytes, start, end, keeps);
      return;
    }
    this.room(hexWidth(end - start));
    this.length = writeHex(this.bytes, this.length, bytes, start, end);
  }

  /** A text that is no value of a row, made safe: a name, a message. */
  text(text: Uint8Array, keeps: KeptControls = 'none'): Uint8Array {
    if (this.#look(text, 0, text.length) <= Found.Letters) return text;
    this.length = 0;
    this.#escape(text, 0, text.length, keeps);
    return new Uint8Array(this.bytes.subarray(0, this.length));
  }

  /** Makes room for `size` bytes behind `length`. */
  room(size: number): void {
    if (this.bytes.length - this.length >= size) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + size));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  #kindOf(column: Column): Kind {
    if (column.type === columnTypes.bit || column.type === columnTypes.geometry) return 'hex';
    if (!isBinary(column)) return 'text';
    return this.#options.binaryAsHex ? 'hex' : 'perhaps-text';
  }

  #look(bytes: Uint8Array, start: number, end: number): Found {
    let seen = 0;
    // Leaves nothing above the lowest seven bits if all lie from 0x20 to 0x7e, as nearly always.
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      seen |= (byte - 0x20) | (byte + 1);
    }
    if ((seen & ~0x7f) === 0) return Found.Ascii;
    let found = Found.Letters;
    let before = 0;
    for (let at = start; at < end; ) {
      const byte = bytes[at] as number;
      if (byte >= 0x20 && byte < 0x7f) {
        at++;
        before = byte;
        continue;
      }
      const size = this.#sizeOf(bytes, at, end);
      if (size === 0) return Found.Broken;
      if (byte < 0x80) found = Found.Unsafe;
      else if (this.#utf8) {
        const character = codePoint(bytes, at, size);
        if (this.#isUnsafe(character, before, bytes, at + size, end)) found = Found.Unsafe;
        before = character;
      }
      at += size;
    }
    return found;
  }

  #escape(bytes: Uint8Array, start: number, end: number, keeps: KeptControls): void {
    let dim = false;
    let before = 0;
    const enter = (isEscape: boolean) => {
      if (isEscape !== dim && this.#options.colours) this.#append(isEscape ? dimOn : dimOff);
      dim = isEscape;
    };
    for (let at = start; at < end; ) {
      this.room(32);
      const byte = bytes[at] as number;
      if (byte >= 0x20 && byte < 0x7f) {
        if (dim) enter(false);
        this.bytes[this.length++] = byte;
        before = byte;
        at++;
        continue;
      }
      const size = this.#sizeOf(bytes, at, end);
      const character = this.#utf8 && size > 1 ? codePoint(bytes, at, size) : byte;
      let shown: string | undefined;
      if (size === 0 || byte === 0x7f) shown = byteEscape(byte);
      else if (byte < 0x20) shown = keptControl(byte, keeps) ? undefined : byteEscape(byte);
      else if (this.#utf8 && size > 1 && this.#isUnsafe(character, before, bytes, at + size, end)) {
        shown = characterEscape(character);
      }
      enter(shown !== undefined);
      if (shown !== undefined) {
        for (let i = 0; i < shown.length; i++) this.bytes[this.length++] = shown.charCodeAt(i);
      } else {
        for (let i = 0; i < size; i++) this.bytes[this.length++] = bytes[at + i] as number;
      }
      before = character;
      at += size || 1;
    }
    this.room(32);
    enter(false);
  }

  #append(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** How many bytes the character at `at` has; 0 if there is none that may be shown. */
  #sizeOf(bytes: Uint8Array, at: number, end: number): number {
    const byte = bytes[at] as number;
    if (byte < 0x80) return 1;
    if (this.#utf8) return characterSize(bytes, at, end);
    const size = this.#options.characterLength?.(bytes, at) ?? 1;
    if (size > 1) return at + size <= end ? size : 0;
    // C1 as one byte, which a terminal of eight bits obeys.
    return byte < 0xa0 ? 0 : 1;
  }

  #isUnsafe(
    character: number,
    before: number,
    bytes: Uint8Array,
    next: number,
    end: number,
  ): boolean {
    const size = next < end ? characterSize(bytes, next, end) : 0;
    return isUnsafe(character, before, size === 0 ? 0 : codePoint(bytes, next, size));
  }
}

function keptControl(byte: number, keeps: KeptControls): boolean {
  return (byte === newline && keeps !== 'none') || (byte === tab && keeps === 'newlines and tabs');
}
