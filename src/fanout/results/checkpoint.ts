import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../failure.js';
import type { Column } from '../../protocol/column.js';
import { PacketReader } from '../../protocol/packet-reader.js';
import type { Extent } from '../../spill/file-space.js';
import { SpillFile } from '../../spill/spill-file.js';
import { isErrno } from '../../system-error.js';
import { printable } from '../../text/printable.js';
import { Journal, type JournalEntry } from '../journal/journal.js';
import { decodeColumns } from '../rows/column-codec.js';

/** Who may look into it: the data is private. */
const onlyTheUser = 0o700;

/** The rows of a wiki that has finished. */
export interface StoredRows {
  rows: number;
  bytes: number;
  /** Where they lie, behind a packet with the columns; none where there was no result set. */
  extents: readonly Extent[];
  columns: Column[] | undefined;
}

/**
 * The directory `.NAME.run` beside a file that is being made: `rows` holds what wikis have given, the
 * journal says which of it is whole and where it lies. What the journal does not name is overwritten.
 */
export class Checkpoint {
  readonly file: SpillFile;
  readonly journal: Journal;
  readonly #directory: string;
  readonly #newParent: string | undefined;
  #open = true;

  private constructor(
    directory: string,
    journal: Journal,
    file: SpillFile,
    newParent: string | undefined,
  ) {
    this.#directory = directory;
    this.#newParent = newParent;
    this.journal = journal;
    this.file = file;
  }

  /**
   * Begins the directory of the file at `path`, or with `resume` goes on with the one that is there.
   * Throws Failure, see Journal.open; nothing is left then that was not there. `newParent`: a directory
   * that this run has made, and that is removed with the rows if nothing else is in it.
   */
  static open(
    path: string,
    header: { run: string; fingerprint: string },
    resume: boolean,
    newParent?: string,
  ): Checkpoint {
    const directory = join(dirname(path), `.${basename(path)}.run`);
    const made = !resume && makeDirectory(directory);
    let journal: Journal | undefined;
    try {
      journal = Journal.open(join(directory, 'journal'), header, resume);
      const used = [...journal.entries.values()].flatMap(({ extents }) => extents ?? []);
      return new Checkpoint(
        directory,
        journal,
        SpillFile.named(join(directory, 'rows'), used),
        newParent,
      );
    } catch (error) {
      if (made) journal?.remove();
      else journal?.close();
      if (made) removeIfEmpty(directory);
      throw error;
    }
  }

  /**
   * What an earlier run has kept of a wiki; undefined where it is not as it was, so that the wiki has
   * to be asked again.
   */
  verified({ extents = [], sha256, rows, bytes }: JournalEntry): StoredRows | undefined {
    if (extents.length === 0) return { rows, bytes, extents, columns: undefined };
    const hash = createHash('sha256');
    let note: Uint8Array | undefined;
    const reader = new PacketReader(
      (packet, start, end) => {
        note ??= Buffer.from(packet.subarray(start, end));
      },
      // All behind the first packet is rows.
      (_bytes, start, end) => (note === undefined ? start : end),
      Number.POSITIVE_INFINITY,
      () => {},
    );
    try {
      for (const extent of extents) {
        for (const piece of this.file.pieces(extent)) {
          hash.update(piece);
          if (note === undefined) reader.push(piece);
        }
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      note = undefined;
    }
    if (note === undefined || hash.digest('hex') !== sha256) {
      this.file.free(extents);
      return undefined;
    }
    return { rows, bytes, extents, columns: decodeColumns(note) };
  }

  /** The file is made of them, and none is missing: they are needed no more. Throws Failure. */
  remove(): void {
    if (!this.#open) return;
    this.#open = false;
    // First: without it the directory counts for nothing.
    this.journal.remove();
    this.file.close();
    rmSync(this.#directory, { recursive: true, force: true });
    if (this.#newParent !== undefined) removeIfEmpty(this.#newParent);
  }

  /** They stay, so that another run can go on; but if there are none, nothing stays. Safe at any time. */
  close(): void {
    if (this.#open && !this.journal.hasResult) this.remove();
    if (!this.#open) return;
    this.#open = false;
    try {
      this.file.sync();
      this.journal.sync();
    } catch {
      // The run ends because of something else, and what is kept has a checksum.
    }
    this.journal.close();
    this.file.close();
  }
}

/** Whether it was not there. Throws Failure. */
function makeDirectory(directory: string): boolean {
  try {
    mkdirSync(directory, onlyTheUser);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code !== 'EEXIST') {
      throw new Failure('output-failed', `cannot make ${printable(directory)} (${error.code})`);
    }
  }
  // Someone else's, in a directory where everybody may write, would have our rows.
  const stat = lstatSync(directory);
  if (stat.isDirectory() && stat.uid === process.getuid?.()) return false;
  const text = `cannot use ${printable(directory)} for rows until they are written: it is not yours`;
  throw new Failure('output-failed', `${text}, or no directory: remove it`);
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Something is in it that is not ours.
  }
}
