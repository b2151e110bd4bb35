import { StringDecoder } from 'node:string_decoder';
import type { KeyInput } from './key-input.js';

/** Cuts what a terminal that edits its lines by itself gives into lines. */
export class LineDecoder {
  readonly #deliver: (input: KeyInput) => void;
  readonly #characters = new StringDecoder('utf8');
  #begun = '';

  constructor(deliver: (input: KeyInput) => void) {
    this.#deliver = deliver;
  }

  write(chunk: Uint8Array): void {
    const lines = (this.#begun + this.#characters.write(Buffer.from(chunk))).split('\n');
    this.#begun = lines.pop() ?? '';
    for (const text of lines) this.#deliver({ kind: 'line', text });
  }
}
