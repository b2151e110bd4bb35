import { describe, expect, it } from 'vitest';
import { framePackets, PacketReader } from '../../src/protocol/packet-reader.js';
import { findValidRows } from '../../src/protocol/packets.js';

/** Returns the packets that a server would send for these payloads. */
function encodePackets(payloads: Uint8Array[]): Buffer {
  const limit = 0xffffff;
  const parts: Uint8Array[] = [];
  for (const payload of payloads) {
    let position = 0;
    let size: number;
    do {
      size = Math.min(limit, payload.length - position);
      const header = Buffer.alloc(4);
      header.writeUIntLE(size, 0, 3);
      parts.push(header, payload.subarray(position, position + size));
      position += size;
    } while (size === limit);
  }
  return Buffer.concat(parts);
}

/** Returns the payloads that PacketReader reads from chunks that end at `cuts`. */
function readInChunks(bytes: Buffer, cuts: number[], maxLength = 1 << 30): Buffer[] {
  const payloads: Buffer[] = [];
  const reader = new PacketReader(
    (packet, start, end) => payloads.push(Buffer.from(packet.subarray(start, end))),
    () => undefined,
    maxLength,
    () => payloads.push(Buffer.from('too long')),
  );
  let position = 0;
  for (const cut of [...cuts, bytes.length]) {
    reader.push(bytes.subarray(position, cut));
    position = cut;
  }
  return payloads;
}

/** Compares without `toEqual`, which is slow for buffers, unless there is a difference to print. */
function expectPayloads(read: Buffer[], expected: Buffer[], message: string): void {
  const areEqual =
    read.length === expected.length &&
    read.every((payload, i) => expected[i] !== undefined && payload.equals(expected[i]));
  if (!areEqual) expect(read, message).toEqual(expected);
}

const smallPayloads = [
  Buffer.from('a'),
  Buffer.alloc(0),
  Buffer.from('hello'),
  Buffer.alloc(300, 7),
];

describe('PacketReader', () => {
  it('reads the same packets from two chunks, wherever the first ends', () => {
    const bytes = encodePackets(smallPayloads);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expectPayloads(readInChunks(bytes, [cut]), smallPayloads, `cut at ${cut}`);
    }
  });

  it('reads the same packets byte by byte', () => {
    const bytes = encodePackets(smallPayloads);
    const everywhere = Array.from({ length: bytes.length }, (_, i) => i);
    expect(readInChunks(bytes, everywhere)).toEqual(smallPayloads);
  });

  it('assembles a packet that is larger than any chunk', () => {
    const large = Buffer.alloc(1_000_000, 'x');
    const bytes = encodePackets([large, Buffer.from('next')]);
    const cuts = Array.from({ length: 15 }, (_, i) => (i + 1) * 65_536);
    const [first, second] = readInChunks(bytes, cuts);
    expect(first?.equals(large)).toBe(true);
    expect(second).toEqual(Buffer.from('next'));
  });

  it.each([
    [100, 99, ['a', 'b'.repeat(99), 'c']],
    [100, 100, ['a', 'b'.repeat(100), 'c']],
    [100, 101, ['a', 'too long']],
  ])('with a limit of %i bytes: reads a payload of %i bytes as %j', (maxLength, size, expected) => {
    const bytes = encodePackets([Buffer.from('a'), Buffer.alloc(size, 'b'), Buffer.from('c')]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(readInChunks(bytes, [cut], maxLength).map(String), `cut at ${cut}`).toEqual(expected);
    }
  });

  it('applies the limit to a payload with its continuations', () => {
    const bytes = encodePackets([Buffer.alloc(0xffffff + 5)]);
    expect(readInChunks(bytes, [1000], 0xffffff + 4).map(String)).toEqual(['too long']);
    expect(readInChunks(bytes, [1000], 0xffffff + 5)).toHaveLength(1);
  });

  it.each([
    ['one byte less than a full packet', 0xfffffe],
    ['a full packet, followed by an empty packet', 0xffffff],
    ['one byte more than a full packet', 0x1000000],
    ['two full packets and 5 bytes', 0xffffff * 2 + 5],
  ])('joins the packets of a payload of 16 MB: %s', (_name, size) => {
    const large = Buffer.alloc(size, 'y');
    large.writeUInt32BE(0xdeadbeef, size - 4);
    const bytes = encodePackets([large, Buffer.from('next')]);
    for (const cuts of [[], [2], [4 + 0xffffff + 2], [1_000_000, 0xffffff + 3]]) {
      const [first, second] = readInChunks(
        bytes,
        cuts.filter((cut) => cut < bytes.length),
      );
      expect(first?.equals(large), `cuts ${cuts}`).toBe(true);
      expect(second, `cuts ${cuts}`).toEqual(Buffer.from('next'));
    }
  });
});

describe('PacketReader checks the numbers of packets', () => {
  /** Packets of one row each: the cell 'a', with these numbers. */
  const rowsNumbered = (numbers: number[]) =>
    Buffer.concat(numbers.map((number) => Buffer.of(2, 0, 0, number, 1, 0x61)));

  it.each<[string, number[], number]>([
    ['in order', [5, 6, 7, 8], 4],
    ['in order, over 255', [254, 255, 0, 1], 4],
    ['two swapped', [5, 7, 6, 8], 1],
    ['one missing', [5, 6, 8, 9], 2],
    ['one repeated', [5, 6, 6, 7], 2],
    ['the first one wrong', [6, 7, 8, 9], 0],
  ])('%s, wherever a chunk ends: with batches and without', (name, numbers, expected) => {
    const bytes = rowsNumbered(numbers);
    for (let cut = 0; cut <= bytes.length; cut++) {
      for (const takesBatches of [false, true]) {
        let rows = 0;
        const problems: string[] = [];
        const reader = new PacketReader(
          () => rows++,
          (...[chunk, start, end]) => {
            const taken = takesBatches ? findValidRows(chunk, start, end, 100, 1) : undefined;
            rows += taken?.rows ?? 0;
            return taken;
          },
          100,
          (problem) => problems.push(problem),
        );
        reader.expectSequence(name.includes('255') ? 254 : 5);
        reader.push(bytes.subarray(0, cut));
        reader.push(bytes.subarray(cut));
        expect([rows, problems], `cut at ${cut}, batches: ${takesBatches}`).toEqual([
          expected,
          expected === numbers.length ? [] : ['out of order'],
        ]);
      }
    }
  });
});

describe('framePackets', () => {
  it.each([0, 1, 65_535, 65_537, 0xfffffd, 0xfffffe, 0xffffff, 0x1fffffe])(
    'returns packets that PacketReader reads: a payload of %i bytes',
    (size) => {
      const payload = Buffer.alloc(size, 'z');
      const [command] = readInChunks(Buffer.concat(framePackets(3, payload)), []);
      expect(command?.[0]).toBe(3);
      expect(command?.subarray(1).equals(payload)).toBe(true);
    },
  );

  it('numbers the packets of a large command from 0', () => {
    const frames = framePackets(3, Buffer.alloc(0x1fffffe));
    const numbers = frames.filter((_, i) => i % 2 === 0).map((header) => header[3]);
    expect(numbers).toEqual([0, 1, 2]);
  });
});
