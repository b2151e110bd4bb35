import { type ClientFormat, verticalFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { AutoVertical } from '../output/auto-vertical.js';
import { HexFormat } from '../output/binary-hex.js';
import { BufferedFormat } from '../output/buffered-format.js';
import { ColumnTypesFormat } from '../output/column-types.js';
import type { Format } from '../output/format.js';
import { HtmlFormat } from '../output/html.js';
import { IsoTimestampsFormat } from '../output/iso-timestamps.js';
import { builtKernel } from '../output/kernel.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import { TableFormat } from '../output/table.js';
import { TsvFormat } from '../output/tsv.js';
import { VerticalFormat } from '../output/vertical.js';
import { XmlFormat } from '../output/xml.js';
import { characterSet as characterSetOf } from '../script/character-set.js';
import type { Statement } from '../script/item.js';
import { displayWidthIn } from '../text/client-width.js';

/** What the choice of a format looks at: how the statement ended, and its text for XML. */
export type Asked = Pick<Statement, 'sql' | 'untrimmed' | 'vertical'>;

/**
 * Makes the format that writes the results of `statement`. `showEmpty`: a result set without rows is
 * written like any other.
 */
export function chooseFormat(
  format: ClientFormat,
  settings: OutputSettings,
  statement: Asked,
  characterSet: string,
  out: OutputBuffer,
  showEmpty = showsEmptySets(settings),
): Format {
  const chosen = plainFormat(format, settings, statement, characterSet, out, showEmpty);
  return settings.isoTimestamps ? new IsoTimestampsFormat(chosen) : chosen;
}

function plainFormat(
  asked: ClientFormat,
  settings: OutputSettings,
  statement: Asked,
  characterSet: string,
  out: OutputBuffer,
  showEmpty: boolean,
): Format {
  const { columnNames, quick, verbose, binaryAsHex } = settings;
  const hex = (format: Format, nullAsHex: boolean) =>
    binaryAsHex ? new HexFormat(format, nullAsHex) : format;
  // With -v the statement was printed, and lost the blanks at its end by that.
  const text = verbose >= 1 ? statement.sql : statement.untrimmed;
  const xml = () => new XmlFormat(out, { statement: text, quick });
  const vertical = () => hex(new VerticalFormat(out, { columnNames }), false);
  const format = statement.vertical ? verticalFormat(asked) : asked;
  switch (format.name) {
    case 'xml':
      return hex(xml(), false);
    case 'html': {
      const whenEmpty = format.emptyAsXml ? xml() : undefined;
      return hex(new HtmlFormat(out, { columnNames, showEmpty, whenEmpty }), true);
    }
    case 'vertical':
      return vertical();
    case 'tsv':
    case 'table': {
      const isTable = format.name === 'table';
      const plain = isTable
        ? tableFormat(settings, characterSet, out)
        : tsvFormat(settings, characterSet, out, showEmpty);
      const hexed = hex(plain, true);
      const typed = isTable && settings.columnTypeInfo ? new ColumnTypesFormat(out, hexed) : hexed;
      const chosen = format.autoVertical
        ? new AutoVertical(typed, vertical(), { columnNames, terminalWidth: terminalWidth() })
        : typed;
      const stored = !quick && (isTable || format.autoVertical);
      return stored ? new BufferedFormat(chosen, showEmpty) : chosen;
    }
  }
}

/** Whether a result set without rows is one like any other, and no `Empty set`. */
export function showsEmptySets({ quick, columnTypeInfo }: OutputSettings): boolean {
  return quick || columnTypeInfo;
}

function tsvFormat(
  { columnNames, raw, silent }: OutputSettings,
  characterSet: string,
  out: OutputBuffer,
  showEmpty: boolean,
): Format {
  // -ss drops the header of TSV, and of TSV alone.
  const options = { columnNames: columnNames && silent < 2, raw, showEmpty };
  const { hidesBytes, length } = characterSetOf(characterSet);
  return new TsvFormat(out, options, builtKernel, hidesBytes ? length : undefined);
}

function tableFormat(settings: OutputSettings, characterSet: string, out: OutputBuffer): Format {
  return new TableFormat(out, {
    columnNames: settings.columnNames,
    displayWidth: displayWidthIn(characterSet),
    binaryAsHex: settings.binaryAsHex,
    maxDeclaredWidth: settings.quickMaxColumnWidth,
  });
}

const usual = 80;

/**
 * How many cells wide the terminal is on which the user types (observed: standard input's counts,
 * standard output's and COLUMNS do not); 80 if there is none, or none that tells.
 */
export function terminalWidth(): number {
  // Loaded late: tables alone ask for the width.
  const { isatty, WriteStream } = process.getBuiltinModule('node:tty');
  if (!isatty(0)) return usual;
  // Only a stream for writing knows its width. It is not closed: the descriptor is not ours.
  const stream = new WriteStream(0);
  stream.unref();
  return stream.columns || usual;
}
