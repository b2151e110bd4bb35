import { OutputBuffer } from '../../src/output/output-buffer.js';

/** An OutputBuffer whose bytes are kept, for tests of formats. */
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
