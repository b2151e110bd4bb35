import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from '../failure.js';
import type { Compression } from '../output/compressed-sink.js';
import { factsOf, formatOfExtension, type OutputFormat } from '../output/formats.js';

const compressions: Record<string, Compression> = { gz: 'gzip', zst: 'zstd' };

/** What a file's name says of its content: `edits.csv.gz` is CSV, compressed. */
export interface FileNameForm {
  format: OutputFormat | undefined;
  compression: Compression | undefined;
}

/** Reads a file's extensions, in any case. */
export function formOfFileName(path: string): FileNameForm {
  const words = basename(path).toLowerCase().split('.').slice(1);
  const compression = compressions[words.at(-1) ?? ''];
  const extension = words.at(compression === undefined ? -1 : -2) ?? '';
  return { format: formatOfExtension(extension), compression };
}

/** Refuses what cannot be had together. Throws Failure. */
export function checkForm(
  format: OutputFormat | undefined,
  compression: Compression | undefined,
  binaryAsHex: boolean,
): void {
  if (format === undefined) return;
  const { ownBytes, ownCompression } = factsOf(format);
  if (ownCompression && compression !== undefined) {
    const text = `${format} is compressed within: leave the .gz or .zst out of the file's name`;
    throw new Failure('compressed-twice', text);
  }
  if (binaryAsHex && ownBytes) {
    const text = `--binary-as-hex does not go with ${format}, which has its own form for bytes`;
    throw new Failure('bytes-twice', text);
  }
}

/** Whether --output names a directory (a final `/`, or one that is there) or a pattern: a file a wiki. */
export function isFilePerWiki(path: string): boolean {
  return isPattern(path) || path.endsWith('/') || isDirectory(path);
}

/** Whether --output is a pattern, in which `{wiki}` stands for each wiki's name. */
export function isPattern(path: string): boolean {
  return path.includes('{wiki}');
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // Why, says the attempt to write there.
    return false;
  }
}
