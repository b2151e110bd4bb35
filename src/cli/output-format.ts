import { basename } from 'node:path';
import { Failure } from '../failure.js';
import type { Compression } from '../files/compression.js';

/** What --format takes for results. */
export const outputFormats = [
  'tsv',
  'csv',
  'json',
  'jsonl',
  'parquet',
  'table',
  'vertical',
  'html',
  'xml',
  'markdown',
] as const;
export type OutputFormat = (typeof outputFormats)[number];

const byExtension: Record<string, OutputFormat> = {
  tsv: 'tsv',
  csv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  txt: 'table',
  html: 'html',
  xml: 'xml',
  md: 'markdown',
};

const compressions: Record<string, Compression> = { gz: 'gzip', zst: 'zstd' };

/** What a file's name says of its content: `edits.csv.gz` is CSV, compressed. */
export interface NamedForm {
  format: OutputFormat | undefined;
  compression: Compression | undefined;
}

/** Reads a file's extensions, in any case. */
export function formOfFile(path: string): NamedForm {
  const words = basename(path).toLowerCase().split('.').slice(1);
  const compression = compressions[words.at(-1) ?? ''];
  const extension = words.at(compression === undefined ? -1 : -2) ?? '';
  return { format: byExtension[extension], compression };
}

/** The formats that have a form of their own for bytes. */
const ownBytes: ReadonlySet<OutputFormat> = new Set(['json', 'jsonl', 'parquet']);

/** Refuses what cannot be had together. Throws Failure. */
export function checkForm(
  format: OutputFormat | undefined,
  compression: Compression | undefined,
  binaryAsHex: boolean,
): void {
  if (format === 'parquet' && compression !== undefined) {
    const text = 'a Parquet file is compressed within: leave the .gz or .zst out of its name';
    throw new Failure('compressed-twice', text);
  }
  if (binaryAsHex && format !== undefined && ownBytes.has(format)) {
    const text = `--binary-as-hex does not go with ${format}, which has its own form for bytes`;
    throw new Failure('bytes-twice', text);
  }
}
