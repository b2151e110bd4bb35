import { describe, expect, it } from 'vitest';
import { AutoVertical } from '../../src/output/auto-vertical.js';
import { HexFormat } from '../../src/output/binary-hex.js';
import type { Format } from '../../src/output/format.js';
import { IsoTimestampsFormat } from '../../src/output/iso-timestamps.js';
import type { Column } from '../../src/protocol/column.js';
import { RefusableFormat } from '../../src/shell/redirected.js';
import { ResultScreen } from '../../src/shell/result-screen.js';
import { textColumns } from './rows.js';

/** A format that takes every chunk whole. */
const taker: Format = {
  begin() {},
  row() {},
  takeRows: (_bytes, _start, end) => ({ end, rows: 3 }),
  end() {},
};

const text = textColumns('a');
/** VARBINARY(14), as MediaWiki's timestamps are. */
const binary = text.map((column): Column => ({ ...column, collation: 63, length: 14 }));
const screen = new ResultScreen({ write: () => undefined });

describe('a chunk of rows goes through to the format that takes it', () => {
  it.each<[string, Format, Column[]]>([
    ['--binary-as-hex without a binary column', new HexFormat(taker, true), text],
    ['--timestamps iso without a timestamp', new IsoTimestampsFormat(taker), text],
    [
      '--auto-vertical-output',
      new AutoVertical(taker, taker, { columnNames: true, terminalWidth: 80 }),
      text,
    ],
    ['$> FILE', new RefusableFormat(taker), text],
    ['the screen', screen.behindSummaries(taker), text],
  ])('%s', (_name, format, columns) => {
    format.begin(columns);
    expect(format.takeRows(new Uint8Array(9), 2, 9, 100)).toEqual({ end: 9, rows: 3 });
  });
});

describe('rows that are changed on the way come one by one', () => {
  it.each<[string, Format]>([
    ['--binary-as-hex', new HexFormat(taker, true)],
    ['--timestamps iso', new IsoTimestampsFormat(taker)],
  ])('%s', (_name, format) => {
    format.begin(binary);
    expect(format.takeRows(new Uint8Array(9), 2, 9, 100)).toBeUndefined();
  });
});
