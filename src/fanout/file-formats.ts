import { isForPrograms } from '../cli/output-format.js';
import type { OutputSettings } from '../cli/settings.js';
import type { RunFormat } from '../output/format.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import { chooseFormat } from '../session/choose-format.js';
import { openProgramFormat } from '../session/program-format.js';

export async function openRunFormat(
  settings: OutputSettings,
  characterSet: string,
  statement: Uint8Array = new Uint8Array(0),
): Promise<(out: OutputBuffer) => RunFormat> {
  if (isForPrograms(settings.format)) return openProgramFormat(settings);
  const asked = { sql: statement, untrimmed: statement, vertical: false };
  return (out) => chooseFormat({ ...settings, quick: true }, asked as never, characterSet, out);
}
