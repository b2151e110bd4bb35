import { describe, expect, it } from 'vitest';
import { framePackets, PacketReader } from '../../src/protocol/packet-reader.js';

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
      expect(readInChunks(bytes, [cut]), `cut at ${cut}`).toEqual(smallPayloads);
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
