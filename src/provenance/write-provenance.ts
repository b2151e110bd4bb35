import { statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Failure } from '../failure.js';
import { computeChecksum } from '../files/checksum.js';
import { FileSink } from '../output/file-sink.js';
import { OutputError } from '../output/sink.js';
import { describeWriteError } from '../output/write-error.js';
import { printable } from '../text/printable.js';
import type { FileProvenance, Provenance } from './document.js';

/*
 * Writes the provenance document next to the data files.
 */

/** Returns the path of the provenance file for one data file: `FILE.meta.json`. */
export function provenancePathForFile(file: string): string {
  return join(dirname(file), `${basename(file)}.meta.json`);
}

/** A data file. If its SHA-256 is not known, writeProvenance reads the file to compute it. */
export interface DataFile {
  path: string;
  bytes?: number | undefined;
  sha256?: string | undefined;
}

/**
 * Writes the provenance document to `path` atomically, with mode 0600. Call it when all data files
 * have their final names. On an error the data files stay as they are.
 *
 * @throws Failure `provenance-failed`
 */
export async function writeProvenance(
  path: string,
  provenance: Omit<Provenance, 'files'>,
  files: readonly DataFile[],
): Promise<void> {
  const fileEntries: FileProvenance[] = [];
  for (const file of files) fileEntries.push(await readFileProvenance(file, dirname(path)));
  const { totals, ...header } = provenance;
  const text = `${JSON.stringify({ ...header, files: fileEntries, totals }, undefined, 2)}\n`;
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
    const reason = error.reason ?? describeWriteError(error.code, path);
    throw createFailure(`cannot write ${printable(path)} (${reason})`);
  }
}

async function readFileProvenance(
  { path, bytes, sha256 }: DataFile,
  directory: string,
): Promise<FileProvenance> {
  const file = relative(directory, path);
  try {
    // Prefer the checksum of the written bytes: the file may have changed since.
    if (sha256 !== undefined) return { file, bytes: bytes ?? statSync(path).size, sha256 };
    return { file, ...(await computeChecksum(path)) };
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw createFailure(`cannot read ${printable(path)} for its checksum (${code})`);
  }
}

function createFailure(what: string): Failure {
  return new Failure('provenance-failed', `${what}; the data was written without provenance`);
}
