import { lenencSize, lenencValue } from '../protocol/lenenc.js';
import { leaveRows } from '../protocol/packets.js';
import type { ResultHandler } from '../protocol/response.js';

/** Takes a row of one or two names; `second` is empty if there is one. */
export type TakeNames = (first: string, second: string) => void;

/**
 * Takes rows of names in UTF-8, as they come. Key presses are waiting all the while: after each
 * chunk of the server's the event loop looks for them, and a table's name, which stands in a row for
 * each of its columns, becomes a string only once.
 */
export class NameRows implements ResultHandler {
  readonly takeRows = leaveRows;
  readonly #take: TakeNames;
  readonly #first = new RepeatedName();

  constructor(take: TakeNames) {
    this.#take = take;
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const first = start + lenencSize(bytes, start);
    const second = first + lenencValue(bytes, start);
    const from = second < end ? second + lenencSize(bytes, second) : end;
    this.#take(this.#first.read(bytes, first, second), textOf(bytes, from, end));
  }

  pressure(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  ok(): void {}
  resultSet(): void {}
  endOfRows(): void {}
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

/** A column in which the same name may come again and again. */
class RepeatedName {
  #bytes = Buffer.alloc(0);
  #name = '';

  read(bytes: Uint8Array, start: number, end: number): string {
    if (!this.#isSame(bytes, start, end)) {
      this.#bytes = Buffer.from(bytes.subarray(start, end));
      this.#name = textOf(bytes, start, end);
    }
    return this.#name;
  }

  #isSame(bytes: Uint8Array, start: number, end: number): boolean {
    const last = this.#bytes;
    if (last.length !== end - start) return false;
    for (let i = last.length - 1; i >= 0; i--) if (bytes[start + i] !== last[i]) return false;
    return true;
  }
}
