const nothing = new Uint8Array();

/** Keeps the part of a typed text that still has to be run, in its original form. */
export class RemainingText {
  #text: Uint8Array = nothing;
  #position = 0;
  /** The parts of the pending statement before `position`. */
  #kept: Uint8Array[] = [];

  /** The length of the kept parts up to the last unknown command in them. */
  #reportedLength = 0;

  /** How many bytes of the text are processed. */
  get position(): number {
    return this.#position;
  }

  /** The pending statement and all text after it. */
  get remaining(): Uint8Array {
    return Buffer.concat([...this.#kept, this.#text.subarray(this.#position)]);
  }

  /** The length of the beginning of `remaining` that ends with the last unknown command. */
  get reportedLength(): number {
    return this.#reportedLength;
  }

  /** Starts another text, which the caller must not change before it starts the next one. */
  begin(text: Uint8Array): void {
    this.keepTo(this.#text.length);
    this.#text = text;
    this.#position = 0;
  }

  /** Discards the text before `end`. */
  discardTo(end: number): void {
    this.dropPending();
    this.#position = end;
  }

  /** Discards the text from `start` to `end`, but keeps the text before it. */
  removeRange(start: number, end: number): void {
    this.keepTo(start);
    this.#position = end;
  }

  /** Keeps the text before `end`, which was scanned but still has to be run. */
  keepTo(end: number): void {
    if (end <= this.#position) return;
    this.#kept.push(this.#text.slice(this.#position, end));
    this.#position = end;
  }

  /** Keeps the text before `end`, which is the end of an unknown command. */
  keepReportedTo(end: number): void {
    this.keepTo(end);
    this.#reportedLength = this.#kept.reduce((length, part) => length + part.length, 0);
  }

  /** Replaces the pending statement. */
  replacePending(text: Uint8Array): void {
    this.#kept = [text.slice()];
    this.#reportedLength = 0;
  }

  /** Discards the pending statement. */
  dropPending(): void {
    this.#kept = [];
    this.#reportedLength = 0;
  }
}
