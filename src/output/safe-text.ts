import { cellCount, isUtf8 } from './cell-count.js';
import { type Kept, ShownCells } from './shown-cells.js';
import type { Sink } from './sink.js';
import type { CharacterLength } from './tsv.js';

export interface SafeOptions {
  /** The connection's. */
  characterSet: string;
  /** For sets in which a character of several bytes may hold one of ASCII or C1. */
  characterLength?: CharacterLength | undefined;
  /** SGR sequences may be written: escapes are dim. */
  colours: boolean;
}

/**
 * A text from a server or a user, made safe for a terminal as values of results are: the name of a
 * database in a prompt, an error's message (of which newlines may be kept).
 */
export function safeText(text: Uint8Array, options: SafeOptions, keeps: Kept = 'none'): Uint8Array {
  return cellsFor(options).text(text, keeps);
}

/** A sink that makes safe what passes through, and how to tell it that nothing more comes. */
export interface SafeSink extends Sink {
  end(): Promise<void>;
}

/**
 * Makes everything safe on its way to a terminal, newlines and tabs kept: for the formats that are
 * written for programs (HTML, XML, --raw) and shown there all the same.
 */
export function safeSink(terminal: Sink, options: SafeOptions): SafeSink {
  const cells = cellsFor(options);
  let held: Buffer = Buffer.alloc(0);
  const safe = (bytes: Uint8Array) => cells.text(bytes, 'newlines and tabs');
  return {
    write(bytes) {
      const all = Buffer.concat([held, bytes]);
      const cut = isUtf8(options.characterSet) ? wholeCharacters(all) : all.length;
      held = Buffer.from(all.subarray(cut));
      return terminal.write(safe(all.subarray(0, cut)));
    },
    async end() {
      const rest = safe(held);
      held = Buffer.alloc(0);
      if (rest.length > 0) await terminal.write(rest);
    },
  };
}

function cellsFor(options: SafeOptions): ShownCells {
  const cells = cellCount(options.characterSet, undefined);
  return new ShownCells({ ...options, binaryAsHex: false, cells });
}

/** Where the last character begins, if it is one of several bytes: the end may cut it off. */
function wholeCharacters(bytes: Uint8Array): number {
  let at = bytes.length - 1;
  while (at > bytes.length - 4 && at > 0 && ((bytes[at] as number) & 0xc0) === 0x80) at--;
  return (bytes[at] ?? 0) >= 0xc0 ? at : bytes.length;
}
