import type { CharacterLength } from '../text/utf8.js';
import { AutoVertical } from './auto-vertical.js';
import { BufferedFormat } from './buffered-format.js';
import { cellCount, dimOff, dimOn } from './cell-count.js';
import { ColumnTypesFormat } from './column-types.js';
import { beginningWith, type Format } from './format.js';
import type { OutputBuffer } from './output-buffer.js';
import { SanitizedCells } from './sanitized-cells.js';
import { SanitizingFormat } from './sanitizing-format.js';
import { TableFormat } from './table.js';
import { VerticalFormat } from './vertical.js';

/** How results are shown to people at a terminal. */
export interface TerminalFormatOptions {
  /** `\G` or --vertical. */
  vertical: boolean;
  /** A table that would be wider than the terminal is shown vertically. */
  autoVertical: boolean;
  columnNames: boolean;
  /** In cells. */
  terminalWidth: number;
  /** SGR sequences may be written: NULL and escapes are dim. */
  colours: boolean;
  /** The connection's. */
  characterSet: string;
  /** For sets in which a character of several bytes may hold one of ASCII or C1. */
  characterLength?: CharacterLength | undefined;
  /** Binary columns are shown in hexadecimal even where they hold text. */
  binaryAsHex: boolean;
  /** Cells of a terminal that a text takes, which holds neither control characters nor SGR. */
  cellWidth?: ((text: string) => number) | undefined;
  /** --quick: rows are not stored first, widths are the declared ones. */
  quick?: boolean;
  /** --quick-max-column-width */
  maxDeclaredWidth?: number;
  /** A result set without rows is shown as well. */
  showEmpty?: boolean;
  /** --column-type-info */
  columnTypeInfo?: boolean;
}

/**
 * The form in which results are shown on a terminal: the client's table, or vertical, with every
 * value and name made safe (see ShownCells), UTF-8 in binary columns as text, columns as wide as the
 * terminal shows them, and NULL told apart from the word: dim, `<NULL>` without colours. Of rows
 * that are printable ASCII without NULL the table is the client's, byte for byte. Only in vertical
 * output do newlines stay line breaks.
 */
export function formatForTerminal(out: OutputBuffer, options: TerminalFormatOptions): Format {
  const { characterSet, characterLength, binaryAsHex, colours, columnNames } = options;
  const width = cellCount(characterSet, options.cellWidth);
  const cells = new SanitizedCells({
    characterSet,
    characterLength,
    binaryAsHex,
    colours,
    cells: width,
  });
  const nullText = colours
    ? Buffer.concat([dimOn, Buffer.from('NULL'), dimOff])
    : Buffer.from('<NULL>');
  const nullCells = width(nullText, 0, nullText.length);
  const nameWidth = (name: Uint8Array) => width(name, 0, name.length);
  const vertical = new SanitizingFormat(
    new VerticalFormat(out, { columnNames, nameWidth, nullText }),
    cells,
    'newlines',
  );
  if (options.vertical) return withSanitizedNames(vertical, cells);
  const table = new TableFormat(out, {
    columnNames,
    displayWidth: width,
    binaryAsHex: false,
    maxDeclaredWidth: options.maxDeclaredWidth ?? Number.POSITIVE_INFINITY,
    nameWidth,
    nullText,
  });
  const shown = new SanitizingFormat(table, cells, 'none');
  const typed = options.columnTypeInfo ? new ColumnTypesFormat(out, shown) : shown;
  const { terminalWidth } = options;
  const chosen = options.autoVertical
    ? new AutoVertical(typed, vertical, { columnNames, terminalWidth, nameWidth })
    : typed;
  if (options.quick) return withSanitizedNames(chosen, cells);
  const measure = (bytes: Uint8Array, start: number, end: number, index: number) =>
    start < 0 ? nullCells : cells.measure(bytes, start, end, index);
  return withSanitizedNames(new BufferedFormat(chosen, options.showEmpty ?? false, measure), cells);
}

/** Makes the names safe that come with the columns, and tells `cells` of the columns. */
function withSanitizedNames(format: Format, cells: SanitizedCells): Format {
  return beginningWith(format, (columns) => {
    cells.begin(columns);
    const shown = columns.map((column) => ({
      ...column,
      name: cells.text(column.name),
      originalName: cells.text(column.originalName),
      table: cells.text(column.table),
      originalTable: cells.text(column.originalTable),
      database: cells.text(column.database),
      catalog: cells.text(column.catalog),
    }));
    format.begin(shown);
  });
}
