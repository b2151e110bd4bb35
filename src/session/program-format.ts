import type { ProgramFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { HexFormat } from '../output/binary-hex.js';
import type { RunFormat } from '../output/format.js';
import { formats } from '../output/formats.js';
import { IsoTimestampsFormat } from '../output/iso-timestamps.js';
import type { OutputBuffer } from '../output/output-buffer.js';

/** Makes a format that writes all results of a run into one output. */
export type MakeFormat = (out: OutputBuffer) => RunFormat;

/** Loads a format for programs. */
export async function openProgramFormat(
  { name }: ProgramFormat,
  settings: OutputSettings,
): Promise<MakeFormat> {
  const { columnNames, binaryAsHex, binaryAsText, silent, isoTimestamps } = settings;
  const make = await formats[name].load();
  const options = { header: columnNames && silent < 2, hex: binaryAsHex, binaryAsText };
  return (out) => {
    const made = make(out, options);
    const hexed = binaryAsHex ? new HexFormat(made, false) : made;
    return isoTimestamps ? new IsoTimestampsFormat(hexed) : hexed;
  };
}
