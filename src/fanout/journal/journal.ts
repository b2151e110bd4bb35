import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { EarlierRun } from '../../cli/settings.js';
import { Failure } from '../../failure.js';
import { writePrivateFile } from '../../files/atomic-file.js';
import { isOwnFile } from '../../files/file-owner.js';
import { writeAll } from '../../files/write-all.js';
import { describeWriteError } from '../../output/write-error.js';
import { isErrno } from '../../system-error.js';
import { printable } from '../../text/printable.js';
import { quoteForShell } from '../../text/quote-for-shell.js';
import {
  continuesRun,
  damagedJournalFailure,
  emptyContent,
  formatHeader,
  type JournalContent,
  listReplacedFiles,
  parseJournal,
} from './journal-content.js';
import {
  finishedLine,
  type JournalEntry,
  type JournalHeader,
  type RecordedFile,
  readStart,
} from './journal-lines.js';
import { type HeldLock, LockFile } from './lock-file.js';

export type { JournalEntry, JournalHeader, RecordedFile } from './journal-lines.js';

/**
 * The journal of a run: one line for each finished wiki, so that a killed run can be resumed. Each
 * line is appended with one write, so it survives if the process is killed; what was added before
 * the last `sync` also survives a crash of the machine. One process at a time uses a journal (see
 * LockFile).
 */
export class Journal {
  readonly #path: string;
  readonly #fd: number;
  readonly #lock: LockFile;
  readonly #entries: Map<string, JournalEntry>;
  #size: number;
  readonly #began: Date | undefined;
  readonly #isContinued: boolean;
  readonly #wasFinished: boolean;
  readonly #replaces: readonly RecordedFile[];
  #isOpen = true;
  /** Whether the directory was synced, which puts the name of a new file on disk. */
  #isDirectorySynced: boolean;

  private constructor(
    path: string,
    fd: number,
    lock: LockFile,
    header: JournalHeader,
    content: JournalContent,
    isContinued: boolean,
  ) {
    this.#path = path;
    this.#fd = fd;
    this.#lock = lock;
    this.#entries = new Map(content.entries.map((entry) => [entry.wiki, entry]));
    this.#size = content.size;
    this.#began = readStart(content.header?.run ?? header.run);
    this.#isContinued = isContinued;
    this.#wasFinished = content.isFinished;
    this.#replaces = content.replaces;
    this.#isDirectorySynced = content.size > 0;
    if (content.size === 0) this.#appendLine(formatHeader(header));
  }

  /**
   * Opens the journal of a run; its directory must exist. `earlierRun` says what to do if an earlier
   * run left a journal. A journal without a complete header belongs to a run that finished nothing,
   * and is replaced. New journals have the mode 0600.
   *
   * Throws Failure: `unfinished-run` or `finished-run` if there is an earlier run and `earlierRun`
   * is `refuse`, `other-query` to resume a run with another fingerprint, `foreign-file` if the
   * journal belongs to another user, `journal-in-use`, `bad-journal`, `journal-failed`.
   */
  static open(path: string, header: JournalHeader, earlierRun: EarlierRun): Journal {
    return wrapErrors(path, () => {
      checkOwner(path);
      const lock = LockFile.acquire(path);
      if (!(lock instanceof LockFile)) throw lockedJournalFailure(path, lock);
      let fd: number | undefined;
      try {
        fd = openFile(path);
        const found = readJournal(path, fd);
        if (found === undefined) return new Journal(path, fd, lock, header, emptyContent, false);
        if (continuesRun(path, found, header, earlierRun)) {
          return new Journal(path, fd, lock, header, found, true);
        }
        closeSync(fd);
        fd = undefined;
        // Replaces the journal in one step, since it names the files of the earlier run.
        const line = formatHeader({ ...header, replaces: listReplacedFiles(found) });
        writePrivateFile(path, line);
        fd = openFile(path);
        const content = readJournal(path, fd);
        return new Journal(path, fd, lock, header, content ?? emptyContent, false);
      } catch (error) {
        if (fd !== undefined) closeUnusedJournal(path, fd);
        lock.release();
        throw error;
      }
    });
  }

  /** When the first attempt of the run began; undefined if the journal does not tell it. */
  get began(): Date | undefined {
    return this.#began;
  }

  /** Whether the run is an earlier one that goes on. */
  get isContinued(): boolean {
    return this.#isContinued;
  }

  /** Whether the run was finished before this process opened the journal. */
  get wasFinished(): boolean {
    return this.#wasFinished;
  }

  /** The files of an earlier run that this one replaces when it is finished. */
  get replaces(): readonly RecordedFile[] {
    return this.#replaces;
  }

  /** The last entry of each wiki. */
  get entries(): ReadonlyMap<string, JournalEntry> {
    return this.#entries;
  }

