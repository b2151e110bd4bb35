import { getLenencSize, readLenenc } from './lenenc.js';

/**
 * A NULL cell in a row of the text protocol. Every other cell is a length followed by its bytes.
 */
export const nullMarker = 0xfb;

/**
 * Tells whether `bytes[start … end)` is a row of so many cells: the lengths fit, and the last cell
 * ends with the row. All code that reads cells relies on it.
 */
export function isValidRow(
  bytes: Uint8Array,
  start: number,
  end: number,
  columns: number,
): boolean {
  let position = start;
  let remaining = columns;
  while (position < end) {
    const first = bytes[position] as number;
    remaining--;
    if (first < nullMarker) position += 1 + first;
    else if (first === nullMarker) position++;
    // If the length itself extends beyond the row, so does the cell.
    else if (first < 0xff) position += getLenencSize(bytes, position) + readLenenc(bytes, position);
    else return false;
  }
  return position === end && remaining === 0;
}

/** Receives one cell: its bytes are `start … end`. For NULL, `start` is −1. */
export type OnCell = (start: number, end: number, index: number) => void;

/**
 * Calls `onCell` for each cell of a row. The formats that process millions of rows (TSV, tables,
 * Parquet) have their own loops, because a call per cell costs a third of their time.
 */
export function forEachCell(bytes: Uint8Array, start: number, end: number, onCell: OnCell): void {
  let position = start;
  for (let index = 0; position < end; index++) {
    if (bytes[position] === nullMarker) {
      position++;
      onCell(-1, -1, index);
      continue;
    }
    const length = readLenenc(bytes, position);
    position += getLenencSize(bytes, position);
    onCell(position, position + length, index);
    position += length;
  }
}

/** The bytes of a cell as the server sent them; null for NULL. */
export type Cell = Uint8Array | null;

/** Returns copies of the cells of a row. */
export function copyRowCells(bytes: Uint8Array, start: number, end: number): Cell[] {
  const cells: Cell[] = [];
  forEachCell(bytes, start, end, (cellStart, cellEnd) =>
    cells.push(cellStart < 0 ? null : bytes.slice(cellStart, cellEnd)),
  );
  return cells;
}
