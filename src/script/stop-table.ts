import { byte } from './bytes.js';
import type { LexicalCharacterSet } from './character-set.js';

/** What a scan does at each byte: one of the three below. */
export type StopTable = Uint8Array;
/** Nothing can happen here. */
export const pass = 0;
/** Something may happen here. */
export const stop = 1;
/** A quote opens or closes here, and nothing else can happen. */
const toggle = 2;

/** The table for each place that a scan can be in. */
export interface StopTables {
  code: StopTable;
  comment: StopTable;
  singleQuote: StopTable;
  doubleQuote: StopTable;
  backtick: StopTable;
}

/** What a scan looks for beyond what it must. */
export interface ScanTargets {
  /** Where quotes open and close is told, so that a scan stops there. */
  quotes: boolean;
  /** `$` may begin a redirect. */
  redirects: boolean;
}

/** The tables for a delimiter, which is not empty. */
export function stopTables(
  delimiter: Uint8Array,
  characters: LexicalCharacterSet,
  { quotes, redirects }: ScanTargets,
): StopTables {
  const { asterisk, backslash, backtick, dash, doubleQuote, hash, singleQuote, slash } = byte;
  const table = (stops: number[], toggles: number[]): StopTable => {
    const filled = new Uint8Array(256);
    for (const value of stops) filled[value] = stop;
    for (const value of toggles) filled[value] = quotes ? stop : toggle;
    return characters.hidesBytes ? filled.fill(stop, 0x80) : filled;
  };
  const code = table(
    [backslash, hash, dash, slash, asterisk],
    [singleQuote, doubleQuote, backtick],
  );
  const first = delimiter[0] ?? 0;
  code[first] = stop;
  if (redirects) code[byte.dollar] = stop;
  // A delimiter outside ASCII is not found within a character.
  if (first >= 0x80) code.fill(stop, 0x80);
  return {
    code,
    comment: table([slash, asterisk], []),
    singleQuote: table([backslash], [singleQuote]),
    doubleQuote: table([backslash], [doubleQuote]),
    backtick: table([], [backtick]),
  };
}
