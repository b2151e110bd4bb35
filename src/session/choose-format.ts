import type { OutputSettings } from '../cli/settings.js';
import { displayWidthIn } from '../output/display-width.js';
import type { Format } from '../output/format.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import { TableFormat } from '../output/table.js';
import { TsvFormat } from '../output/tsv.js';
import { VerticalFormat } from '../output/vertical.js';

/**
 * The form in which the client would write the next result: vertical, else a table (--table, -vvv,
 * or nothing that asks for less), else TSV. `vertical`: the statement ended in `\G`.
 */
export function chooseFormat(
  settings: OutputSettings,
  vertical: boolean,
  characterSet: string,
  out: OutputBuffer,
): Format {
  const { columnNames, quick, raw, silent } = settings;
  if (vertical || settings.vertical) return new VerticalFormat(out, { columnNames });
  if (settings.table || silent === 0 || settings.verbose >= 3) {
    const displayWidth = displayWidthIn(characterSet);
    return new TableFormat(out, { columnNames, quick, displayWidth });
  }
  // -ss drops the header of TSV, and of TSV alone.
  return new TsvFormat(out, { columnNames: columnNames && silent < 2, raw, quick });
}
