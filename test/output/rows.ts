import type { Column } from '../../src/protocol/column.js';

/** The value of a cell as bytes or text; null for NULL. */
export type Cell = Uint8Array | string | null;

/** Returns a row of the text protocol between other bytes, as in a chunk from the server. */
export function textRow(cells: Cell[]): { bytes: Buffer; start: number; end: number } {
  const parts: Uint8Array[] = [Buffer.from('before')];
  for (const cell of cells) {
    if (cell === null) {
      parts.push(Uint8Array.of(0xfb));
      continue;
    }
    const value = Buffer.from(cell as string);
    parts.push(lengthPrefix(value.length), value);
  }
  const row = Buffer.concat(parts);
  return { bytes: Buffer.concat([row, Buffer.from('after')]), start: 6, end: row.length };
}

function lengthPrefix(length: number): Buffer {
  if (length < 0xfb) return Buffer.of(length);
  const size = length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 8;
  const prefix = Buffer.alloc(1 + size);
  prefix[0] = size === 2 ? 0xfc : size === 3 ? 0xfd : 0xfe;
  prefix.writeUIntLE(length, 1, Math.min(size, 6));
  return prefix;
}

/** Returns `size` bytes of repeated `piece`; the middle of a very long cell is `x`. */
export function longCell(size: number, piece: string): Buffer {
  const end = 100_000;
  const cell = Buffer.alloc(size, piece);
  return size > 3 * end ? cell.fill('x', end, size - end) : cell;
}

const empty = Buffer.alloc(0);

/** Returns VARCHAR columns with the given names. */
export function textColumns(...names: string[]): Column[] {
  return names.map((name) => ({
    name: Buffer.from(name),
    catalog: empty,
    database: empty,
    table: empty,
    originalTable: empty,
    originalName: empty,
    extended: empty,
    type: 253,
    flags: 0,
    collation: 45,
    length: 255,
    decimals: 0,
  }));
}

/** Returns NULL or random bytes, many of which are special as a length or need an escape. */
export function randomCell(random: (limit: number) => number): Cell {
  if (random(6) === 0) return null;
  const length = random(20) === 0 ? random(70_000) : random(40);
  const specials = [0, 9, 10, 92, 0xfb, 0xfc, 0xff];
  const cell = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    cell[i] = random(3) === 0 ? (specials[random(specials.length)] ?? 0) : random(256);
  }
  return cell;
}

/** Returns a linear congruential generator, so that each run has the same rows. */
export function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
