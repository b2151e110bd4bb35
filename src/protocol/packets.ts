import { isValidRow } from './row.js';

/*
 * Reads and writes packets of the MySQL protocol ("Protocol::Packet"): a length of three bytes, a
 * sequence number, the payload.
 */

export const headerLength = 4;
/** The maximum payload (16 MiB − 1): a payload of this length continues in the next packet. */
export const maxPayload = 0xffffff;
/** A payload with this first byte or a larger one is not a row, or begins with a cell of 16 MB. */
const noRow = 0xfe;

/** Returns the number of packets for a payload of so many bytes; the last one is not full. */
export function countPackets(payloadLength: number): number {
  return Math.floor(payloadLength / maxPayload) + 1;
}

/** Returns the payload length, in bytes, of the packet whose header is at `position`. */
export function readPayloadLength(bytes: Uint8Array, position: number): number {
  return readUint24(bytes, position);
}

/** Returns the little-endian integer of three bytes at `position`. */
export function readUint24(bytes: Uint8Array, position: number): number {
  return (
    (bytes[position] as number) |
    ((bytes[position + 1] as number) << 8) |
    ((bytes[position + 2] as number) << 16)
  );
}

/**
 * The rows accepted from a chunk: where the first packet begins that was not accepted, and their
 * count.
 */
export interface RowsTaken {
  end: number;
  rows: number;
}

/**
 * Processes a batch of rows: any number of packets from `bytes[start … end)`, the first of which
 * has its header at `start`. Accepts only valid rows of `columns` cells (see isValidRow) of at most
 * `longest` bytes. Returns undefined if it accepts none. The caller passes the remaining rows one
 * at a time.
 */
export type TakeRows = (
  bytes: Uint8Array,
  start: number,
  end: number,
  longest: number,
  columns: number,
) => RowsTaken | undefined;

/** Returns the size in bytes of the rows accepted from `start` on, without packet headers. */
export function countRowBytes(start: number, { end, rows }: RowsTaken): number {
  return end - start - headerLength * rows;
}

/** Accepts no batch, for handlers that process rows one at a time. */
export const takeNoRows: TakeRows = () => undefined;

/**
 * Returns the complete and valid rows at the start of `bytes[start … end)`, of `columns` cells and
 * at most `longest` bytes each. See isValidRow.
 */
export function findValidRows(
  bytes: Uint8Array,
  start: number,
  end: number,
  longest: number,
  columns: number,
): RowsTaken {
  let position = start;
  let rows = 0;
  while (end - position > headerLength) {
    const length = readPayloadLength(bytes, position);
    const rowStart = position + headerLength;
    const next = rowStart + length;
    if (next > end || length === 0 || length === maxPayload || length > longest) break;
    if ((bytes[rowStart] as number) >= noRow || !isValidRow(bytes, rowStart, next, columns)) break;
    position = next;
    rows++;
  }
  return { end: position, rows };
}

const header = new Uint8Array(headerLength);

/**
 * Passes a payload to `append` as packets: each header, then a part of `bytes`, without copying.
 * Both are valid only during the call of `append`.
 */
export function appendPacket(
  bytes: Uint8Array,
  start: number,
  end: number,
  append: (bytes: Uint8Array, start: number, end: number) => void,
): void {
  // An empty packet must follow a packet of the maximum length.
  for (let position = start; position <= end; position += maxPayload) {
    const length = Math.min(end - position, maxPayload);
    header[0] = length;
    header[1] = length >>> 8;
    header[2] = length >>> 16;
    append(header, 0, headerLength);
    append(bytes, position, position + length);
  }
}
