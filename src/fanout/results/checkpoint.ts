import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { EarlierRun } from '../../cli/settings.js';
import { Failure } from '../../failure.js';
import { isOwnFile } from '../../files/file-owner.js';
import { OutputError } from '../../output/sink.js';
import type { Column } from '../../protocol/column.js';
import { PacketReader } from '../../protocol/packet-reader.js';
import { toFileFailure } from '../../session/named-file.js';
import type { Extent } from '../../spill/file-space.js';
import { SpillFile } from '../../spill/spill-file.js';
import { isErrno } from '../../system-error.js';
import { printable } from '../../text/printable.js';
import { Journal, type JournalEntry, type JournalHeader } from '../journal/journal.js';
import { decodeColumns } from '../rows/column-codec.js';
import { removeIfEmpty } from './finished-files.js';

/** The mode of the directory. Only the owner may access it, because the data is private. */
const privateDirectoryMode = 0o700;

/** The stored rows of a wiki that has finished. */
export interface StoredRows {
  rows: number;
  /** Bytes of the rows as the server sent them. */
  bytes: number;
  /**
   * Their position in the `rows` file, where a packet with the columns precedes them; empty if there
   * was no result set.
   */
  extents: readonly Extent[];
  columns: Column[] | undefined;
}

/**
 * The checkpoint of a run that writes its output only after all wikis have ended: the directory
 * `.NAME.run` next to the output. Its file `rows` holds the rows of the wikis; its journal records
 * which wikis are complete and where their rows are. A resumed run may overwrite all other parts of
 * `rows`.
 */
export class Checkpoint {
  readonly file: SpillFile;
  readonly journal: Journal;
  readonly #directory: string;
  #isOpen = true;

  private constructor(directory: string, journal: Journal, file: SpillFile) {
    this.#directory = directory;
    this.journal = journal;
    this.file = file;
  }

  /**
   * Opens the checkpoint of the output at `path`; `earlierRun` says what to do if there is one.
   *
   * Throws Failure (see Journal.open), and then leaves nothing that it created.
   */
  static open(path: string, header: JournalHeader, earlierRun: EarlierRun): Checkpoint {
    const directory = checkpointDirectory(path);
    const isNew = createDirectory(directory, path);
    if (!isNew) requireOwnDirectory(directory);
    let journal: Journal | undefined;
    try {
      journal = Journal.open(join(directory, 'journal'), header, earlierRun);
      const used = [...journal.entries.values()].flatMap(({ extents }) => extents ?? []);
      return new Checkpoint(directory, journal, SpillFile.openNamed(join(directory, 'rows'), used));
    } catch (error) {
      if (isNew) journal?.remove();
      else journal?.close();
      if (isNew) removeIfEmpty(directory);
      throw error;
    }
  }

  /**
   * Removes the checkpoint of the output at `path`, if there is one that no run will continue. Throws
   * Failure (see Journal.open).
   */
  static removeLeftover(path: string, header: JournalHeader): void {
    if (!existsSync(checkpointDirectory(path))) return;
    Checkpoint.open(path, header, { action: 'restart' }).remove();
  }

  /**
   * Verifies the checksum of the rows that an earlier run stored, and returns them. Returns undefined,
   * and frees their part of the file, if they are damaged; the wiki must be queried again then.
   */
  verifyEntry({ extents = [], sha256, rows, bytes }: JournalEntry): StoredRows | undefined {
    if (extents.length === 0) return { rows, bytes, extents, columns: undefined };
    const hash = createHash('sha256');
    let columnsPacket: Uint8Array | undefined;
    const reader = new PacketReader(
      (packet, start, end) => {
        columnsPacket ??= Buffer.from(packet.subarray(start, end));
      },
      // The first packet holds the columns; all others are rows and are not decoded.
      (_bytes, _start, end) => (columnsPacket === undefined ? undefined : { end, rows: 0 }),
      Number.POSITIVE_INFINITY,
      () => {},
    );
    try {
      for (const extent of extents) {
        for (const piece of this.file.readPieces(extent)) {
          hash.update(piece);
          if (columnsPacket === undefined) reader.push(piece);
        }
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      columnsPacket = undefined;
    }
    if (columnsPacket === undefined || hash.digest('hex') !== sha256) {
      this.file.free(extents);
      return undefined;
    }
    return { rows, bytes, extents, columns: decodeColumns(columnsPacket) };
  }

  /** Removes the checkpoint, after the output is complete. Throws Failure. */
  remove(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // The journal goes first: a directory without a journal is ignored.
    this.journal.remove();
    this.file.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /**
   * Closes the checkpoint and keeps it for --resume; removes it if no wiki has a result. Can be called
   * at any time, and again.
   */
  close(): void {
    if (this.#isOpen && !this.journal.hasResult) this.remove();
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.file.sync();
      this.journal.sync();
    } catch {
      // The run already ends with another error. Checksums detect rows that did not reach the disk.
    }
    this.journal.close();
    this.file.close();
  }
}

/** Returns the directory of the checkpoint of the output at `path`. */
function checkpointDirectory(path: string): string {
  return join(dirname(path), `.${basename(path)}.run`);
}

/**
 * Creates the directory for the rows of the output at `path`; returns false if it exists already.
 * Throws Failure.
 */
function createDirectory(directory: string, path: string): boolean {
  try {
    mkdirSync(directory, privateDirectoryMode);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'EEXIST') return false;
    throw toFileFailure(path, new OutputError(error.code ?? 'EIO'));
  }
}

/**
 * Throws Failure if the directory or a file in it belongs to another user. In a directory such as /tmp,
 * another user could create it first, to read the rows or to have others in the output.
 */
function requireOwnDirectory(directory: string): void {
  const stat = lstatSync(directory, { throwIfNoEntry: false });
  // Journal.open reports that there is nothing to resume.
  if (stat === undefined) return;
  if (!stat.isDirectory() || !isOwnFile(stat)) {
    const text = `cannot keep rows in '${printable(directory)}': it is not a directory of yours`;
    throw new Failure('foreign-file', `${text}; remove it, or use --output with another file`);
  }
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined || (entry.isFile() && isOwnFile(entry))) continue;
    const text = `cannot keep rows in '${printable(directory)}': '${printable(name)}' is not a file of yours`;
    throw new Failure('foreign-file', `${text}; remove '${printable(directory)}' to start over`);
  }
}
