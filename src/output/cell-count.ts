import { type DisplayWidth, displayWidthIn } from '../text/client-width.js';
import { characterSize, codePoint } from '../text/utf8.js';

const esc = 0x1b;
/** The sequences that dim what we put in the place of a value or a character, and end that. */
export const dimOn = Buffer.from('\x1b[2m');
export const dimOff = Buffer.from('\x1b[22m');
const dimmings = /\x1b\[22?m/g;

/**
 * Counts the cells of values that were made safe, our own dimming not counted. `cellWidth` is asked
 * where characters join with others; without it, or in another set than UTF-8, it is counted as the
 * client does.
 */
export function cellCount(
  characterSet: string,
  cellWidth: ((text: string) => number) | undefined,
): DisplayWidth {
  if (cellWidth === undefined || !isUtf8(characterSet)) {
    const width = displayWidthIn(characterSet);
    return (bytes, start, end) => width(bytes, start, end) - dimmingLength(bytes, start, end);
  }
  return (bytes, start, end) => {
    const cells = simpleWidth(bytes, start, end, cellWidth);
    if (cells >= 0) return cells;
    return cellWidth(Buffer.from(bytes.subarray(start, end)).toString().replace(dimmings, ''));
  };
}

/** Whether values are taken for UTF-8: where the set says so, or says nothing of bytes above 0x7f. */
export function isUtf8(characterSet: string): boolean {
  return /^(utf8(mb[34])?|binary|ascii)$/.test(characterSet);
}

/** What is known of a character, beside its cells (1 or 2). */
const mark = 3;
const joins = 4;

/** Of each character of the first plane what is known; 0 is nothing yet. By who counts. */
const known = new WeakMap<(text: string) => number, Uint8Array>();

/**
 * Cells of what is ASCII, letters that each take their own cells, and marks on them; −1 if anything
 * else is among them, such as an emoji.
 */
function simpleWidth(
  bytes: Uint8Array,
  start: number,
  end: number,
  cellWidth: (text: string) => number,
): number {
  const table = known.get(cellWidth) ?? new Uint8Array(0x10000);
  known.set(cellWidth, table);
  let cells = 0;
  for (let at = start; at < end; ) {
    const byte = bytes[at] as number;
    if (byte === esc) {
      at = bytes.indexOf(0x6d, at) + 1;
      continue;
    }
    if (byte < 0x80) {
      at++;
      cells++;
      continue;
    }
    const size = characterSize(bytes, at, end);
    if (size === 0 || size > 3) return -1;
    const character = codePoint(bytes, at, size);
    let kind = table[character] as number;
    if (kind === 0) {
      kind = kindOf(character, cellWidth);
      table[character] = kind;
    }
    if (kind === joins || (kind === mark && cells === 0)) return -1;
    if (kind !== mark) cells += kind;
    at += size;
  }
  return cells;
}

function kindOf(character: number, cellWidth: (text: string) => number): number {
  const text = String.fromCodePoint(character);
  const zeroWidthNonJoiner = 0x200c;
  if (character === zeroWidthNonJoiner) return mark;
  // Variation selectors, key caps, the parts that syllables of Hangul are made of.
  if (character >= 0xfe00 && character <= 0xfe0f) return joins;
  if (character === 0x20e3 || /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/.test(text)) return joins;
  if (/[\p{Mn}\p{Me}]/u.test(text)) return mark;
  if (/[\p{Cf}\p{Extended_Pictographic}]/u.test(text)) return joins;
  return cellWidth(text) === 2 ? 2 : 1;
}

function dimmingLength(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] !== esc) continue;
    const last = bytes.indexOf(0x6d, at);
    length += last + 1 - at;
    at = last;
  }
  return length;
}
