import { getLenencSize, readLenenc } from './lenenc.js';

/** The progress of a long statement, such as ALTER TABLE, as the server reports it. */
export interface Progress {
  /** The current stage, counted from 1. */
  stage: number;
  stages: number;
  /** Progress within this stage, in percent. */
  percent: number;
  /** The server's description of this stage, such as `copy to tmp table`. */
  what: Uint8Array;
}

/** MariaDB's extended capability MARIADB_CLIENT_PROGRESS: the client accepts progress reports. */
export const progressCapability = 0x01;

/** Tells whether a packet that begins with 0xff is a report, not an error: its number is 0xffff. */
export function isProgress(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 9 && bytes[start + 1] === 0xff && bytes[start + 2] === 0xff;
}

/**
 * Parses the payload of a report (MariaDB's protocol documentation: "ERR_Packet", error code
 * 0xffff): number of texts (1), stage, number of stages, thousandths of a percent in three bytes,
 * text.
 */
export function parseProgress(bytes: Uint8Array, start: number, end: number): Progress {
  const at = (offset: number) => bytes[start + offset] as number;
  const textAt = start + 9;
  const textStart = textAt < end ? textAt + getLenencSize(bytes, textAt) : end;
  const length = textAt < end ? readLenenc(bytes, textAt) : 0;
  return {
    stage: at(4),
    stages: at(5),
    percent: (at(6) | (at(7) << 8) | (at(8) << 16)) / 1000,
    what: new Uint8Array(bytes.subarray(textStart, Math.min(textStart + length, end))),
  };
}
