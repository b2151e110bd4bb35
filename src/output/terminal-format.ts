import {
  type CharacterSetDescription,
  dimOff,
  dimOn,
  type KeptControls,
} from '../text/text-sanitizer.js';
import type { CharacterLength } from '../text/utf8.js';
import { BufferedFormat } from './buffered-format.js';
import { createCellCounter } from './cell-count.js';
import { ColumnTypesFormat } from './column-types.js';
import { type Format, overrideBegin } from './format.js';
import type { OutputBuffer } from './output-buffer.js';
import { SanitizedCells } from './sanitized-cells.js';
import { SanitizingFormat } from './sanitizing-format.js';
import { type ScreenShape, ScreenShapeFormat } from './screen-shape.js';
import { TableFormat } from './table.js';
import { VerticalFormat } from './vertical.js';

/** How to display result sets on a terminal. */
export interface TerminalFormatOptions {
  /** `\G` or --vertical. */
  vertical: boolean;
  /** Display few rows vertically if their table would be wider than the terminal. */
  autoVertical: boolean;
  columnNames: boolean;
  /** The width of the terminal in cells. */
  terminalWidth: number;
  /** The lines of the terminal that a result can fill; by default any number. */
  terminalLines?: number;
  /** Receives the shape of each result set before it is written. */
  onShape?(shape: ScreenShape): void;
  /** Dim NULL and escapes with SGR sequences. */
  colors: boolean;
  /** The connection's character set. */
  characterSet: string;
  /** Required for character sets whose multi-byte characters can contain an ASCII or C1 byte. */
  characterLength?: CharacterLength | undefined;
  /** Display binary columns in hexadecimal even if they contain text. */
  binaryAsHex: boolean;
  /** Returns the cells that a text without control characters and SGR sequences takes. */
  cellWidth?: ((text: string) => number) | undefined;
  /** --quick: rows are not stored first; the declared lengths set the widths. */
  quick?: boolean;
  /** --quick-max-column-width */
  maxDeclaredWidth?: number;
  /** Display result sets without rows, too. */
  showEmpty?: boolean;
  /** --column-type-info */
  columnTypeInfo?: boolean;
}

/**
 * Creates the format that displays result sets on a terminal: the client's table or vertical form,
 * with all values and names sanitized (see SanitizedCells), UTF-8 in binary columns as text,
 * columns as wide as the terminal displays them, and NULL distinct from the text `NULL`: dim, or
 * `<NULL>` without colors. For rows of printable ASCII without NULL the table equals the client's
 * byte for byte. Newlines stay line breaks only in vertical output.
 */
export function formatForTerminal(out: OutputBuffer, options: TerminalFormatOptions): Format {
  const { characterSet, characterLength, binaryAsHex, colors, columnNames } = options;
  const displayWidth = createCellCounter(characterSet, options.cellWidth);
  const cells = new SanitizedCells({
    characterSet,
    characterLength,
    binaryAsHex,
    colors,
    displayWidth,
  });
  const nullText = colors
    ? Buffer.concat([dimOn, Buffer.from('NULL'), dimOff])
    : Buffer.from('<NULL>');
  const nullCells = displayWidth(nullText, 0, nullText.length);
  const nameWidth = (name: Uint8Array) => displayWidth(name, 0, name.length);
  const vertical = new SanitizingFormat(
    new VerticalFormat(out, { columnNames, nameWidth, nullText }),
    cells,
    'newlines',
  );
  const { onShape = () => {} } = options;
  if (options.vertical) return withSanitizedNames(vertical, cells);
  const table = new TableFormat(out, {
    columnNames,
    displayWidth,
    binaryAsHex: false,
    maxDeclaredWidth: options.maxDeclaredWidth ?? Number.POSITIVE_INFINITY,
    nameWidth,
    nullText,
  });
  const sanitized = new SanitizingFormat(table, cells, 'none');
  const described = options.columnTypeInfo ? new ColumnTypesFormat(out, sanitized) : sanitized;
  const { terminalWidth, terminalLines = Number.POSITIVE_INFINITY, autoVertical } = options;
  const shapeOptions = { autoVertical, terminalWidth, terminalLines, onShape };
  const chosen = new ScreenShapeFormat(described, vertical, {
    ...shapeOptions,
    columnNames,
    nameWidth,
  });
  if (options.quick) return withSanitizedNames(chosen, cells);
  const measureCell = (bytes: Uint8Array, start: number, end: number, index: number) =>
    start < 0 ? nullCells : cells.measure(bytes, start, end, index);
  return withSanitizedNames(
    new BufferedFormat(chosen, options.showEmpty ?? false, measureCell),
    cells,
  );
}

/**
 * Returns `format` with all values and names sanitized before it receives them; otherwise its output is
 * that of `format`. `hexFollows`: `format` writes binary columns in hexadecimal.
 */
export function sanitizeBefore(
  format: Format,
  characterSet: CharacterSetDescription,
  hexFollows: boolean,
  keptControls: KeptControls,
): Format {
  const cells = new SanitizedCells({
    ...characterSet,
    colors: false,
    binaryAsHex: hexFollows ? 'later' : false,
    displayWidth: createCellCounter(characterSet.characterSet, undefined),
  });
  return withSanitizedNames(new SanitizingFormat(format, cells, keptControls), cells);
}

/** Returns `format` with sanitized column names; `begin` also passes the columns to `cells`. */
function withSanitizedNames(format: Format, cells: SanitizedCells): Format {
  return overrideBegin(format, (columns) => {
    cells.begin(columns);
    const sanitized = columns.map((column) => ({
      ...column,
      name: cells.sanitize(column.name),
      originalName: cells.sanitize(column.originalName),
      table: cells.sanitize(column.table),
      originalTable: cells.sanitize(column.originalTable),
      database: cells.sanitize(column.database),
      catalog: cells.sanitize(column.catalog),
    }));
    format.begin(sanitized);
  });
}
