import type { Conversation, Turn } from './conversation.js';

/** Returns a whole number from 0 to below its argument. */
export type Random = (below: number) => number;

/** Bytes that mean something in the protocol: markers of NULL, of lengths, of EOF and of errors. */
const markers = [0x00, 0x01, 0x7f, 0x80, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];

/**
 * Makes one to three random changes to what the server sends.
 *
 * @param turn the only turn to change; undefined: a random one each
 * @returns the changed conversation, and the changes in words
 */
export function mutate(
  conversation: Conversation,
  random: Random,
  turn?: number,
): { conversation: Conversation; changes: string[] } {
  const turns = conversation.map(({ from, bytes }) => ({ from, bytes: Buffer.from(bytes) }));
  const ofServer = turns.flatMap(({ from }, index) => (from === 'server' ? [index] : []));
  const changes: string[] = [];
  for (let left = 1 + random(3); left > 0; left--) {
    const index = turn ?? (ofServer[random(ofServer.length)] as number);
    const changed = turns[index] as Turn;
    if (changed.bytes.length === 0) continue;
    const { bytes, what } = change(changed.bytes, random);
    changed.bytes = bytes;
    changes.push(`turn ${index}: ${what}`);
  }
  return { conversation: turns, changes };
}

function change(bytes: Buffer, random: Random): { bytes: Buffer; what: string } {
  const copy = Buffer.from(bytes);
  const packets = packetsOf(bytes);
  const packet = packets[random(packets.length)] as [start: number, end: number];
  const [start, end] = packet;
  // Half of the changes are near the beginning of a packet, where its structure is.
  const near = start + random(Math.min(end - start, 16));
  const at = random(2) === 0 ? near : random(bytes.length);
  switch (random(9)) {
    case 0: {
      const value = markers[random(markers.length)] as number;
      copy[at] = value;
      return { bytes: copy, what: `byte ${at} is 0x${value.toString(16)}` };
    }
    case 1: {
      const value = random(256);
      copy[at] = value;
      return { bytes: copy, what: `byte ${at} is ${value}` };
    }
    case 2: {
      const length = Math.max(0, end - start - 4 + ([-2, -1, 1, 2, 300, 70_000][random(6)] ?? 0));
      if (start + 3 <= copy.length) copy.writeUIntLE(length, start, 3);
      return { bytes: copy, what: `the packet at ${start} says that it has ${length} bytes` };
    }
    case 3:
      return { bytes: bytes.subarray(0, at), what: `cut at ${at}` };
    case 4: {
      // The packet is shorter, and says so.
      const kept = random(Math.max(1, end - start - 3));
      if (start + 3 <= copy.length) copy.writeUIntLE(kept, start, 3);
      const shorter = [copy.subarray(0, start + 4 + kept), copy.subarray(end)];
      return { bytes: Buffer.concat(shorter), what: `the packet at ${start} has ${kept} bytes` };
    }
    case 5: {
      const twice = [copy.subarray(0, end), copy.subarray(start)];
      return { bytes: Buffer.concat(twice), what: `the packet at ${start} comes twice` };
    }
    case 6: {
      const without = [copy.subarray(0, start), copy.subarray(end)];
      return { bytes: Buffer.concat(without), what: `the packet at ${start} is missing` };
    }
    case 7: {
      const [first, last] = packets[random(packets.length)] as [number, number];
      const [a, b] =
        start < first ? [packet, [first, last] as const] : [[first, last] as const, packet];
      const parts = [
        copy.subarray(0, a[0]),
        copy.subarray(b[0], b[1]),
        copy.subarray(a[1], b[0]),
        copy.subarray(a[0], a[1]),
        copy.subarray(b[1]),
      ];
      const swapped = a[0] === b[0] ? copy : Buffer.concat(parts);
      return { bytes: swapped, what: `the packets at ${a[0]} and ${b[0]} are swapped` };
    }
    default: {
      const count = 1 + random(8);
      const more = Buffer.from(Array.from({ length: count }, () => random(256)));
      const longer = [copy.subarray(0, at), more, copy.subarray(at)];
      return { bytes: Buffer.concat(longer), what: `${count} bytes more at ${at}` };
    }
  }
}

/** Start and end of each packet, headers included; what is no whole packet counts as one. */
function packetsOf(bytes: Buffer): [start: number, end: number][] {
  const packets: [number, number][] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = at + 4 <= bytes.length ? 4 + bytes.readUIntLE(at, 3) : bytes.length;
    const end = Math.min(at + length, bytes.length);
    packets.push([at, end]);
    at = end;
  }
  return packets;
}