  /**
   * Whether a wiki has a result; otherwise resuming gains nothing. Skipped wikis, where the table
   * does not exist, do not count, since asking them again is quick.
   */
  get hasResult(): boolean {
    return [...this.#entries.values()].some(({ outcome }) => outcome === 'ok');
  }

  /** Appends an entry, which then survives a kill -9. Throws Failure `journal-failed`. */
  add(entry: JournalEntry): void {
    wrapErrors(this.#path, () => this.#append(entry));
    this.#entries.set(entry.wiki, entry);
  }

  /** Records that the run is finished. Throws Failure `journal-failed`. */
  finish(): void {
    wrapErrors(this.#path, () => this.#append(finishedLine));
  }

  /** Makes added entries survive a crash of the machine. Throws Failure `journal-failed`. */
  sync(): void {
    wrapErrors(this.#path, () => {
      fsyncSync(this.#fd);
      this.#syncDirectory();
    });
  }

  /** Like `sync`, without blocking the event loop. Rejects with Failure `journal-failed`. */
  async syncAsync(): Promise<void> {
    try {
      await promisify(fsync)(this.#fd);
      this.#syncDirectory();
    } catch (error) {
      throw toFailure(this.#path, error);
    }
  }

  /** Closes and unlocks the journal. Safe to call at any time. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#fd);
    this.#lock.release();
  }

  /**
   * Closes the journal if --resume can continue its run, or if it names files of an earlier run;
   * deletes it otherwise. Safe to call at any time.
   *
   * `isResumable`: --resume can continue the run although this journal has no result.
   */
  closeOrRemove(isResumable = false): void {
    if (!this.#isOpen) return;
    if (isResumable || this.hasResult || this.#replaces.length > 0) this.close();
    else this.remove();
  }

  /** Deletes and closes the journal, since there is nothing to resume. */
  remove(): void {
    rmSync(this.#path, { force: true });
    this.close();
  }

  #append(value: object): void {
    this.#appendLine(`${JSON.stringify(value)}\n`);
  }

  #appendLine(text: string): void {
    const line = Buffer.from(text);
    try {
      // This is one system call, except if the disk becomes full in the middle.
      writeAll(this.#fd, line);
    } catch (error) {
      // Removes a partial line, which would make the next line unreadable.
      ftruncateSync(this.#fd, this.#size);
      throw error;
    }
    this.#size += line.length;
  }

  #syncDirectory(): void {
    if (this.#isDirectorySynced) return;
    const directory = openSync(dirname(this.#path), constants.O_RDONLY);
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
    this.#isDirectorySynced = true;
  }
}

function openFile(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  return openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
}

/**
 * Reads a journal and truncates an incomplete end that a crash left. Returns undefined if it has no
 * header.
 */
function readJournal(path: string, fd: number): JournalContent | undefined {
  const stat = fstatSync(fd);
  if (!stat.isFile()) throw damagedJournalFailure(path, 'not a regular file');
  if (!isOwnFile(stat)) throw foreignJournalFailure(path);
  const bytes = readFileSync(fd);
  const content = parseJournal(path, bytes);
  const size = content?.size ?? 0;
  if (size < bytes.length) ftruncateSync(fd, size);
  return content;
}

/** Closes a journal that could not be opened, and deletes it if it is empty. */
function closeUnusedJournal(path: string, fd: number): void {
  if (fstatSync(fd).size === 0) rmSync(path, { force: true });
  closeSync(fd);
}

/**
 * Throws if the journal belongs to another user, who could have made up its content, before a lock file
 * is created beside it.
 */
function checkOwner(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !isOwnFile(stat)) throw foreignJournalFailure(path);
}

function foreignJournalFailure(path: string): Failure {
  const text = `'${printable(path)}' belongs to another user: use --output with another name`;
  return new Failure('foreign-file', text);
}

/** Reports the process that holds the lock. */
function lockedJournalFailure(path: string, { path: lockPath, holder, state }: HeldLock): Failure {
  const owner =
    holder === undefined
      ? 'of an unknown process'
      : `process ${holder.pid} on ${printable(holder.host)}`;
  const text = `'${printable(dirname(path))}' is in use by another run (${owner}): wait for it or stop it`;
  const hint = `; if it no longer runs, remove its lock: rm ${quoteForShell(lockPath)}`;
  return new Failure('journal-in-use', state === 'running' ? text : `${text}${hint}`);
}

function wrapErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw toFailure(path, error);
  }
}

function toFailure(path: string, error: unknown): unknown {
  if (error instanceof Failure || !isErrno(error)) return error;
  const text = `cannot use '${printable(path)}' (${describeWriteError(error.code ?? 'EIO', path)}): fix this and run again with --resume`;
  return new Failure('journal-failed', text);
}
