import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSpace } from '../../src/fanout/rows/file-space.js';
import type { Lane } from '../../src/fanout/rows/lane.js';
import { Spool } from '../../src/fanout/rows/spool.js';
import { SpoolFile } from '../../src/fanout/rows/spool-file.js';
import { PacketReader } from '../../src/replica/packet-reader.js';
import { generator } from '../output/rows.js';
import { packets } from './parts.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spool-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const row = (text: string) => Buffer.from(`\x01${text}`);

function add(lane: Lane, text: string | Buffer): void {
  const bytes = typeof text === 'string' ? row(text) : text;
  lane.row(bytes, 0, bytes.length);
}

/** All rows of a lane, as the reader of packets sees them. */
function drained(lane: Lane): Buffer[] {
  const rows: Buffer[] = [];
  const reader = new PacketReader(
    (bytes, start, end) => rows.push(Buffer.from(bytes.subarray(start, end))),
    (_bytes, start) => start,
    Number.POSITIVE_INFINITY,
    () => {},
  );
  for (let piece = lane.next(); piece !== undefined; piece = lane.next()) reader.push(piece);
  return rows;
}

describe('a spool', () => {
  const unnamed = () => SpoolFile.unnamed(folder);

  it.each([
    ['in memory', 1 << 20],
    ['beyond its memory', 0],
  ])('keeps the rows of lanes apart, %s', (_name, memory) => {
    const spool = new Spool({ memory, open: unnamed });
    const lanes = [spool.lane(), spool.lane(), spool.lane()];
    const random = generator(7);
    const wanted: Buffer[][] = [[], [], []];
    for (let i = 0; i < 3000; i++) {
      const which = random(3);
      const bytes = Buffer.alloc(1 + random(2000), which);
      wanted[which]?.push(bytes);
      add(lanes[which] as Lane, bytes);
    }
    expect(spool.inFile > 0).toBe(memory === 0 || spool.inFile > 0);
    lanes.forEach((lane, index) => {
      expect(lane.rows).toBe(wanted[index]?.length);
      expect(drained(lane).every((bytes, i) => bytes.equals(wanted[index]?.[i] ?? row('')))).toBe(
        true,
      );
      lane.drop();
    });
    expect([spool.memory, spool.inFile]).toEqual([0, 0]);
    spool.close();
  });

  it('takes whole rows by the chunk, and leaves what is none', () => {
    const spool = new Spool();
    const lane = spool.lane();
    const rows = packets([
      ['a', null],
      ['b', 'c'],
    ]);
    const bytes = Buffer.concat([rows, Buffer.from([5, 0, 0, 9, 0xfe, 0, 0, 2, 0])]);
    expect(lane.takeRows(bytes, 0, bytes.length, 100)).toBe(rows.length);
    expect([lane.rows, lane.bytes]).toEqual([2, rows.length - 8]);
    expect(Buffer.concat([lane.next() ?? Buffer.alloc(0)]).equals(rows)).toBe(true);
  });

  it.each([0xfffffe, 0xffffff, 0x1000000, 0x1ffffff])('keeps a row of %i bytes', (length) => {
    const spool = new Spool({ memory: 1 << 20, open: unnamed });
    const lane = spool.lane();
    const long = Buffer.alloc(length, 'x');
    add(lane, 'a');
    add(lane, long);
    add(lane, 'b');
    const rows = drained(lane);
    expect(rows.map((bytes) => bytes.length)).toEqual([2, length, 2]);
    expect(rows[1]?.equals(long)).toBe(true);
    spool.close();
  });

  it('puts the largest lanes away when all together are beyond its memory, and goes on', () => {
    const spool = new Spool({ memory: 1 << 20, open: unnamed });
    const [small, large] = [spool.lane(), spool.lane()];
    add(small, 'small');
    for (let i = 0; i < 50; i++) add(large, Buffer.alloc(100_000, i));
    expect(spool.memory).toBeLessThanOrEqual(1 << 20);
    expect(spool.inFile).toBeGreaterThan(4_000_000);
    expect(small.memory).toBeGreaterThan(0);
    expect(drained(large).map((bytes) => bytes[0])).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
    expect(drained(small)).toEqual([row('small')]);
  });

  it('gives out what comes while it is being drained', () => {
    const spool = new Spool({ memory: 0, open: unnamed });
    const [lane, other] = [spool.lane(), spool.lane()];
    for (let i = 0; i < 100; i++) add(lane, Buffer.alloc(10_000, i));
    const first = Buffer.from(lane.next() ?? []);
    // These push the rest of the lane into the file.
    for (let i = 0; i < 100; i++) add(other, Buffer.alloc(10_000, i));
    let size = first.length;
    for (let piece = lane.next(); piece !== undefined; piece = lane.next()) size += piece.length;
    expect(size).toBe(100 * 10_004);
  });

  it('uses the room in its file again', () => {
    const spool = new Spool({ memory: 0, open: unnamed });
    let largest = 0;
    for (let i = 0; i < 20; i++) {
      const lane = spool.lane();
      for (let j = 0; j < 20; j++) add(lane, Buffer.alloc(50_000, j));
      largest = Math.max(largest, spool.file.size);
      if (i % 2 === 0) lane.drop();
      else expect(drained(lane).length).toBe(20);
      lane.drop();
    }
    expect(largest).toBeLessThan(3_000_000);
  });

  it('leaves no name in the folder, and no memory when lanes are dropped', () => {
    const spool = new Spool({ memory: 0, open: unnamed });
    const lane = spool.lane();
    for (let i = 0; i < 100; i++) add(lane, Buffer.alloc(10_000, i));
    expect(spool.inFile).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
    lane.drop();
    lane.drop();
    expect([spool.memory, spool.inFile]).toEqual([0, 0]);
    spool.close();
    spool.close();
  });

  it('names the folder that it cannot use, and how to choose another', () => {
    const spool = new Spool({ memory: 0, open: () => SpoolFile.unnamed(join(folder, 'no')) });
    const lane = spool.lane();
    const fill = () => {
      for (let i = 0; i < 100; i++) add(lane, Buffer.alloc(10_000, i));
    };
    expect(fill).toThrow(/cannot be kept in .*\/no \(ENOENT\): set TMPDIR/);
  });

  it('says so when the disk is full', () => {
    // A device that is always full.
    const spool = new Spool({ memory: 0, open: () => SpoolFile.named('/dev/full', []) });
    const lane = spool.lane();
    const fill = () => {
      for (let i = 0; i < 100; i++) add(lane, Buffer.alloc(10_000, i));
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
        for (let at = offset; at < offset + size; at++) {
          expect(owners[at]).toBeUndefined();
          owners[at] = i;
        }
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
