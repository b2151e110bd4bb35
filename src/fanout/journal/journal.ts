import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../../failure.js';
import { writeAll } from '../../files/write-all.js';
import { isErrno } from '../../system-error.js';
import { printable } from '../../text/printable.js';
import {
  type JournalEntry,
  type JournalHeader,
  journalVersion,
  parseLines,
  toEntry,
} from './journal-lines.js';
import { LockFile } from './lock-file.js';

export type { JournalEntry } from './journal-lines.js';

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
  #isOpen = true;
  /** Whether the directory was synced, which puts the name of a new file on disk. */
  #isDirectorySynced: boolean;

  private constructor(
    path: string,
    fd: number,
    lock: LockFile,
    header: JournalHeader,
    content: JournalContent,
  ) {
    this.#path = path;
    this.#fd = fd;
    this.#lock = lock;
    this.#entries = new Map(content.entries.map((entry) => [entry.wiki, entry]));
    this.#size = content.size;
    this.#isDirectorySynced = content.size > 0;
    if (content.size === 0) this.#append({ version: journalVersion, ...header });
  }

  /**
   * Creates a journal (mode 0600), or continues the existing one if `resume` is true. Its directory
   * must exist. A journal without a complete header belongs to a run that finished nothing, and is
   * replaced in both cases.
   *
   * Throws Failure: `unfinished-run` if a journal exists and `resume` is false, `no-journal` if
   * none exists and `resume` is true, `other-query` if the fingerprint differs, `journal-in-use`,
   * `bad-journal`, `journal-failed`.
   */
  static open(path: string, header: JournalHeader, resume: boolean): Journal {
    return wrapErrors(path, () => {
      if (resume) requireFile(path);
      const lock = LockFile.acquire(path);
      if (typeof lock === 'string') throw lockedJournalFailure(path, lock);
      let fd: number | undefined;
      try {
        const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
        fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
        return new Journal(path, fd, lock, header, readJournal(path, fd, header, resume));
      } catch (error) {
        if (fd !== undefined) closeUnusedJournal(path, fd);
        lock.release();
        throw error;
      }
    });
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

  /** Deletes and closes the journal, since there is nothing to resume. */
  remove(): void {
    rmSync(this.#path, { force: true });
    this.close();
  }

  #append(value: object): void {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
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

interface JournalContent {
  entries: JournalEntry[];
  /** The size in bytes of the complete lines; 0 if the journal has no header. */
  size: number;
}

/** Reads a journal and truncates an incomplete end that a crash left. */
function readJournal(
  path: string,
  fd: number,
  header: JournalHeader,
  resume: boolean,
): JournalContent {
  if (!fstatSync(fd).isFile()) throw damagedJournalFailure(path, 'not a regular file');
  const bytes = readFileSync(fd);
  const { lines, size } = parseLines(bytes);
  if (size > 0 && !resume) throw unfinishedRunFailure(path);
  if (size < bytes.length) ftruncateSync(fd, size);
  if (lines.length === 0) return { entries: [], size };
  checkHeader(path, lines[0], header);
  const entries = lines.slice(1).map((line, index) => {
    const entry = toEntry(line);
    if (entry === undefined) throw damagedJournalFailure(path, `line ${index + 2}`);
    return entry;
  });
  return { entries, size };
}

function checkHeader(path: string, line: unknown, { fingerprint }: JournalHeader): void {
  if (typeof line !== 'object' || line === null || !('version' in line)) {
    throw damagedJournalFailure(path, 'line 1');
  }
  if (line.version !== journalVersion) {
    const text = `'${printable(path)}' was written by another version of analytics-mysql`;
    throw new Failure('bad-journal', `${text}: use that version, or start over`);
  }
  if (!('fingerprint' in line) || typeof line.fingerprint !== 'string') {
    throw damagedJournalFailure(path, 'line 1');
  }
  if (line.fingerprint === fingerprint) return;
  const text = `the run in '${printable(dirname(path))}' has other statements or options than this one`;
  const hint = 'repeat its command with --resume, or choose another --output';
  throw new Failure('other-query', `${text}: ${hint}`);
}

/** Closes a journal that could not be opened, and deletes it if it is empty. */
function closeUnusedJournal(path: string, fd: number): void {
  if (fstatSync(fd).size === 0) rmSync(path, { force: true });
  closeSync(fd);
}

/** Throws if there is no journal, before a lock file is created beside it. */
function requireFile(path: string): void {
  try {
    closeSync(openSync(path, constants.O_RDONLY));
  } catch (error) {
    if (!isErrno(error) || !/^(ENOENT|ENOTDIR)$/.test(error.code ?? '')) throw error;
    const text = `nothing to resume: '${printable(path)}' does not exist; run without --resume`;
    throw new Failure('no-journal', text);
  }
}

function unfinishedRunFailure(path: string): Failure {
  const directory = printable(dirname(path));
  const text = `'${directory}' contains an unfinished run: use --resume to continue it`;
  return new Failure('unfinished-run', `${text}, or remove '${directory}' to start over`);
}

function damagedJournalFailure(path: string, problem: string): Failure {
  const text = `'${printable(path)}' is damaged (${problem})`;
  return new Failure('bad-journal', `${text}: remove '${printable(dirname(path))}' to start over`);
}

/** Reports the process that holds the lock, which may be on another machine. */
function lockedJournalFailure(path: string, lockPath: string): Failure {
  const [host, , pid] = basename(lockPath).split('.lock-').at(-1)?.split('-') ?? [];
  const owner = `process ${pid} on ${printable(host ?? '')}`;
  const text = `'${printable(dirname(path))}' is in use by another run (${owner}): wait for it or stop it`;
  return new Failure(
    'journal-in-use',
    `${text}; if that process does not exist, remove '${printable(lockPath)}'`,
  );
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
  const text = `cannot use '${printable(path)}' (${error.code}): fix this and run again with --resume`;
  return new Failure('journal-failed', text);
}
