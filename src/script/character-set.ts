/**
 * How many bytes the multi-byte character at `position` has, as the client's character set has
 * it; 1 for all else, such as a lead byte with no fitting byte behind it.
 */
export type CharacterLength = (bytes: Uint8Array, position: number) => number;

interface Ranges {
  /** Whether a byte begins a character of two. */
  lead: (value: number) => boolean;
  /** Whether a byte may end it. */
  trail: (value: number) => boolean;
}

const within = (value: number, from: number, to: number) => value >= from && value <= to;

const shiftJis: Ranges = {
  lead: (value) => within(value, 0x81, 0x9f) || within(value, 0xe0, 0xfc),
  trail: (value) => within(value, 0x40, 0x7e) || within(value, 0x80, 0xfc),
};

/**
 * The sets in which a character may end with a byte that is a quote, a backslash or a letter in
 * ASCII, so that a reader that doesn't know them goes wrong.
 */
const twoByteSets = new Map<string, Ranges>([
  [
    'big5',
    {
      lead: (value) => within(value, 0xa1, 0xf9),
      trail: (value) => within(value, 0x40, 0x7e) || within(value, 0xa1, 0xfe),
    },
  ],
  ['cp932', shiftJis],
  [
    'gbk',
    {
      lead: (value) => within(value, 0x81, 0xfe),
      trail: (value) => within(value, 0x40, 0x7e) || within(value, 0x80, 0xfe),
    },
  ],
  ['sjis', shiftJis],
]);

/**
 * How the reader has to know characters: `hidden` tells that one may hide a special byte, so that
 * every character must be looked at.
 */
export interface CharacterSet {
  length: CharacterLength;
  hidden: boolean;
}

/** The character set of that name (as in --default-character-set), as far as reading needs it. */
export function characterSet(name: string): CharacterSet {
  const lower = name.toLowerCase();
  const ranges = twoByteSets.get(lower);
  if (ranges !== undefined) return { length: twoByteLength(ranges), hidden: true };
  if (lower === 'utf8mb4')
    return { length: (bytes, at) => utf8Length(bytes, at, 4), hidden: false };
  if (lower === 'utf8' || lower === 'utf8mb3') {
    return { length: (bytes, at) => utf8Length(bytes, at, 3), hidden: false };
  }
  return { length: () => 1, hidden: false };
}

function twoByteLength({ lead, trail }: Ranges): CharacterLength {
  return (bytes, position) =>
    lead(bytes[position] ?? 0) && trail(bytes[position + 1] ?? 0) ? 2 : 1;
}

/** As the client counts: surrogates are characters, overlong forms are not. */
function utf8Length(bytes: Uint8Array, position: number, longest: 3 | 4): number {
  const first = bytes[position] ?? 0;
  const second = bytes[position + 1] ?? 0;
  const follows = (offset: number) => within(bytes[position + offset] ?? 0, 0x80, 0xbf);
  if (within(first, 0xc2, 0xdf)) return follows(1) ? 2 : 1;
  if (within(first, 0xe0, 0xef)) {
    const overlong = first === 0xe0 && second < 0xa0;
    return follows(1) && follows(2) && !overlong ? 3 : 1;
  }
  if (longest === 4 && within(first, 0xf0, 0xf4)) {
    const outside = (first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f);
    return follows(1) && follows(2) && follows(3) && !outside ? 4 : 1;
  }
  return 1;
}
