import { byte } from './bytes.js';
import type { LexicalCharacterSet } from './lexical-character-set.js';

/** For each byte value, how a scan treats it: `pass`, `stop` or `toggle`. */
export type StopTable = Uint8Array;
/** The byte has no special meaning. */
export const pass = 0;
/** The byte may have a special meaning, so the scan must stop there. */
export const stop = 1;
/** The byte opens or closes a quote, and can have no other meaning. */
const toggle = 2;

/** The tables for code, comments, and each kind of quoted text. */
export interface StopTables {
  code: StopTable;
  comment: StopTable;
  singleQuote: StopTable;
  doubleQuote: StopTable;
  backtick: StopTable;
}

/** What a scan looks for besides what every scan must find. */
export interface ScanTargets {
  /** Stop where quotes open and close, because a listener is notified of them. */
  quotes: boolean;
  /** Stop at `$`, because it may begin a redirect. */
  redirects: boolean;
}

/** Returns the tables for a delimiter, which must not be empty. */
export function buildStopTables(
  delimiter: Uint8Array,
  characterSet: LexicalCharacterSet,
  { quotes, redirects }: ScanTargets,
): StopTables {
  const { asterisk, backslash, backtick, dash, doubleQuote, hash, singleQuote, slash } = byte;
  const buildTable = (stopBytes: number[], toggleBytes: number[]): StopTable => {
    const table = new Uint8Array(256);
    for (const value of stopBytes) table[value] = stop;
    for (const value of toggleBytes) table[value] = quotes ? stop : toggle;
    return characterSet.hasAsciiTrailBytes ? table.fill(stop, 0x80) : table;
  };
  const code = buildTable(
    [backslash, hash, dash, slash, asterisk],
    [singleQuote, doubleQuote, backtick],
  );
  const first = delimiter[0] ?? 0;
  code[first] = stop;
  if (redirects) code[byte.dollar] = stop;
  // A delimiter outside ASCII must not match within a character, so every character is decoded.
  if (first >= 0x80) code.fill(stop, 0x80);
  return {
    code,
    comment: buildTable([slash, asterisk], []),
    singleQuote: buildTable([backslash], [singleQuote]),
    doubleQuote: buildTable([backslash], [doubleQuote]),
    backtick: buildTable([], [backtick]),
  };
}
