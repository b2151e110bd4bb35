import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CompressedReader } from '../../src/replica/compressed-reader.js';
import { compressPacket } from './scripted-server.js';

/**
 * Returns the content that the reader reads from chunks that end at `cuts`, and the numbers of the
 * packets.
 */
function readInChunks(bytes: Buffer, cuts: number[]): { content: Buffer; sequences: number[] } {
  const parts: Buffer[] = [];
  const sequences: number[] = [];
  const reader = new CompressedReader(
    (part) => parts.push(Buffer.from(part)),
    (sequence) => sequences.push(sequence),
  );
  let position = 0;
  for (const cut of [...cuts, bytes.length]) {
    reader.push(bytes.subarray(position, cut));
    position = cut;
  }
  return { content: Buffer.concat(parts), sequences };
}

const contents = ['a', 'some text, '.repeat(30), '', 'x'.repeat(200), 'last'].map((text) =>
  Buffer.from(text),
);

describe('CompressedReader', () => {
  const bytes = Buffer.concat(
    contents.map((content, i) => compressPacket(content, { sequence: i, deflated: i % 2 === 1 })),
  );
  const expected = { content: Buffer.concat(contents), sequences: [0, 1, 2, 3, 4] };

  it('reads the same bytes from two chunks, wherever the first ends', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(readInChunks(bytes, [cut]), `cut at ${cut}`).toEqual(expected);
    }
  });

  it('reads the same bytes from chunks of every small size', () => {
    for (let size = 1; size < 30; size++) {
      const cuts = Array.from(
        { length: Math.floor(bytes.length / size) },
        (_, i) => (i + 1) * size,
      );
      expect(readInChunks(bytes, cuts), `chunks of ${size}`).toEqual(expected);
    }
  });

  it.each([65_535, 70_000, 5_000_000])('inflates a packet of %i bytes', (length) => {
    const large = Buffer.alloc(length);
    for (let i = 0; i < length; i++) large[i] = (i ** 3) >>> 7;
    const stream = Buffer.concat([
      compressPacket(large),
      compressPacket(Buffer.from('next'), { sequence: 255 }),
    ]);
    for (const cuts of [[], [3], [1000], [stream.length - 9]]) {
      const { content, sequences } = readInChunks(stream, cuts);
      expect(content.equals(Buffer.concat([large, Buffer.from('next')]))).toBe(true);
      expect(sequences).toEqual([0, 255]);
    }
  });

  const deflated = deflateSync('some text of many different words, 0123456789');

  it.each<[string, Buffer]>([
    [
      'a body that is not deflated',
      Buffer.concat([Buffer.of(4, 0, 0, 0, 9, 0, 0), Buffer.from('oops')]),
    ],
    [
      'a body that inflates to more bytes than announced',
      compressPacket(Buffer.from('longer than that'), { length: 5 }),
    ],
    [
      'a body that inflates to fewer bytes than announced',
      compressPacket(Buffer.from('short'), { length: 500 }),
    ],
    ['a truncated body', Buffer.concat([Buffer.of(9, 0, 0, 0, 90, 1, 0), deflated.subarray(0, 9)])],
  ])('refuses %s', (_name, malformed) => {
    const good = compressPacket(Buffer.from('some good text'));
    expect(() => readInChunks(Buffer.concat([good, malformed]), [])).toThrow('malformed');
  });
});
