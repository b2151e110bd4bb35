import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RowBuffer } from '../../src/fanout/rows/row-buffer.js';
import { PacketReader } from '../../src/protocol/packet-reader.js';
import { FileSpace } from '../../src/spill/file-space.js';
import { SpillBuffer } from '../../src/spill/spill-buffer.js';
import { SpillFile } from '../../src/spill/spill-file.js';
import { packets } from '../fanout/results/parts.js';
import { generator } from '../output/rows.js';

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

/** All rows of a buffer, as the packet reader sees them. */
function drained(buffer: RowBuffer): Buffer[] {
  const rows: Buffer[] = [];
  const reader = new PacketReader(
    (bytes, start, end) => rows.push(Buffer.from(bytes.subarray(start, end))),
    (_bytes, start) => start,
    Number.POSITIVE_INFINITY,
    () => {},
  );
  for (let piece = buffer.next(); piece !== undefined; piece = buffer.next()) reader.push(piece);
  return rows;
}

describe('a spill buffer', () => {
  const unnamed = () => SpillFile.unnamed(directory);

  it.each([
    ['in memory', 1 << 20],
    ['beyond its memory', 0],
  ])('keeps the rows of several wikis apart, %s', (_name, memory) => {
    const spill = new SpillBuffer({ memory, open: unnamed });
    const buffers = [
      new RowBuffer(spill.queue()),
      new RowBuffer(spill.queue()),
      new RowBuffer(spill.queue()),
    ];
    const random = generator(7);
    const wanted: Buffer[][] = [[], [], []];
    for (let i = 0; i < 3000; i++) {
      const which = random(3);
      const bytes = Buffer.alloc(1 + random(2000), which);
      wanted[which]?.push(bytes);
      add(buffers[which] as RowBuffer, bytes);
    }
    expect(spill.inFile > 0).toBe(memory === 0 || spill.inFile > 0);
    buffers.forEach((buffer, index) => {
      expect(buffer.rows).toBe(wanted[index]?.length);
      expect(drained(buffer).every((bytes, i) => bytes.equals(wanted[index]?.[i] ?? row('')))).toBe(
        true,
      );
      buffer.drop();
    });
    expect([spill.memory, spill.inFile]).toEqual([0, 0]);
    spill.close();
  });

  it('takes whole rows by the chunk, and leaves what is not a row', () => {
    const spill = new SpillBuffer();
    const buffer = new RowBuffer(spill.queue());
    const rows = packets([
      ['a', null],
      ['b', 'c'],
    ]);
    const bytes = Buffer.concat([rows, Buffer.from([5, 0, 0, 9, 0xfe, 0, 0, 2, 0])]);
    expect(buffer.takeRows(bytes, 0, bytes.length, 100)?.end).toBe(rows.length);
    expect([buffer.rows, buffer.bytes]).toEqual([2, rows.length - 8]);
    expect(Buffer.concat([buffer.next() ?? Buffer.alloc(0)]).equals(rows)).toBe(true);
  });

  it.each([0xfffffe, 0xffffff, 0x1000000, 0x1ffffff])('keeps a row of %i bytes', (length) => {
    const spill = new SpillBuffer({ memory: 1 << 20, open: unnamed });
    const buffer = new RowBuffer(spill.queue());
    const long = Buffer.alloc(length, 'x');
    add(buffer, 'a');
    add(buffer, long);
    add(buffer, 'b');
    const rows = drained(buffer);
    expect(rows.map((bytes) => bytes.length)).toEqual([2, length, 2]);
    expect(rows[1]?.equals(long)).toBe(true);
    spill.close();
  });

  it('puts the largest queues into the file when all together exceed its memory', () => {
    const spill = new SpillBuffer({ memory: 1 << 20, open: unnamed });
    const queue = spill.queue();
    const [small, large] = [new RowBuffer(queue), new RowBuffer(spill.queue())];
    add(small, 'small');
    for (let i = 0; i < 50; i++) add(large, Buffer.alloc(100_000, i));
    expect(spill.memory).toBeLessThanOrEqual(1 << 20);
    expect(spill.inFile).toBeGreaterThan(4_000_000);
    expect(queue.memory).toBeGreaterThan(0);
    expect(drained(large).map((bytes) => bytes[0])).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
    expect(drained(small)).toEqual([row('small')]);
  });

  it('gives out what comes while it is being drained', () => {
    const spill = new SpillBuffer({ memory: 0, open: unnamed });
    const [buffer, other] = [new RowBuffer(spill.queue()), new RowBuffer(spill.queue())];
    for (let i = 0; i < 100; i++) add(buffer, Buffer.alloc(10_000, i));
    const first = Buffer.from(buffer.next() ?? []);
    // These push the rest of the buffer into the file.
    for (let i = 0; i < 100; i++) add(other, Buffer.alloc(10_000, i));
    let size = first.length;
    for (let piece = buffer.next(); piece !== undefined; piece = buffer.next())
      size += piece.length;
    expect(size).toBe(100 * 10_004);
  });

  it('uses the room in its file again', () => {
    const spill = new SpillBuffer({ memory: 0, open: unnamed });
    let largest = 0;
    for (let i = 0; i < 20; i++) {
      const buffer = new RowBuffer(spill.queue());
      for (let j = 0; j < 20; j++) add(buffer, Buffer.alloc(50_000, j));
      largest = Math.max(largest, spill.file.size);
      if (i % 2 === 0) buffer.drop();
      else expect(drained(buffer).length).toBe(20);
      buffer.drop();
    }
    expect(largest).toBeLessThan(3_000_000);
  });

  it('leaves no name in the directory, and no memory when queues are dropped', () => {
    const spill = new SpillBuffer({ memory: 0, open: unnamed });
    const buffer = new RowBuffer(spill.queue());
    for (let i = 0; i < 100; i++) add(buffer, Buffer.alloc(10_000, i));
    expect(spill.inFile).toBeGreaterThan(0);
    expect(readdirSync(directory)).toEqual([]);
    buffer.drop();
    buffer.drop();
    expect([spill.memory, spill.inFile]).toEqual([0, 0]);
    spill.close();
    spill.close();
  });

  it('names the directory that it cannot use, and how to choose another', () => {
    const spill = new SpillBuffer({
      memory: 0,
      open: () => SpillFile.unnamed(join(directory, 'no')),
    });
    const buffer = new RowBuffer(spill.queue());
    const fill = () => {
      for (let i = 0; i < 100; i++) add(buffer, Buffer.alloc(10_000, i));
    };
    expect(fill).toThrow(/cannot be kept in .*\/no \(ENOENT\): set TMPDIR/);
  });

  it('says so when the disk is full', () => {
    // A device that is always full.
    const spill = new SpillBuffer({ memory: 0, open: () => SpillFile.named('/dev/full', []) });
    const buffer = new RowBuffer(spill.queue());
    const fill = () => {
      for (let i = 0; i < 100; i++) add(buffer, Buffer.alloc(10_000, i));
    };
    expect(fill).toThrow('cannot keep rows in /dev/full (ENOSPC)');
  });
});

