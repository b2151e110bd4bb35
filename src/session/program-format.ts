import type { ProgramFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { HexFormat } from '../output/binary-hex.js';
import { CsvFormat } from '../output/csv.js';
import type { RunFormat } from '../output/format.js';
import { IsoTimestampsFormat } from '../output/iso-timestamps.js';
import { JsonFormat } from '../output/json.js';
import { MarkdownFormat } from '../output/markdown.js';
import type { OutputBuffer } from '../output/output-buffer.js';

/** Makes a format that writes all results of a run into one output. */
export type MakeFormat = (out: OutputBuffer) => RunFormat;

/** Opens a format for programs; Parquet is loaded when it is asked for. */
export async function openProgramFormat(
  { name }: ProgramFormat,
  settings: OutputSettings,
): Promise<MakeFormat> {
  const make = await plainFormat(name, settings);
  return settings.isoTimestamps ? (out) => new IsoTimestampsFormat(make(out)) : make;
}

async function plainFormat(
  name: ProgramFormat['name'],
  settings: OutputSettings,
): Promise<MakeFormat> {
  const { columnNames, binaryAsHex, silent } = settings;
  const hex = (made: RunFormat) => (binaryAsHex ? new HexFormat(made, false) : made);
  switch (name) {
    case 'csv':
      return (out) =>
        hex(new CsvFormat(out, { header: columnNames && silent < 2, hex: binaryAsHex }));
    case 'markdown':
      return (out) => hex(new MarkdownFormat(out, { hex: binaryAsHex }));
    case 'parquet': {
      const { ParquetFormat } = await import('../output/parquet/index.js');
      return (out) => new ParquetFormat(out, settings);
    }
    case 'json':
    case 'jsonl':
      return (out) => new JsonFormat(out, { lines: name === 'jsonl' });
  }
}
