import { isProgramFormat } from '../../cli/result-format.js';
import type { OutputSettings } from '../../cli/settings.js';
import type { RunFormat } from '../../output/format.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import { chooseFormat } from '../../session/choose-format.js';
import { loadProgramFormat } from '../../session/program-format.js';

/**
 * Returns a factory for the format of a whole run, as --format or the client's options choose it.
 * The format begins once for all wikis, so the output has one header, one frame and one row count.
 * The header is always written, even if there are no rows.
 *
 * `characterSet` is that of the connections. XML output names `statement` as the statement of the
 * result set.
 */
export async function openRunFormat(
  settings: OutputSettings,
  characterSet: string,
  statement: Uint8Array = new Uint8Array(0),
): Promise<(out: OutputBuffer) => RunFormat> {
  const { format } = settings;
  if (isProgramFormat(format)) return loadProgramFormat(format, settings);
  const item = { sql: statement, untrimmed: statement, vertical: false };
  return (out) => chooseFormat(format, settings, item, characterSet, out, true);
}
