import { type ClientFormat, toVerticalFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { AutoVertical } from '../output/auto-vertical.js';
import { HexFormat } from '../output/binary-hex.js';
import { BufferedFormat } from '../output/buffered-format.js';
import { ColumnTypesFormat } from '../output/column-types.js';
import type { Format } from '../output/format.js';
import { HtmlFormat } from '../output/html.js';
import { IsoTimestampsFormat } from '../output/iso-timestamps.js';
import { getBundledKernel } from '../output/kernel.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import { TableFormat } from '../output/table.js';
import { sanitizeBefore } from '../output/terminal-format.js';
import { TsvFormat } from '../output/tsv.js';
import { VerticalFormat } from '../output/vertical.js';
import { XmlFormat } from '../output/xml.js';
import type { Statement } from '../script/item.js';
import { getLexicalCharacterSet } from '../script/lexical-character-set.js';
import { createClientWidth } from '../text/client-width.js';
import type { KeptControls } from '../text/text-sanitizer.js';
import { describeCharacterSet } from './describe-character-set.js';

/** The parts of a statement that decide its format: its terminator, and its text for XML. */
export type FormatRequest = Pick<Statement, 'sql' | 'untrimmed' | 'vertical'>;

/**
 * Returns the format that writes the results of `statement`, as the client would write them.
 * `showEmpty`: a result set without rows is written like any other.
 */
export function chooseFormat(
  format: ClientFormat,
  settings: OutputSettings,
  statement: FormatRequest,
  characterSet: string,
  out: OutputBuffer,
  showEmpty = showsEmptySets(settings),
): Format {
  const chosen = chooseBaseFormat(format, settings, statement, characterSet, out, showEmpty);
  return settings.isoTimestamps ? new IsoTimestampsFormat(chosen) : chosen;
}

function chooseBaseFormat(
  requested: ClientFormat,
  settings: OutputSettings,
  statement: FormatRequest,
  characterSet: string,
  out: OutputBuffer,
  showEmpty: boolean,
): Format {
  const { columnNames, quick, verbose, binaryAsHex } = settings;
  const withHex = (format: Format, nullAsHex: boolean) =>
    binaryAsHex ? new HexFormat(format, nullAsHex) : format;
  // With -v the client prints the statement first, which removes the blanks at its end.
  const text = verbose >= 1 ? statement.sql : statement.untrimmed;
  const createXml = () => new XmlFormat(out, { statement: text, quick });
  const createVertical = () => withHex(new VerticalFormat(out, { columnNames }), false);
  // On a terminal, values are escaped before they are measured, so that tables stay aligned.
  const makeSafe = (chosen: Format, keptControls: KeptControls) =>
    out.sanitizer === undefined
      ? chosen
      : sanitizeBefore(chosen, describeCharacterSet(characterSet), binaryAsHex, keptControls);
  const format = statement.vertical ? toVerticalFormat(requested) : requested;
  switch (format.name) {
    case 'xml':
      return withHex(createXml(), false);
    case 'html': {
      const whenEmpty = format.emptyAsXml ? createXml() : undefined;
      return withHex(new HtmlFormat(out, { columnNames, showEmpty, whenEmpty }), true);
    }
    case 'vertical':
      return makeSafe(createVertical(), 'newlines');
    case 'tsv':
    case 'table': {
      const isTable = format.name === 'table';
      const plain = isTable
        ? createTableFormat(settings, characterSet, out)
        : createTsvFormat(settings, characterSet, out, showEmpty);
      const hexed = withHex(plain, true);
      const typed = isTable && settings.columnTypeInfo ? new ColumnTypesFormat(out, hexed) : hexed;
      const chosen = format.autoVertical
        ? new AutoVertical(typed, createVertical(), {
            columnNames,
            terminalWidth: readTerminalWidth(),
          })
        : typed;
      const isBuffered = !quick && (isTable || format.autoVertical);
      const buffered = isBuffered ? new BufferedFormat(chosen, showEmpty) : chosen;
      return isTable ? makeSafe(buffered, 'none') : buffered;
    }
  }
}

/** Whether a result set without rows is written like any other, instead of as `Empty set`. */
export function showsEmptySets({ quick, columnTypeInfo }: OutputSettings): boolean {
  return quick || columnTypeInfo;
}

function createTsvFormat(
  { columnNames, raw, silent }: OutputSettings,
  characterSet: string,
  out: OutputBuffer,
  showEmpty: boolean,
): Format {
  // -ss drops the header of TSV only.
  const options = { columnNames: columnNames && silent < 2, raw, showEmpty };
  const { hasAsciiTrailBytes, length } = getLexicalCharacterSet(characterSet);
  return new TsvFormat(out, options, getBundledKernel, hasAsciiTrailBytes ? length : undefined);
}

function createTableFormat(
  settings: OutputSettings,
  characterSet: string,
  out: OutputBuffer,
): Format {
  return new TableFormat(out, {
    columnNames: settings.columnNames,
    displayWidth: createClientWidth(characterSet),
    binaryAsHex: settings.binaryAsHex,
    maxDeclaredWidth: settings.quickMaxColumnWidth,
  });
}

const defaultTerminalWidth = 80;

/**
 * Returns the width in cells of the terminal at standard input, or 80 if standard input is not a
 * terminal or the terminal does not report a width. Observed: the client uses standard input; it
 * ignores the terminal at standard output, and COLUMNS.
 */
export function readTerminalWidth(): number {
  // Loaded late, because only tables need the width.
  const { isatty, WriteStream } = process.getBuiltinModule('node:tty');
  if (!isatty(0)) return defaultTerminalWidth;
  // Only a WriteStream reports its width. It is not closed, since that would close standard input.
  const stream = new WriteStream(0);
  stream.unref();
  return stream.columns || defaultTerminalWidth;
}
