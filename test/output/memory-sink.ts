import { OutputBuffer } from '../../src/output/output-buffer.js';

/** Returns an OutputBuffer that writes to memory, and a function that returns the bytes. */
export function memoryOutput(): { out: OutputBuffer; written: () => Promise<Buffer> } {
  const chunks: Buffer[] = [];
  const out = new OutputBuffer({
    async write(bytes) {
      chunks.push(Buffer.from(bytes));
    },
  });
  return {
    out,
    async written() {
      await out.flush();
      return Buffer.concat(chunks);
    },
  };
}
