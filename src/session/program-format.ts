import type { ProgramFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { HexFormat } from '../output/binary-hex.js';
import type { RunFormat } from '../output/format.js';
import { formats } from '../output/formats.js';
import { IsoTimestampsFormat } from '../output/iso-timestamps.js';
import type { OutputBuffer } from '../output/output-buffer.js';

/** Creates a format that writes all results of a run to one output. */
export type MakeFormat = (out: OutputBuffer) => RunFormat;

/** Loads the code of a format for programs, such as CSV or JSON, and resolves to its factory. */
export async function loadProgramFormat(
  { name }: ProgramFormat,
  settings: OutputSettings,
): Promise<MakeFormat> {
  const { columnNames, binaryAsHex, binaryAsText, silent, isoTimestamps } = settings;
  const make = await formats[name].load();
  const options = { header: columnNames && silent < 2, hex: binaryAsHex, binaryAsText };
  return (out) => {
    const format = make(out, options);
    const hexFormat = binaryAsHex ? new HexFormat(format, false) : format;
    return isoTimestamps ? new IsoTimestampsFormat(hexFormat) : hexFormat;
  };
}
