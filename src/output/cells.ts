import { lenencSize, lenencValue } from '../lenenc.js';

/** Protocol text rows: a NULL cell is this byte alone, others a length and their bytes. */
export const nullMarker = 0xfb;

/** Takes one cell: its bytes lie at `start … end`; NULL has `start` −1. */
export type OnCell = (start: number, end: number, index: number) => void;

/** Walks over a row's cells, for formats that need not be as fast as TSV. */
export function eachCell(bytes: Uint8Array, start: number, end: number, onCell: OnCell): void {
  let at = start;
  for (let index = 0; at < end; index++) {
    if (bytes[at] === nullMarker) {
      at++;
      onCell(-1, -1, index);
      continue;
    }
    const length = lenencValue(bytes, at);
    at += lenencSize(bytes, at);
    onCell(at, at + length, index);
    at += length;
  }
}
