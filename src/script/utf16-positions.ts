/** Where bytes of a text's UTF-8 are in the text itself; cheap as long as it is asked in order. */
export class Utf16Positions {
  readonly #text: string;
  readonly #isAscii: boolean;
  #byte = 0;
  #unit = 0;

  /** `bytes`: those of `text` and a newline. */
  constructor(text: string, bytes: Uint8Array) {
    this.#text = text;
    this.#isAscii = bytes.length === text.length + 1;
  }

  /** The UTF-16 unit at that byte; the text's length for all behind it. */
  unitAt(position: number): number {
    if (this.#isAscii) return Math.min(position, this.#text.length);
    if (position < this.#byte) {
      this.#byte = 0;
      this.#unit = 0;
    }
    while (this.#byte < position && this.#unit < this.#text.length) {
      const point = this.#text.codePointAt(this.#unit) ?? 0;
      this.#byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      this.#unit += point < 0x10000 ? 1 : 2;
    }
    return this.#unit;
  }
}
