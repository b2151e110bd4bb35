import { getLenencSize, readLenenc } from '../protocol/lenenc.js';
import { takeNoRows } from '../protocol/packets.js';
import type { ResultHandler } from '../protocol/response.js';

/** Receives a row of one or two names; `second` is empty if there is only one. */
export type NamesHandler = (first: string, second: string) => void;

/**
 * Reads rows of names in UTF-8 without blocking key presses: it yields to the event loop after each
 * chunk from the server, and decodes a table's name, which repeats in the row of each of its
 * columns, only once.
 */
export class NameRowHandler implements ResultHandler {
  readonly takeRows = takeNoRows;
  readonly #onNames: NamesHandler;
  readonly #first = new RepeatedName();

  constructor(onNames: NamesHandler) {
    this.#onNames = onNames;
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const first = start + getLenencSize(bytes, start);
    const second = first + readLenenc(bytes, start);
    const secondStart = second < end ? second + getLenencSize(bytes, second) : end;
    this.#onNames(this.#first.read(bytes, first, second), decodeText(bytes, secondStart, end));
  }

  backPressure(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  ok(): void {}
  resultSet(): void {}
  endOfRows(): void {}
}

function decodeText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

/** Decodes a column in which the same name often repeats. */
class RepeatedName {
  #bytes = Buffer.alloc(0);
  #name = '';

  read(bytes: Uint8Array, start: number, end: number): string {
    if (!this.#isSame(bytes, start, end)) {
      this.#bytes = Buffer.from(bytes.subarray(start, end));
      this.#name = decodeText(bytes, start, end);
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
