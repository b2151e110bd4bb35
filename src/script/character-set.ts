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

/** What the reader has to know of the client's character set. */
export interface CharacterSet {
  length: CharacterLength;
  /** Whether a character may hide a special byte, so that each must be looked at. */
  hidesBytes: boolean;
  /** For each byte 1 if the client cuts it off a statement's end, as it does with blanks. */
  cut: Uint8Array;
}

/**
 * The bytes above space that the client cuts off a statement's end, in pairs from and to: those
 * that are no printable character to it. Observed, for the sets likely to be met.
 */
const cutRanges: Record<string, number[]> = {
  ascii: [0x7f, 0xff],
  big5: [0x7f, 0xa0, 0xfa, 0xff],
  binary: [0x7f, 0xff],
  cp1250: [0x7f, 0x81, 0x83, 0x83, 0x88, 0x88, 0x90, 0x90, 0x98, 0x98, 0xa0, 0xa0],
  cp850: [0xff, 0xff],
  cp932: [0x7f, 0x7f, 0xfd, 0xff],
  dec8: [0x7f, 0xa0],
  eucjpms: [0x7f, 0x8d, 0x90, 0xa0, 0xff, 0xff],
  euckr: [0x7f, 0x7f, 0xff, 0xff],
  gb2312: [0x7f, 0xa0, 0xff, 0xff],
  gbk: [0x7f, 0xa0, 0xff, 0xff],
  latin1: [0x7f, 0x7f, 0x81, 0x81, 0x8d, 0x8d, 0x8f, 0x90, 0x9d, 0x9d, 0xa0, 0xa0],
  latin2: [0x7f, 0xa0],
  latin5: [0x7f, 0xa0],
  sjis: [0x7f, 0x7f, 0xfd, 0xff],
  swe7: [0x7f, 0xff],
  tis620: [0x7f, 0xff],
  ujis: [0x7f, 0x8d, 0x90, 0xa0, 0xff, 0xff],
  utf8mb3: [0x7f, 0x7f, 0xff, 0xff],
  utf8mb4: [0x7f, 0x7f, 0xff, 0xff],
};

/** The character set of that name (as in --default-character-set), as far as reading needs it. */
export function characterSet(name: string): CharacterSet {
  const lower = name.toLowerCase();
  const known = lower === 'utf8' ? 'utf8mb3' : lower;
  const twoByte = twoByteSets.get(known);
  return {
    length: twoByte === undefined ? lengthIn(known) : twoByteLength(twoByte),
    hidesBytes: twoByte !== undefined,
    cut: cutTable(cutRanges[known] ?? [0x7f, 0x7f]),
  };
}

function cutTable(ranges: number[]): Uint8Array {
  const table = new Uint8Array(256).fill(1, 0, 0x21);
  for (let i = 0; i < ranges.length; i += 2) table.fill(1, ranges[i], (ranges[i + 1] ?? 0) + 1);
  return table;
}

function lengthIn(name: string): CharacterLength {
  if (name === 'utf8mb4') return (bytes, position) => utf8Length(bytes, position, 4);
  if (name === 'utf8mb3') return (bytes, position) => utf8Length(bytes, position, 3);
  return () => 1;
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
