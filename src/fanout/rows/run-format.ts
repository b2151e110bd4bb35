import { isForPrograms } from '../../cli/result-format.js';
import type { OutputSettings } from '../../cli/settings.js';
import type { RunFormat } from '../../output/format.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import { chooseFormat } from '../../session/choose-format.js';
import { openProgramFormat } from '../../session/program-format.js';

/**
 * Makes the format of a whole run, whichever --format or the client's options ask for: it is begun
 * once, whatever the number of wikis, so that there is one head, one frame, one count of rows. The
 * head is always written, also where there are no rows.
 *
 * `characterSet`: that of the connections. `statement`: what XML says that it answers.
 */
export async function openRunFormat(
  settings: OutputSettings,
  characterSet: string,
  statement: Uint8Array = new Uint8Array(0),
): Promise<(out: OutputBuffer) => RunFormat> {
  const { format } = settings;
  if (isForPrograms(format)) return openProgramFormat(format, settings);
  const asked = { sql: statement, untrimmed: statement, vertical: false };
  return (out) => chooseFormat(format, settings, asked, characterSet, out, true);
}
