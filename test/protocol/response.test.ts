import { describe, expect, it } from 'vitest';
import type { Column } from '../../src/protocol/column.js';
import { PacketReader } from '../../src/protocol/packet-reader.js';
import { leaveRows } from '../../src/protocol/packets.js';
import type { Progress } from '../../src/protocol/progress-report.js';
import { Response } from '../../src/protocol/response.js';
import type { SqlError } from '../../src/protocol/sql-error.js';
import { packet } from '../replica/scripted-server.js';

const short = (text: string) => Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
const endOfFile = Buffer.of(0xfe, 0, 0, 2, 0);

function definition(name: string): Buffer {
  const fixed = Buffer.of(12, 45, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0);
  return Buffer.concat([
    short('def'),
    short(''),
    short(''),
    short(''),
    short(name),
    short(''),
    fixed,
  ]);
}

function stream(...payloads: Buffer[]): Buffer {
  return Buffer.concat(payloads.map((payload, i) => packet(i + 1, payload)));
}

describe('Response', () => {
  it('keeps names of columns however the stream is cut', () => {
    const row = short('a value that is longer than the definition of the column, '.repeat(2));
    const bytes = stream(Buffer.of(1), definition('name_of_the_column'), endOfFile, row, row);
    const names = new Set<string>();
    for (let cut = 1; cut < bytes.length; cut++) {
      let kept: Column[] = [];
      const response = new Response(
        {
          ok() {},
          resultSet(columns) {
            kept = columns;
          },
          row() {},
          takeRows: leaveRows,
          endOfRows() {},
          pressure: () => undefined,
        },
        () => {},
      );
      const reader = new PacketReader(
        (packetBytes, start, end) => response.packet(packetBytes, start, end),
        (_bytes, start) => start,
        1 << 20,
        () => {},
      );
      reader.push(bytes.subarray(0, cut));
      // The last row is cut as well, so that whatever was held before is overwritten.
      reader.push(bytes.subarray(cut, Math.max(cut, bytes.length - 9)));
      reader.push(bytes.subarray(Math.max(cut, bytes.length - 9)));
      names.add(kept.map(({ name }) => Buffer.from(name).toString()).join());
    }
    expect([...names]).toEqual(['name_of_the_column']);
  });

  const report = Buffer.concat([
    Buffer.of(0xff, 0xff, 0xff, 1, 2, 3, 0x39, 0x30, 0),
    short('copy'),
  ]);

  /** What a handler hears of the payloads, and the error that the response ends with. */
  function hear(reportsProgress: boolean, ...payloads: Buffer[]): unknown[] {
    const heard: unknown[] = [];
    const handler = {
      ok: () => heard.push('ok'),
      resultSet: () => heard.push('result set'),
      row: () => heard.push('row'),
      takeRows: leaveRows,
      endOfRows: () => heard.push('end of rows'),
      pressure: () => undefined,
      progress: ({ what, ...rest }: Progress) =>
        heard.push({ ...rest, what: Buffer.from(what).toString() }),
    };
    const response = new Response(handler, () => {}, reportsProgress);
    try {
      for (const payload of payloads) heard.push(response.packet(payload, 0, payload.length));
    } catch (error) {
      heard.push((error as SqlError).errno);
    }
    return heard;
  }
  const told = { stage: 2, stages: 3, percent: 12.345, what: 'copy' };

  it('tells of progress wherever it comes', () => {
    const ok = Buffer.of(0, 0, 0, 2, 0, 0, 0);
    expect(hear(true, report, ok)).toEqual([told, false, 'ok', true]);
    const rows = [Buffer.of(1), report, definition('a'), report, endOfFile, report, short('x')];
    expect(hear(true, ...rows, report, endOfFile).filter((it) => it !== false)).toEqual([
      ...[told, told, 'result set', told, 'row', told, 'end of rows', true],
    ]);
  });

  it.each<[string, Buffer, Progress | { what: string }]>([
    ['no text', report.subarray(0, 9), { ...told, what: '' }],
    ['less text than it says', report.subarray(0, -2), { ...told, what: 'co' }],
  ])('takes a report with %s', (_name, payload, expected) => {
    expect(hear(true, payload)).toEqual([expected, false]);
  });

  it('takes it for an error where nobody asked for it, or where it is too short', () => {
    expect(hear(false, report)).toEqual([0xffff]);
    expect(hear(true, report.subarray(0, 8))).toEqual([0xffff]);
  });
});
