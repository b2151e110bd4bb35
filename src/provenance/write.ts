import { statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Failure } from '../failure.js';
import { checksumOf } from '../files/checksum.js';
import { FileSink } from '../output/file-sink.js';
import { OutputError } from '../output/sink.js';
import { printable } from '../text/printable.js';
import type { FileProvenance, Provenance } from './document.js';

/** The file of provenance that stands beside one file of data. */
export function provenanceBeside(file: string): string {
  return join(dirname(file), `${basename(file)}.meta.json`);
}

/** A file of data; where its SHA-256 was not counted on the way, it is read for it. */
export interface DataFile {
  path: string;
  bytes?: number | undefined;
  sha256?: string | undefined;
}

/**
 * Writes the document at `path`, whole or not at all, with mode 0600, once all files of data have their
 * names. Rejects with a Failure; the data stays as it is.
 */
export async function writeProvenance(
  path: string,
  provenance: Omit<Provenance, 'files'>,
  files: readonly DataFile[],
): Promise<void> {
  const told: FileProvenance[] = [];
  for (const file of files) told.push(await fileProvenance(file, dirname(path)));
  const { totals, ...above } = provenance;
  const text = `${JSON.stringify({ ...above, files: told, totals }, undefined, 2)}\n`;
  try {
    const sink = new FileSink(path);
    try {
      await sink.write(Buffer.from(text));
    } catch (error) {
      sink.discard();
      throw error;
    }
    sink.finish();
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    throw failed(`cannot write ${printable(path)} (${error.code})`);
  }
}

async function fileProvenance(
  { path, bytes, sha256 }: DataFile,
  directory: string,
): Promise<FileProvenance> {
  const file = relative(directory, path);
  try {
    // What was counted as the bytes came counts: it is what this run has written.
    if (sha256 !== undefined) return { file, bytes: bytes ?? statSync(path).size, sha256 };
    return { file, ...(await checksumOf(path)) };
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw failed(`cannot read ${printable(path)} for its checksum (${code})`);
  }
}

function failed(what: string): Failure {
  return new Failure('provenance-failed', `${what}: the data is written, its provenance is not`);
}
