import type { Column } from '../../src/protocol/column.js';

/** A cell as bytes, text, or NULL. */
export type Cell = Uint8Array | string | null;

/** A row of the text protocol, in the middle of other bytes as in a chunk from the server. */
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

/** A cell of so many bytes: a piece again and again, but for the middle of a very long one. */
export function longCell(size: number, piece: string): Buffer {
  const end = 100_000;
  const cell = Buffer.alloc(size, piece);
  return size > 3 * end ? cell.fill('x', end, size - end) : cell;
}

const none = Buffer.alloc(0);

/** Columns of type VARCHAR with the given names. */
export function textColumns(...names: string[]): Column[] {
  return names.map((name) => ({
    name: Buffer.from(name),
    catalog: none,
    database: none,
    table: none,
    originalTable: none,
    originalName: none,
    extended: none,
    type: 253,
    flags: 0,
    collation: 45,
    length: 255,
    decimals: 0,
  }));
}

/** NULL, or bytes of which many are special to some length or escape. */
export function randomCell(random: (below: number) => number): Cell {
  if (random(6) === 0) return null;
  const length = random(20) === 0 ? random(70_000) : random(40);
  const specials = [0, 9, 10, 92, 0xfb, 0xfc, 0xff];
  const cell = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    cell[i] = random(3) === 0 ? (specials[random(specials.length)] ?? 0) : random(256);
  }
  return cell;
}

/** A linear congruential generator: the same rows in every run. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
