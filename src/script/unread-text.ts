const nothing = new Uint8Array();

/** What of a terminal's text is still to be run, as it was typed, while it is being read. */
export class UnreadText {
  #text: Uint8Array = nothing;
  #position = 0;
  /** Of the statement that is being collected, what stands before `position`. */
  #kept: Uint8Array[] = [];

  /** How much of the text is done with, in bytes. */
  get position(): number {
    return this.#position;
  }

  /** The statement that is being collected and all behind it. */
  get rest(): Uint8Array {
    return Buffer.concat([...this.#kept, this.#text.subarray(this.#position)]);
  }

  /** Another text follows, which is borrowed until the next one. */
  begin(text: Uint8Array): void {
    this.keep(this.#text.length);
    this.#text = text;
    this.#position = 0;
  }

  /** What stands before `end` is done with. */
  passTo(end: number): void {
    this.drop();
    this.#position = end;
  }

  /** What stands between the two is done with, and what stands before it is not. */
  cut(start: number, end: number): void {
    this.keep(start);
    this.#position = end;
  }

  /** What stands before `end` was looked at and is still to be run. */
  keep(end: number): void {
    if (end <= this.#position) return;
    this.#kept.push(this.#text.slice(this.#position, end));
    this.#position = end;
  }

  /** `text` takes the place of the statement that is being collected. */
  replace(text: Uint8Array): void {
    this.#kept = [text.slice()];
  }

  /** The statement that is being collected is given up. */
  drop(): void {
    this.#kept = [];
  }
}
