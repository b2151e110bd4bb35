import type { OutputSettings } from '../../cli/settings.js';
import { OutputBuffer } from '../../output/output-buffer.js';
import { createColumn, encodeCells, type MadeCell } from '../rows/made-rows.js';
import { openRunFormat } from '../rows/run-format.js';

/**
 * Resolves to a result in the format of the settings, as if a server had sent it.
 *
 * @param names the names of the columns
 */
export async function formatRows(
  names: readonly string[],
  rows: readonly (readonly MadeCell[])[],
  output: OutputSettings,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const out = new OutputBuffer({
    write(bytes) {
      chunks.push(Buffer.from(bytes));
      return undefined;
    },
  });
  const createFormat = await openRunFormat(output, 'utf8mb4');
  const format = createFormat(out);
  format.begin(
    names.map((name, index) =>
      createColumn(
        name,
        rows.map((row) => row[index] ?? null),
      ),
    ),
  );
  for (const row of rows) {
    const bytes = encodeCells(row);
    format.row(bytes, 0, bytes.length);
  }
  format.end(true);
  format.finish?.();
  await out.flush();
  return Buffer.concat(chunks);
}