describe('the room of a file', () => {
  it('is given out again, in parts, and joined', () => {
    const space = new FileSpace();
    const [a, b, c] = [space.take(10), space.take(20), space.take(30)];
    space.give(a);
    space.give(b);
    expect([space.used, space.end]).toEqual([30, 60]);
    expect(space.take(25)).toEqual([[0, 25]]);
    expect(space.take(10)).toEqual([
      [25, 5],
      [60, 5],
    ]);
    space.give(c);
    space.give([[60, 5]]);
    expect([space.used, space.end]).toEqual([30, 30]);
  });

  it('begins with what is used already', () => {
    const space = new FileSpace([
      [50, 10],
      [10, 10],
    ]);
    expect([space.used, space.end]).toEqual([20, 60]);
    expect(space.take(45)).toEqual([
      [20, 30],
      [0, 10],
      [60, 5],
    ]);
  });

  it('never gives out what is in use (random)', () => {
    const random = generator(3);
    const space = new FileSpace();
    const owners: (number | undefined)[] = [];
    const held = new Map<number, [number, number][]>();
    for (let i = 0; i < 2000; i++) {
      const length = 1 + random(50);
      const extents = space.take(length);
      expect(extents.reduce((sum, [, size]) => sum + size, 0)).toBe(length);
      for (const [offset, size] of extents) {
        const inUse = owners.slice(offset, offset + size).filter((owner) => owner !== undefined);
        expect(inUse).toEqual([]);
        for (let at = offset; at < offset + size; at++) owners[at] = i;
      }
      held.set(i, extents);
      const gone = random(i + 1);
      const given = random(3) > 0 ? held.get(gone) : undefined;
      if (given === undefined) continue;
      held.delete(gone);
      space.give(given);
      for (const [offset, size] of given) owners.fill(undefined, offset, offset + size);
    }
  });
});
