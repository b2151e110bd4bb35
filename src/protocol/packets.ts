/*
 * Packets of the protocol ("Protocol::Packet"): three bytes of length, a sequence number, the payload.
 */

export const headerLength = 4;
/** A payload of this length (16 MiB − 1) is continued in the next packet. */
export const maxPayload = 0xffffff;
/** Begins what is no row: the end of them, an error, or a cell of 16 MB. */
const noRow = 0xfe;

/** Returns the length of the payload of the packet whose header lies at `at`. */
export function payloadLength(bytes: Uint8Array, at: number): number {
  return threeBytes(bytes, at);
}

/** Returns the integer of three bytes at `at`, little endian. */
export function threeBytes(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16)
  );
}

/** How much of a chunk was taken: where the first packet begins that was not, and how many were. */
export interface RowsTaken {
  end: number;
  rows: number;
}

/**
 * Takes rows by the chunk: as many packets as it likes from `bytes[start … end)`, where one begins
 * with its header at `start`. None may be longer than `longest`. What it leaves comes row by row.
 * Returns undefined if it takes none.
 */
export type TakeRows = (
  bytes: Uint8Array,
  start: number,
  end: number,
  longest: number,
) => RowsTaken | undefined;

/** Bytes of the rows that were taken from `start` on, without the packets' headers. */
export function bytesOfRows(start: number, { end, rows }: RowsTaken): number {
  return end - start - headerLength * rows;
}

/** For what takes rows one by one alone. */
export const leaveRows: TakeRows = () => undefined;

/** Up to where `bytes[start … end)` holds whole rows of at most `longest` bytes, and how many. */
export function wholeRows(
  bytes: Uint8Array,
  start: number,
  end: number,
  longest: number,
): RowsTaken {
  let at = start;
  let rows = 0;
  while (end - at > headerLength) {
    const length = payloadLength(bytes, at);
    const next = at + headerLength + length;
    if (next > end || length === 0 || length === maxPayload || length > longest) break;
    if ((bytes[at + headerLength] as number) >= noRow) break;
    at = next;
    rows++;
  }
  return { end: at, rows };
}

const header = new Uint8Array(headerLength);

/** Hands a payload on as packets, in parts that are lent: headers and the payload where it lies. */
export function appendPacket(
  bytes: Uint8Array,
  start: number,
  end: number,
  append: (bytes: Uint8Array, start: number, end: number) => void,
): void {
  // One that is exactly full is followed by an empty one.
  for (let at = start; at <= end; at += maxPayload) {
    const length = Math.min(end - at, maxPayload);
    header[0] = length;
    header[1] = length >>> 8;
    header[2] = length >>> 16;
    append(header, 0, headerLength);
    append(bytes, at, at + length);
  }
}
