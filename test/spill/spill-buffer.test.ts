import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RowBuffer } from '../../src/fanout/rows/row-buffer.js';
import { PacketReader } from '../../src/protocol/packet-reader.js';
import { FileSpace } from '../../src/spill/file-space.js';
import { SpillBuffer } from '../../src/spill/spill-buffer.js';
import { SpillFile } from '../../src/spill/spill-file.js';
import { packets } from '../fanout/results/answers.js';
import { createRandom } from '../output/rows.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spill-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const row = (text: string) => Buffer.from(`\x01${text}`);

function add(buffer: RowBuffer, text: string | Buffer): void {
  const bytes = typeof text === 'string' ? row(text) : text;
  buffer.row(bytes, 0, bytes.length);
}

/** Reads all rows of a buffer with a packet reader. */
function readRows(buffer: RowBuffer): Buffer[] {
  const rows: Buffer[] = [];
  const reader = new PacketReader(
    (bytes, start, end) => rows.push(Buffer.from(bytes.subarray(start, end))),
    () => undefined,
    Number.POSITIVE_INFINITY,
    () => {},
  );
  for (let piece = buffer.next(); piece !== undefined; piece = buffer.next()) reader.push(piece);
  return rows;
}

describe('a spill buffer', () => {
  const openFile = () => SpillFile.openUnnamed(directory);

  it.each([
    ['in memory', 1 << 20],
    ['in the file', 0],
  ])('stores the rows of several wikis separately, %s', (_name, memory) => {
    const spill = new SpillBuffer({ memory, open: openFile });
    const buffers = [
      new RowBuffer(spill.createQueue()),
      new RowBuffer(spill.createQueue()),
      new RowBuffer(spill.createQueue()),
    ];
    const random = createRandom(7);
    const expected: Buffer[][] = [[], [], []];
    for (let i = 0; i < 3000; i++) {
      const which = random(3);
      const bytes = Buffer.alloc(1 + random(2000), which);
      expected[which]?.push(bytes);
      add(buffers[which] as RowBuffer, bytes);
    }
    expect(spill.bytesInFile > 0).toBe(memory === 0 || spill.bytesInFile > 0);
    buffers.forEach((buffer, index) => {
      expect(buffer.rows).toBe(expected[index]?.length);
      expect(
        readRows(buffer).every((bytes, i) => bytes.equals(expected[index]?.[i] ?? row(''))),
      ).toBe(true);
      buffer.drop();
    });
    expect([spill.memory, spill.bytesInFile]).toEqual([0, 0]);
    spill.close();
  });

  it('accepts many complete rows at once, and leaves bytes that are not a row', () => {
    const spill = new SpillBuffer();
    const buffer = new RowBuffer(spill.createQueue());
    const rows = packets([
      ['a', null],
      ['b', 'c'],
    ]);
    const bytes = Buffer.concat([rows, Buffer.from([5, 0, 0, 9, 0xfe, 0, 0, 2, 0])]);
    expect(buffer.takeRows(bytes, 0, bytes.length, 100, 2)?.end).toBe(rows.length);
    expect([buffer.rows, buffer.bytes]).toEqual([2, rows.length - 8]);
    expect(Buffer.concat([buffer.next() ?? Buffer.alloc(0)]).equals(rows)).toBe(true);
  });

  it.each([0xfffffe, 0xffffff, 0x1000000, 0x1ffffff])('stores a row of %i bytes', (length) => {
    const spill = new SpillBuffer({ memory: 1 << 20, open: openFile });
    const buffer = new RowBuffer(spill.createQueue());
    const long = Buffer.alloc(length, 'x');
    add(buffer, 'a');
    add(buffer, long);
    add(buffer, 'b');
    const rows = readRows(buffer);
    expect(rows.map((bytes) => bytes.length)).toEqual([2, length, 2]);
    expect(rows[1]?.equals(long)).toBe(true);
    spill.close();
  });

  it('writes the largest queues to the file when all together exceed the memory', () => {
    const spill = new SpillBuffer({ memory: 1 << 20, open: openFile });
    const queue = spill.createQueue();
    const [small, large] = [new RowBuffer(queue), new RowBuffer(spill.createQueue())];
    add(small, 'small');
    for (let i = 0; i < 50; i++) add(large, Buffer.alloc(100_000, i));
    expect(spill.memory).toBeLessThanOrEqual(1 << 20);
    expect(spill.bytesInFile).toBeGreaterThan(4_000_000);
    expect(queue.memory).toBeGreaterThan(0);
    expect(readRows(large).map((bytes) => bytes[0])).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
    expect(readRows(small)).toEqual([row('small')]);
  });

  it('returns rows that were in memory when reading began and have moved to the file since', () => {
    const spill = new SpillBuffer({ memory: 0, open: openFile });
    const [buffer, other] = [
      new RowBuffer(spill.createQueue()),
      new RowBuffer(spill.createQueue()),
    ];
    for (let i = 0; i < 100; i++) add(buffer, Buffer.alloc(10_000, i));
    const first = Buffer.from(buffer.next() ?? []);
    // These rows move the rest of the first buffer to the file.
    for (let i = 0; i < 100; i++) add(other, Buffer.alloc(10_000, i));
    let size = first.length;
    for (let piece = buffer.next(); piece !== undefined; piece = buffer.next())
      size += piece.length;
    expect(size).toBe(100 * 10_004);
  });

  it('reuses free space in its file', () => {
    const spill = new SpillBuffer({ memory: 0, open: openFile });
    let largest = 0;
    for (let i = 0; i < 20; i++) {
      const buffer = new RowBuffer(spill.createQueue());
      for (let j = 0; j < 20; j++) add(buffer, Buffer.alloc(50_000, j));
      largest = Math.max(largest, spill.file.size);
      if (i % 2 === 0) buffer.drop();
      else expect(readRows(buffer).length).toBe(20);
      buffer.drop();
    }
    expect(largest).toBeLessThan(3_000_000);
  });

  it('leaves no file in the directory, and frees the memory of dropped queues', () => {
    const spill = new SpillBuffer({ memory: 0, open: openFile });
    const buffer = new RowBuffer(spill.createQueue());
    for (let i = 0; i < 100; i++) add(buffer, Buffer.alloc(10_000, i));
    expect(spill.bytesInFile).toBeGreaterThan(0);
    expect(readdirSync(directory)).toEqual([]);
    buffer.drop();
    buffer.drop();
    expect([spill.memory, spill.bytesInFile]).toEqual([0, 0]);
    spill.close();
    spill.close();
  });

  it('names a directory that it cannot use, and the variable that selects another', () => {
    const spill = new SpillBuffer({
      memory: 0,
      open: () => SpillFile.openUnnamed(join(directory, 'no')),
    });
    const buffer = new RowBuffer(spill.createQueue());
    const fill = () => {
      for (let i = 0; i < 100; i++) add(buffer, Buffer.alloc(10_000, i));
    };
    expect(fill).toThrow(/cannot buffer rows in '.*\/no' \(ENOENT\): set TMPDIR/);
  });

  it('reports a full disk', () => {
    // Linux fails each write to this device with ENOSPC.
    const spill = new SpillBuffer({ memory: 0, open: () => SpillFile.openNamed('/dev/full', []) });
    const buffer = new RowBuffer(spill.createQueue());
    const fill = () => {
      for (let i = 0; i < 100; i++) add(buffer, Buffer.alloc(10_000, i));
    };
    expect(fill).toThrow("cannot keep rows in '/dev/full' (ENOSPC)");
  });
});

