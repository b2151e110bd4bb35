import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CompressedReader } from '../../src/replica/compressed-reader.js';

/** A compressed packet that holds `content`, deflated or as it is. */
function packet(content: Buffer, deflated = true, length = content.length): Buffer {
  const body = deflated ? deflateSync(content) : content;
  const header = Buffer.alloc(7);
  header.writeUIntLE(body.length, 0, 3);
  header.writeUIntLE(deflated ? length : 0, 4, 3);
  return Buffer.concat([header, body]);
}

/** What comes out when the stream is fed in chunks that end at `cuts`, and how many packets. */
function read(bytes: Buffer, cuts: number[]): { content: Buffer; packets: number } {
  const pieces: Buffer[] = [];
  let packets = 0;
  const reader = new CompressedReader(
    (piece) => pieces.push(Buffer.from(piece)),
    () => packets++,
  );
  let position = 0;
  for (const cut of [...cuts, bytes.length]) {
    reader.push(bytes.subarray(position, cut));
    position = cut;
  }
  return { content: Buffer.concat(pieces), packets };
}

const contents = ['a', 'some text, '.repeat(30), '', 'x'.repeat(200), 'last'].map((text) =>
  Buffer.from(text),
);

describe('CompressedReader', () => {
  const bytes = Buffer.concat(contents.map((content, i) => packet(content, i % 2 === 1)));
  const expected = { content: Buffer.concat(contents), packets: contents.length };

  it('gives the same bytes wherever one cut falls', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(read(bytes, [cut]), `cut at ${cut}`).toEqual(expected);
    }
  });

  it('gives the same bytes in pieces of every small size', () => {
    for (let size = 1; size < 30; size++) {
      const cuts = Array.from(
        { length: Math.floor(bytes.length / size) },
        (_, i) => (i + 1) * size,
      );
      expect(read(bytes, cuts), `pieces of ${size}`).toEqual(expected);
    }
  });

  it.each([65_535, 70_000, 5_000_000])('inflates a packet of %i bytes', (length) => {
    const large = Buffer.from(Array.from({ length }, (_, i) => (i ** 3) >>> 7));
    const stream = Buffer.concat([packet(large), packet(Buffer.from('next'))]);
    for (const cuts of [[], [3], [1000], [stream.length - 9]]) {
      const { content, packets } = read(stream, cuts);
      expect(content.equals(Buffer.concat([large, Buffer.from('next')]))).toBe(true);
      expect(packets).toBe(2);
    }
  });

  const deflated = deflateSync('some text of many different words, 0123456789');

  it.each<[string, Buffer]>([
    ['what is not deflated', Buffer.concat([Buffer.of(4, 0, 0, 0, 9, 0, 0), Buffer.from('oops')])],
    ['what is longer than announced', packet(Buffer.from('longer than that'), true, 5)],
    ['what is shorter than announced', packet(Buffer.from('short'), true, 500)],
    ['what is cut off', Buffer.concat([Buffer.of(9, 0, 0, 0, 90, 1, 0), deflated.subarray(0, 9)])],
  ])('refuses %s', (_name, malformed) => {
    const good = packet(Buffer.from('some good text'));
    expect(() => read(Buffer.concat([good, malformed]), [])).toThrow('malformed');
  });
});
