import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { createOptionFailure } from '../failure.js';
import type { Compression } from '../output/compressed-sink.js';
import {
  formatOfExtension,
  formatPropertiesOf,
  type OutputFormat,
  outputFormats,
} from '../output/formats.js';
import { printable } from '../text/printable.js';

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

/**
 * Checks that the extension of a file is that of a format; a name without an extension is accepted.
 *
 * @throws Failure `unknown-extension`, which lists the known ones
 */
export function checkExtension(path: string): void {
  const extensions = basename(path).replace(/^\.+/, '').toLowerCase().split('.').slice(1);
  if (extensions.at(-1) !== undefined && compressions[extensions.at(-1) ?? '']) extensions.pop();
  const extension = extensions.at(-1);
  // What follows the last dot of a date or a version, such as edits.2026-08, is no extension.
  if (extension === undefined || !/^[a-z]/.test(extension)) return;
  if (formatOfExtension(extension) !== undefined) return;
  const known = outputFormats.flatMap((name) => formatPropertiesOf(name).extensions);
  const text = `the extension '.${printable(extension)}' of --output is not one of .${[...new Set(known)].join(', .')}`;
  throw createOptionFailure(
    'unknown-extension',
    `${text} (with .gz or .zst if you like): choose one, or use --format`,
    'output',
  );
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
    throw createOptionFailure('compressed-twice', text, 'format', 'output');
  }
  if (binaryAsHex && encodesBinary) {
    const text = `--binary-as-hex cannot be used with ${format}, which encodes binary data itself`;
    throw createOptionFailure('bytes-twice', text, 'format', 'output');
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
