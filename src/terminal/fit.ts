import { cellWidth, clusters, type WidthRules } from '../text/width.js';

/**
 * A text as it is painted in exactly `cells` cells: filled up with blanks, or cut, with an ellipsis
 * in the last cell. What a terminal would not show is replaced by its picture.
 */
export function fitted(text: string, cells: number, rules: WidthRules = 'graphemes'): string {
  if (cells <= 0) return '';
  const isCut = cellWidth(text, rules) > cells;
  const room = isCut ? cells - 1 : cells;
  let shown = '';
  let taken = 0;
  for (const cluster of clusters(text, rules)) {
    if (taken + cluster.cells > room) break;
    shown += cluster.shown;
    taken += cluster.cells;
  }
  return `${shown}${isCut ? '…' : ''}${' '.repeat(room - taken)}`;
}
