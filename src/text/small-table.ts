import { cellWidth } from './width.js';

/** Returns the lines of a table; undefined if it would have too many rows. */
export type TableDrawer = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
) => string[] | undefined;

/** cli-table3 takes more than linear time, and users do not read longer tables on a terminal. */
const maxRows = 100;
const minLastColumnWidth = 20;
/** Cells of a border and two spaces for each column, and of the last border. */
const borderCells = { column: 3, end: 1 };

/** The border characters of the client's tables, which every terminal can display. */
const chars = {
  ...{ top: '-', 'top-mid': '+', 'top-left': '+', 'top-right': '+' },
  ...{ bottom: '-', 'bottom-mid': '+', 'bottom-left': '+', 'bottom-right': '+' },
  ...{ left: '|', right: '|', middle: '|' },
  // No rules between rows; the code below inserts the one after the head.
  ...{ mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

/**
 * Resolves to a function that draws the program's small tables, at most as wide as the terminal;
 * undefined if the descriptor is not a terminal, because programs read its lines. All cells must be
 * printable text without newlines.
 */
export async function createTableDrawer(descriptor: 1 | 2): Promise<TableDrawer | undefined> {
  const { isatty, WriteStream } = process.getBuiltinModule('node:tty');
  if (!isatty(descriptor)) return undefined;
  // Not closed, because the descriptor belongs to the process.
  const stream = new WriteStream(descriptor);
  stream.unref();
  return createTableDrawerOfWidth(stream.columns || 80);
}

/** Resolves to a function that draws tables for a terminal of `width` cells. */
export async function createTableDrawerOfWidth(width: number): Promise<TableDrawer> {
  const { default: Table } = await import('cli-table3');
  return (head, rows) => {
    if (rows.length > maxRows) return undefined;
    const widths = head.map((name, index) =>
      Math.max(...[name, ...rows.map((row) => row[index] ?? '')].map((cell) => cellWidth(cell))),
    );
    const others = widths.slice(0, -1).reduce((sum, cells) => sum + cells + borderCells.column, 0);
    const room = Math.max(
      minLastColumnWidth,
      width - others - borderCells.column - borderCells.end,
    );
    const last = Math.min(widths.at(-1) ?? 0, room);
    const table = new Table({
      head: [...head],
      chars,
      // Includes the two spaces around a cell.
      colWidths: [...widths.slice(0, -1), last].map((cells) => cells + 2),
      colAligns: head.map((_, index) => (isNumericColumn(rows, index) ? 'right' : 'left')),
      wordWrap: true,
      style: { head: [], border: [] },
    });
    table.push(...rows.map((row) => [...row]));
    const lines = table.toString().split('\n');
    // Without rules between rows cli-table3 omits the one below the head, too.
    const [top = '', ...below] = lines;
    return [top, ...below.slice(0, 1), top, ...below.slice(1)];
  };
}

function isNumericColumn(rows: readonly (readonly string[])[], index: number): boolean {
  return rows.length > 0 && rows.every((row) => /^[\d,]+$/.test(row[index] ?? ''));
}
