import { describe, expect, it } from 'vitest';
import { framePackets, PacketReader } from '../../src/protocol/packet-reader.js';

/** Packets as the server would send them, payloads of any length. */
function stream(payloads: Uint8Array[]): Buffer {
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

/** What comes out when the stream is fed in chunks that end at `cuts`. */
function read(bytes: Buffer, cuts: number[], longest = 1 << 30): Buffer[] {
  const found: Buffer[] = [];
  const reader = new PacketReader(
    (packet, start, end) => found.push(Buffer.from(packet.subarray(start, end))),
    (_bytes, start) => start,
    longest,
    () => found.push(Buffer.from('too long')),
  );
  let position = 0;
  for (const cut of [...cuts, bytes.length]) {
    reader.push(bytes.subarray(position, cut));
    position = cut;
  }
  return found;
}

const small = [Buffer.from('a'), Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(300, 7)];

describe('PacketReader', () => {
  it('gives the same packets wherever one cut falls', () => {
    const bytes = stream(small);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(read(bytes, [cut]), `cut at ${cut}`).toEqual(small);
    }
  });

  it('gives the same packets byte by byte', () => {
    const bytes = stream(small);
    const everywhere = Array.from({ length: bytes.length }, (_, i) => i);
    expect(read(bytes, everywhere)).toEqual(small);
  });

  it('gathers a packet that is larger than any chunk', () => {
    const large = Buffer.alloc(1_000_000, 'x');
    const bytes = stream([large, Buffer.from('next')]);
    const cuts = Array.from({ length: 15 }, (_, i) => (i + 1) * 65_536);
    const [first, second] = read(bytes, cuts);
    expect(first?.equals(large)).toBe(true);
    expect(second).toEqual(Buffer.from('next'));
  });

  it.each([
    [100, 99, ['a', 'b'.repeat(99), 'c']],
    [100, 100, ['a', 'b'.repeat(100), 'c']],
    [100, 101, ['a', 'too long']],
  ])('of at most %i bytes a payload: one of %i', (longest, size, expected) => {
    const bytes = stream([Buffer.from('a'), Buffer.alloc(size, 'b'), Buffer.from('c')]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(read(bytes, [cut], longest).map(String), `cut at ${cut}`).toEqual(expected);
    }
  });

  it('counts continuations together', () => {
    const bytes = stream([Buffer.alloc(0xffffff + 5)]);
    expect(read(bytes, [1000], 0xffffff + 4).map(String)).toEqual(['too long']);
    expect(read(bytes, [1000], 0xffffff + 5)).toHaveLength(1);
  });

  it.each([
    ['one byte below the limit', 0xfffffe],
    ['at the limit, followed by an empty packet', 0xffffff],
    ['one byte over it', 0x1000000],
    ['twice the limit and some', 0xffffff * 2 + 5],
  ])('joins a payload of 16 MB: %s', (_name, size) => {
    const large = Buffer.alloc(size, 'y');
    large.writeUInt32BE(0xdeadbeef, size - 4);
    const bytes = stream([large, Buffer.from('next')]);
    for (const cuts of [[], [2], [4 + 0xffffff + 2], [1_000_000, 0xffffff + 3]]) {
      const [first, second] = read(
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
    'is read back by PacketReader: a payload of %i bytes',
    (size) => {
      const payload = Buffer.alloc(size, 'z');
      const [command] = read(Buffer.concat(framePackets(3, payload)), []);
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
