import type { KernelFor } from '../../src/output/kernel.js';
import { TsvFormat } from '../../src/output/tsv.js';
import { PacketReader } from '../../src/protocol/packet-reader.js';
import { Response } from '../../src/protocol/response.js';
import { Results } from '../../src/session/results.js';
import { memoryOutput } from './memory-sink.js';

const limit = 0xffffff;
const endOfFile = Buffer.of(0xfe, 0, 0, 2, 0);

/** The bytes of an answer to a query: of one column's name each, and rows, as payloads. */
export function answer(columns: number, rows: readonly Uint8Array[]): Buffer {
  const names = Array.from({ length: columns }, (_, i) => columnDefinition(`c${i}`));
  return packets([Buffer.of(columns), ...names, endOfFile, ...rows, endOfFile]);
}

/** Payloads with their headers; those of 16 MB and more in several packets. */
function packets(payloads: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [];
  let sequence = 1;
  for (const payload of payloads) {
    for (let at = 0; at <= payload.length; at += limit) {
      const part = payload.subarray(at, at + limit);
      const header = Buffer.alloc(4);
      header.writeUIntLE(part.length, 0, 3);
      header[3] = sequence++ & 0xff;
      parts.push(header, part);
    }
  }
  return Buffer.concat(parts);
}

function columnDefinition(name: string): Buffer {
  const texts = ['def', '', '', '', name, name].map((text) => [text.length, ...Buffer.from(text)]);
  return Buffer.from([texts, 12, 33, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0].flat(2));
}

/** What is written of an answer that comes in pieces which end at `cuts`, with -vv. */
export async function written(
  bytes: Buffer,
  cuts: readonly number[],
  raw: boolean,
  kernelFor?: KernelFor,
): Promise<Buffer> {
  const { out, written } = memoryOutput();
  const format = new TsvFormat(out, { columnNames: true, raw, showEmpty: false }, kernelFor);
  const telling = { summaries: true, timing: false, emptySets: false, quick: false };
  const response = new Response(new Results(out, format, telling), () => {});
  const longest = 1 << 30;
  const reader = new PacketReader(
    (packet, start, end) => response.packet(packet, start, end),
    (chunk, start, end) => response.packets(chunk, start, end, longest),
    longest,
    () => {},
  );
  // As a socket's: one buffer, which is written over by the next piece.
  const memory = new Uint8Array(bytes.length);
  let position = 0;
  for (const cut of [...cuts, bytes.length]) {
    const size = cut - position;
    memory.set(bytes.subarray(position, cut));
    reader.push(memory.subarray(0, size));
    memory.fill(0xee, 0, size);
    position = cut;
  }
  return written();
}
