import { byte } from './bytes.js';

/** For each byte 1 if a reader has to stop and look at it, 0 if it can be passed over. */
export type StopTable = Uint8Array;

function tableOf(bytes: number[], multiByte: boolean): StopTable {
  const table = new Uint8Array(256);
  for (const value of bytes) table[value] = 1;
  if (multiByte) table.fill(1, 0x80);
  return table;
}

/** Where a reader stops, in each place that it can be in. */
export interface StopTables {
  code: StopTable;
  comment: StopTable;
  singleQuote: StopTable;
  doubleQuote: StopTable;
  backtick: StopTable;
}

/** Tables for a delimiter; `hidden` as in CharacterSet. */
export function stopTables(delimiter: Uint8Array, hidden: boolean): StopTables {
  const { singleQuote, doubleQuote, backtick, backslash, hash, dash, slash, asterisk } = byte;
  const first = delimiter[0] ?? 0;
  return {
    code: tableOf(
      [singleQuote, doubleQuote, backtick, backslash, hash, dash, slash, asterisk, first],
      hidden || first >= 0x80,
    ),
    comment: tableOf([slash, asterisk], hidden),
    singleQuote: tableOf([singleQuote, backslash], hidden),
    doubleQuote: tableOf([doubleQuote, backslash], hidden),
    backtick: tableOf([backtick, backslash], hidden),
  };
}

/** The first position from `position` on at which `table` stops; `end` if there is none. */
export function nextStop(
  bytes: Uint8Array,
  position: number,
  end: number,
  table: StopTable,
): number {
  let next = position;
  while (next < end && table[bytes[next] as number] === 0) next++;
  return next;
}
