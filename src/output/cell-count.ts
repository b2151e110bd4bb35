import { createClientWidth, type DisplayWidth } from '../text/client-width.js';
import { isUtf8 } from '../text/text-sanitizer.js';
import { characterSize, codePoint } from '../text/utf8.js';

/* Counts the terminal cells of sanitized values, which can contain dimming sequences. */

const esc = 0x1b;
const dimmingSequences = /\x1b\[22?m/g;

/**
 * Returns a function that counts the terminal cells of sanitized values, without the dimming
 * sequences. It calls `cellWidth` for text in which characters join. Without `cellWidth`, and in
 * character sets other than UTF-8, it counts like the client.
 */
export function createCellCounter(
  characterSet: string,
  cellWidth: ((text: string) => number) | undefined,
): DisplayWidth {
  if (cellWidth === undefined || !isUtf8(characterSet)) {
    const width = createClientWidth(characterSet);
    return (bytes, start, end) => width(bytes, start, end) - measureDimming(bytes, start, end);
  }
  return (bytes, start, end) => {
    const cells = measureSimpleText(bytes, start, end, cellWidth);
    if (cells >= 0) return cells;
    return cellWidth(
      Buffer.from(bytes.subarray(start, end)).toString().replace(dimmingSequences, ''),
    );
  };
}

/** Entries of a width table: 1 or 2 cells, or one of these classes. */
const combiningMark = 3;
const joining = 4;

/** A table of the Basic Multilingual Plane for each `cellWidth`; 0 means not classified yet. */
const widthTables = new WeakMap<(text: string) => number, Uint8Array>();

/**
 * Returns the cells of text that consists of ASCII, of letters with their own cells, and of
 * combining marks on them; −1 if it contains anything else, such as an emoji.
 */
function measureSimpleText(
  bytes: Uint8Array,
  start: number,
  end: number,
  cellWidth: (text: string) => number,
): number {
  const table = widthTables.get(cellWidth) ?? new Uint8Array(0x10000);
  widthTables.set(cellWidth, table);
  let cells = 0;
  for (let position = start; position < end; ) {
    const byte = bytes[position] as number;
    if (byte === esc) {
      position = bytes.indexOf(0x6d, position) + 1;
      continue;
    }
    if (byte < 0x80) {
      position++;
      cells++;
      continue;
    }
    const size = characterSize(bytes, position, end);
    if (size === 0 || size > 3) return -1;
    const character = codePoint(bytes, position, size);
    let kind = table[character] as number;
    if (kind === 0) {
      kind = classifyCharacter(character, cellWidth);
      table[character] = kind;
    }
    if (kind === joining || (kind === combiningMark && cells === 0)) return -1;
    if (kind !== combiningMark) cells += kind;
    position += size;
  }
  return cells;
}

function classifyCharacter(character: number, cellWidth: (text: string) => number): number {
  const text = String.fromCodePoint(character);
  const zeroWidthNonJoiner = 0x200c;
  if (character === zeroWidthNonJoiner) return combiningMark;
  // Variation selectors, key caps, Hangul jamo.
  if (character >= 0xfe00 && character <= 0xfe0f) return joining;
  if (character === 0x20e3 || /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/.test(text))
    return joining;
  if (/[\p{Mn}\p{Me}]/u.test(text)) return combiningMark;
  if (/[\p{Cf}\p{Extended_Pictographic}]/u.test(text)) return joining;
  return cellWidth(text) === 2 ? 2 : 1;
}

function measureDimming(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let position = start; position < end; position++) {
    if (bytes[position] !== esc) continue;
    const last = bytes.indexOf(0x6d, position);
    length += last + 1 - position;
    position = last;
  }
  return length;
}
