import { cellWidth } from './width.js';

/** Returns the lines of a table; undefined where it would have too many rows. */
export type DrawTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
) => string[] | undefined;

/** cli-table3 takes more than linear time, and nobody reads a longer table on a terminal. */
const mostRows = 100;
const leastWidth = 20;
/** A border and two blanks for each column, and the last border. */
const frame = { column: 3, end: 1 };

/** The lines of the client's own tables, which every terminal can show. */
const chars = {
  ...{ top: '-', 'top-mid': '+', 'top-left': '+', 'top-right': '+' },
  ...{ bottom: '-', 'bottom-mid': '+', 'bottom-left': '+', 'bottom-right': '+' },
  ...{ left: '|', right: '|', middle: '|' },
  // One rule below the head, none between rows.
  ...{ mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

/**
 * Resolves to what draws the program's own small tables, each as wide as its terminal at most;
 * undefined where the descriptor is not a terminal: there, lines are for programs. All cells must be
 * printable, in one line.
 */
export async function tableDrawer(descriptor: 1 | 2): Promise<DrawTable | undefined> {
  const { isatty, WriteStream } = process.getBuiltinModule('node:tty');
  if (!isatty(descriptor)) return undefined;
  // Not closed: the descriptor is not ours.
  const stream = new WriteStream(descriptor);
  stream.unref();
  return tableOfWidth(stream.columns || 80);
}

/** The same for a terminal of so many cells. */
export async function tableOfWidth(width: number): Promise<DrawTable> {
  const { default: Table } = await import('cli-table3');
  return (head, rows) => {
    if (rows.length > mostRows) return undefined;
    const widths = head.map((name, index) =>
      Math.max(...[name, ...rows.map((row) => row[index] ?? '')].map((cell) => cellWidth(cell))),
    );
    const others = widths.slice(0, -1).reduce((sum, cells) => sum + cells + frame.column, 0);
    const room = Math.max(leastWidth, width - others - frame.column - frame.end);
    const last = Math.min(widths.at(-1) ?? 0, room);
    const table = new Table({
      head: [...head],
      chars,
      // With the two blanks around a cell.
      colWidths: [...widths.slice(0, -1), last].map((cells) => cells + 2),
      colAligns: head.map((_, index) => (isNumeric(rows, index) ? 'right' : 'left')),
      wordWrap: true,
      style: { head: [], border: [] },
    });
    table.push(...rows.map((row) => [...row]));
    const lines = table.toString().split('\n');
    // With no rules between rows cli-table3 leaves out the one below the head, too.
    const [top = '', ...below] = lines;
    return [top, ...below.slice(0, 1), top, ...below.slice(1)];
  };
}

function isNumeric(rows: readonly (readonly string[])[], index: number): boolean {
  return rows.length > 0 && rows.every((row) => /^[\d,]+$/.test(row[index] ?? ''));
}
