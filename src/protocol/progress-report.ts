import { lenencSize, lenencValue } from './lenenc.js';

/** How far the server is with a long statement, such as ALTER TABLE. */
export interface Progress {
  /** From 1. */
  stage: number;
  stages: number;
  /** Of this stage, in per cent. */
  percent: number;
  /** What it does in this stage, in words of the server's: `copy to tmp table`. */
  what: Uint8Array;
}

/** The capability to take such reports, among MariaDB's extended ones (MARIADB_CLIENT_PROGRESS). */
export const progressCapability = 0x01;

/** Whether a packet that begins with 0xff is a report, and no error: its number is 0xffff. */
export function isProgress(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 9 && bytes[start + 1] === 0xff && bytes[start + 2] === 0xff;
}

/**
 * Reads a report's payload (protocol documentation of MariaDB: "ERR_Packet", error code 0xffff):
 * how many texts come (1), stage, number of stages, thousandths of a per cent in three bytes, text.
 */
export function parseProgress(bytes: Uint8Array, start: number, end: number): Progress {
  const at = (offset: number) => bytes[start + offset] as number;
  const textAt = start + 9;
  const textStart = textAt < end ? textAt + lenencSize(bytes, textAt) : end;
  const length = textAt < end ? lenencValue(bytes, textAt) : 0;
  return {
    stage: at(4),
    stages: at(5),
    percent: (at(6) | (at(7) << 8) | (at(8) << 16)) / 1000,
    what: new Uint8Array(bytes.subarray(textStart, Math.min(textStart + length, end))),
  };
}
