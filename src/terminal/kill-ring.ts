/** The number of cut texts that are kept. */
const maxTexts = 60;

/** The texts that were cut. As in readline, `rotate` changes which of them is inserted next. */
export class KillRing {
  /** The latest first. */
  readonly #texts: string[] = [];
  #index = 0;

  /** The text that is inserted next; undefined if nothing was cut. */
  get current(): string | undefined {
    return this.#texts[this.#index];
  }

  /** Adds a text, which is inserted next. */
  add(text: string): void {
    this.#texts.unshift(text);
    this.#texts.splice(maxTexts);
    this.#index = 0;
  }

  /** Adds to the start or the end of the latest text. */
  extend(text: string, where: 'start' | 'end'): void {
    const [latest = ''] = this.#texts;
    this.#texts[0] = where === 'start' ? text + latest : latest + text;
    this.#index = 0;
  }

  /** Makes the text that was cut before the current one current; after the oldest, the latest. */
  rotate(): void {
    this.#index = (this.#index + 1) % Math.max(this.#texts.length, 1);
  }
}
