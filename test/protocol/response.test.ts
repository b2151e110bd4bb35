import { describe, expect, it } from 'vitest';
import type { Column } from '../../src/protocol/column.js';
import { PacketReader } from '../../src/protocol/packet-reader.js';
import { takeNoRows } from '../../src/protocol/packets.js';
import type { Progress } from '../../src/protocol/progress-report.js';
import { Response } from '../../src/protocol/response.js';
import type { SqlError } from '../../src/protocol/sql-error.js';
import { buildPacket } from '../replica/scripted-server.js';

const encodeText = (text: string) => Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
const eofPacket = Buffer.of(0xfe, 0, 0, 2, 0);

function columnDefinition(name: string): Buffer {
  const fixed = Buffer.of(12, 45, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0);
  return Buffer.concat([
    encodeText('def'),
    encodeText(''),
    encodeText(''),
    encodeText(''),
    encodeText(name),
    encodeText(''),
    fixed,
  ]);
}

function encodePackets(...payloads: Buffer[]): Buffer {
  return Buffer.concat(payloads.map((payload, i) => buildPacket(i + 1, payload)));
}

describe('Response', () => {
  it('keeps the names of columns, wherever the chunks end', () => {
    const row = encodeText('a value that is longer than the definition of the column, '.repeat(2));
    const bytes = encodePackets(
      Buffer.of(1),
      columnDefinition('name_of_the_column'),
      eofPacket,
      row,
      row,
    );
    const names = new Set<string>();
    for (let cut = 1; cut < bytes.length; cut++) {
      let columnsReceived: Column[] = [];
      const response = new Response(
        {
          ok() {},
          resultSet(columns) {
            columnsReceived = columns;
          },
          row() {},
          takeRows: takeNoRows,
          endOfRows() {},
          backPressure: () => undefined,
        },
        () => {},
      );
      const reader = new PacketReader(
        (packetBytes, start, end) => response.readPacket(packetBytes, start, end),
        () => undefined,
        1 << 20,
        () => {},
      );
      reader.push(bytes.subarray(0, cut));
      // The last row is split, too, so that the buffer of the partial packet is overwritten.
      reader.push(bytes.subarray(cut, Math.max(cut, bytes.length - 9)));
      reader.push(bytes.subarray(Math.max(cut, bytes.length - 9)));
      names.add(columnsReceived.map(({ name }) => Buffer.from(name).toString()).join());
    }
    expect([...names]).toEqual(['name_of_the_column']);
  });

  const report = Buffer.concat([
    Buffer.of(0xff, 0xff, 0xff, 1, 2, 3, 0x39, 0x30, 0),
    encodeText('copy'),
  ]);

  /**
   * Returns the calls of the handler for these payloads, and the error at the end of the response.
   */
  function collectEvents(reportsProgress: boolean, ...payloads: Buffer[]): unknown[] {
    const events: unknown[] = [];
    const handler = {
      ok: () => events.push('ok'),
      resultSet: () => events.push('result set'),
      row: () => events.push('row'),
      takeRows: takeNoRows,
      endOfRows: () => events.push('end of rows'),
      backPressure: () => undefined,
      progress: ({ what, ...rest }: Progress) =>
        events.push({ ...rest, what: Buffer.from(what).toString() }),
    };
    const response = new Response(handler, () => {}, reportsProgress);
    try {
      for (const payload of payloads) events.push(response.readPacket(payload, 0, payload.length));
    } catch (error) {
      events.push((error as SqlError).errno);
    }
    return events;
  }
  const expectedReport = { stage: 2, stages: 3, percent: 12.345, what: 'copy' };

  it('passes progress reports to the handler, wherever they arrive', () => {
    const ok = Buffer.of(0, 0, 0, 2, 0, 0, 0);
    expect(collectEvents(true, report, ok)).toEqual([expectedReport, false, 'ok', true]);
    const rows = [
      Buffer.of(1),
      report,
      columnDefinition('a'),
      report,
      eofPacket,
      report,
      encodeText('x'),
    ];
    expect(collectEvents(true, ...rows, report, eofPacket).filter((it) => it !== false)).toEqual([
      ...[
        expectedReport,
        expectedReport,
        'result set',
        expectedReport,
        'row',
        expectedReport,
        'end of rows',
        true,
      ],
    ]);
  });

  it.each<[string, Buffer, Progress | { what: string }]>([
    ['no description', report.subarray(0, 9), { ...expectedReport, what: '' }],
    [
      'a description shorter than its length',
      report.subarray(0, -2),
      { ...expectedReport, what: 'co' },
    ],
  ])('accepts a report with %s', (_name, payload, expected) => {
    expect(collectEvents(true, payload)).toEqual([expected, false]);
  });

  it('treats a report as an error if it was not requested, or if it is too short', () => {
    expect(collectEvents(false, report)).toEqual([0xffff]);
    expect(collectEvents(true, report.subarray(0, 8))).toEqual([0xffff]);
  });
});
