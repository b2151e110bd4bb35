import type { KernelProvider } from '../../src/output/kernel.js';
import { TsvFormat } from '../../src/output/tsv.js';
import { PacketReader } from '../../src/protocol/packet-reader.js';
import { Response } from '../../src/protocol/response.js';
import { Results } from '../../src/session/results.js';
import { memoryOutput } from './memory-sink.js';

const maxPayload = 0xffffff;
const endOfFile = Buffer.of(0xfe, 0, 0, 2, 0);

/** Returns the bytes of a query response with `columns` columns and the given row payloads. */
export function encodeResponse(columns: number, rows: readonly Uint8Array[]): Buffer {
  const names = Array.from({ length: columns }, (_, i) => encodeColumn(`c${i}`));
  return encodePackets([Buffer.of(columns), ...names, endOfFile, ...rows, endOfFile]);
}

/** Returns the payloads with their headers; those of 16 MB and more are split into packets. */
function encodePackets(payloads: readonly Uint8Array[]): Buffer {
  const chunks: Uint8Array[] = [];
  let sequence = 1;
  for (const payload of payloads) {
    for (let position = 0; position <= payload.length; position += maxPayload) {
      const chunk = payload.subarray(position, position + maxPayload);
      const header = Buffer.alloc(4);
      header.writeUIntLE(chunk.length, 0, 3);
      header[3] = sequence++ & 0xff;
      chunks.push(header, chunk);
    }
  }
  return Buffer.concat(chunks);
}

function encodeColumn(name: string): Buffer {
  const texts = ['def', '', '', '', name, name].map((text) => [text.length, ...Buffer.from(text)]);
  return Buffer.from([texts, 12, 33, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0].flat(2));
}

/** Returns what -vv prints for a response that arrives in chunks that end at `cuts`. */
export async function formatResponse(
  bytes: Buffer,
  cuts: readonly number[],
  raw: boolean,
  kernelFor?: KernelProvider,
): Promise<Buffer> {
  const { out, written } = memoryOutput();
  const format = new TsvFormat(out, { columnNames: true, raw, showEmpty: false }, kernelFor);
  const summaryOptions = { summaries: true, timing: false, emptySets: false, quick: false };
  const response = new Response(new Results(out, format, summaryOptions), () => {});
  const longest = 1 << 30;
  const reader = new PacketReader(
    (packet, start, end) => response.readPacket(packet, start, end),
    (chunk, start, end) => response.readRowBatch(chunk, start, end, longest),
    longest,
    () => {},
  );
  // Like a socket: one buffer, which the next chunk overwrites.
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