describe('the space in a file', () => {
  it('is reused after its release, in parts and merged', () => {
    const space = new FileSpace();
    const [a, b, c] = [space.allocate(10), space.allocate(20), space.allocate(30)];
    space.release(a);
    space.release(b);
    expect([space.used, space.end]).toEqual([30, 60]);
    expect(space.allocate(25)).toEqual([[0, 25]]);
    expect(space.allocate(10)).toEqual([
      [25, 5],
      [60, 5],
    ]);
    space.release(c);
    space.release([[60, 5]]);
    expect([space.used, space.end]).toEqual([30, 30]);
  });

  it('excludes extents that are already in use', () => {
    const space = new FileSpace([
      [50, 10],
      [10, 10],
    ]);
    expect([space.used, space.end]).toEqual([20, 60]);
    expect(space.allocate(45)).toEqual([
      [20, 30],
      [0, 10],
      [60, 5],
    ]);
  });

  it('is never allocated twice at the same time (random)', () => {
    const random = createRandom(3);
    const space = new FileSpace();
    const owners: (number | undefined)[] = [];
    const held = new Map<number, [number, number][]>();
    for (let i = 0; i < 2000; i++) {
      const length = 1 + random(50);
      const extents = space.allocate(length);
      expect(extents.reduce((sum, [, size]) => sum + size, 0)).toBe(length);
      for (const [offset, size] of extents) {
        const inUse = owners.slice(offset, offset + size).filter((owner) => owner !== undefined);
        expect(inUse).toEqual([]);
        for (let position = offset; position < offset + size; position++) owners[position] = i;
      }
      held.set(i, extents);
      const releasedOwner = random(i + 1);
      const releasedExtents = random(3) > 0 ? held.get(releasedOwner) : undefined;
      if (releasedExtents === undefined) continue;
      held.delete(releasedOwner);
      space.release(releasedExtents);
      for (const [offset, size] of releasedExtents) owners.fill(undefined, offset, offset + size);
    }
  });
});
