import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from '../failure.js';
import type { Compression } from '../output/compressed-sink.js';
import { formatOfExtension, formatPropertiesOf, type OutputFormat } from '../output/formats.js';

const compressions: Record<string, Compression> = { gz: 'gzip', zst: 'zstd' };

/*
 * Derives the format and the compression from the file name that --output gives.
 */

/** The format and compression that a file name implies: `edits.csv.gz` is gzip-compressed CSV. */
export interface ParsedFileName {
  format: OutputFormat | undefined;
  compression: Compression | undefined;
}

/** Reads the extensions of a file name, ignoring case. */
export function parseFileName(path: string): ParsedFileName {
  const extensions = basename(path).toLowerCase().split('.').slice(1);
  const compression = compressions[extensions.at(-1) ?? ''];
  const extension = extensions.at(compression === undefined ? -1 : -2) ?? '';
  return { format: formatOfExtension(extension), compression };
}

/** Throws Failure `compressed-twice` or `bytes-twice` for settings that the format excludes. */
export function checkFormat(
  format: OutputFormat | undefined,
  compression: Compression | undefined,
  binaryAsHex: boolean,
): void {
  if (format === undefined) return;
  const { encodesBinary, isCompressed } = formatPropertiesOf(format);
  if (isCompressed && compression !== undefined) {
    const text = `${format} files are already compressed; remove .gz or .zst from the file name`;
    throw new Failure('compressed-twice', text);
  }
  if (binaryAsHex && encodesBinary) {
    const text = `--binary-as-hex cannot be used with ${format}, which encodes binary data itself`;
    throw new Failure('bytes-twice', text);
  }
}

/**
 * Tests whether --output gives each wiki a file: a directory (existing, or with `/`) or a pattern.
 */
export function isFilePerWiki(path: string): boolean {
  return isPattern(path) || path.endsWith('/') || isDirectory(path);
}

/** Tests whether --output is a pattern, in which `{wiki}` stands for the name of each wiki. */
export function isPattern(path: string): boolean {
  return path.includes('{wiki}');
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // The later attempt to write there reports the error.
    return false;
  }
}
