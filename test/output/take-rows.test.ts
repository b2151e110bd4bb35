import { describe, expect, it } from 'vitest';
import { AutoVertical } from '../../src/output/auto-vertical.js';
import { HexFormat } from '../../src/output/binary-hex.js';
import type { Format } from '../../src/output/format.js';
import { IsoTimestampsFormat } from '../../src/output/iso-timestamps.js';
import type { Column } from '../../src/protocol/column.js';
import { DeferredFailureFormat } from '../../src/shell/redirected-file.js';
import { ResultScreen } from '../../src/shell/result-screen.js';
import { textColumns } from './rows.js';

/** A format that accepts every chunk of rows. */
const acceptingFormat: Format = {
  begin() {},
  row() {},
  takeRows: (_bytes, _start, end) => ({ end, rows: 3 }),
  end() {},
};

const textColumn = textColumns('a');
/** VARBINARY(14), the type of MediaWiki timestamps. */
const timestampColumn = textColumn.map(
  (column): Column => ({ ...column, collation: 63, length: 14 }),
);
const screen = new ResultScreen({ write: () => undefined }, (summary) => summary);

describe('passes a chunk of rows to the inner format', () => {
  it.each<[string, Format, Column[]]>([
    ['--binary-as-hex without a binary column', new HexFormat(acceptingFormat, true), textColumn],
    ['--timestamps iso without a timestamp', new IsoTimestampsFormat(acceptingFormat), textColumn],
    [
      '--auto-vertical-output',
      new AutoVertical(acceptingFormat, acceptingFormat, { columnNames: true, terminalWidth: 80 }),
      textColumn,
    ],
    ['$> FILE', new DeferredFailureFormat(acceptingFormat), textColumn],
    ['the screen', screen.withSummariesBefore(acceptingFormat), textColumn],
  ])('%s', (_name, format, columns) => {
    format.begin(columns);
    expect(format.takeRows(new Uint8Array(9), 2, 9, 100, 1)).toEqual({ end: 9, rows: 3 });
  });
});

describe('leaves rows that it converts to the row-by-row code', () => {
  it.each<[string, Format]>([
    ['--binary-as-hex', new HexFormat(acceptingFormat, true)],
    ['--timestamps iso', new IsoTimestampsFormat(acceptingFormat)],
  ])('%s', (_name, format) => {
    format.begin(timestampColumn);
    expect(format.takeRows(new Uint8Array(9), 2, 9, 100, 1)).toBeUndefined();
  });
});
