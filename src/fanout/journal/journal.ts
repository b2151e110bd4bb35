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
  entryOf,
  type JournalEntry,
  type JournalHeader,
  journalVersion,
  wholeLines,
} from './journal-lines.js';
import { LockFile } from './lock-file.js';

export type { JournalEntry } from './journal-lines.js';

/**
 * What a run has finished, a line for each wiki, so that a run that was killed can be resumed. A line
 * is appended by one write: what a killed process wrote stays; a machine that crashes keeps what came
 * before the last `sync`. One process has the journal at a time (see Claim).
 */
export class Journal {
  readonly #path: string;
  readonly #fd: number;
  readonly #lock: LockFile;
  readonly #entries: Map<string, JournalEntry>;
  #size: number;
  #open = true;
  /** The name of a new file is on disk only when its directory is. */
  #directorySynced: boolean;

  private constructor(
    path: string,
    fd: number,
    claim: LockFile,
    header: JournalHeader,
    read: Read,
  ) {
    this.#path = path;
    this.#fd = fd;
    this.#lock = claim;
    this.#entries = new Map(read.entries.map((entry) => [entry.wiki, entry]));
    this.#size = read.size;
    this.#directorySynced = read.size > 0;
    if (read.size === 0) this.#append({ version: journalVersion, ...header });
  }

  /**
   * Begins a journal (mode 0600), or with `resume` goes on with the one that is there; its directory
   * must be there. One without a whole header is of a run that came to nothing, and is begun anew
   * either way. Throws Failure: `unfinished-run` where there is one and `resume` is false,
   * `no-journal` where there is none to resume, `other-query` where it is of another fingerprint,
   * `journal-in-use`, `bad-journal`, `journal-failed`.
   */
  static open(path: string, header: JournalHeader, resume: boolean): Journal {
    return failing(path, () => {
      if (resume) requireFile(path);
      const claim = LockFile.make(path);
      if (typeof claim === 'string') throw inUse(path, claim);
      let fd: number | undefined;
      try {
        const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
        fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
        return new Journal(path, fd, claim, header, readJournal(path, fd, header, resume));
      } catch (error) {
        if (fd !== undefined) giveUp(path, fd);
        claim.release();
        throw error;
      }
    });
  }

  /** The last line of each wiki. */
  get entries(): ReadonlyMap<string, JournalEntry> {
    return this.#entries;
  }

  /**
   * Whether some wiki has a result: else there is nothing that another run could go on from. A wiki
   * that was skipped, which has no such table, is quickly asked again.
   */
  get hasResult(): boolean {
    return [...this.#entries.values()].some(({ outcome }) => outcome === 'ok');
  }

  /** Appends a line; it survives a kill -9 from here on. Throws Failure `journal-failed`. */
  add(entry: JournalEntry): void {
    failing(this.#path, () => this.#append(entry));
    this.#entries.set(entry.wiki, entry);
  }

  /** What was added survives a crash of the machine from here on. Throws Failure `journal-failed`. */
  sync(): void {
    failing(this.#path, () => {
      fsyncSync(this.#fd);
      this.#syncDirectory();
    });
  }

  /** As `sync`, without holding up the program. Rejects with Failure `journal-failed`. */
  async synced(): Promise<void> {
    try {
      await promisify(fsync)(this.#fd);
      this.#syncDirectory();
    } catch (error) {
      throw asFailure(this.#path, error);
    }
  }

  /** Gives the journal free for another process. Safe at any time. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
    this.#lock.release();
  }

  /** Removes the journal: there is nothing to resume. */
  remove(): void {
    rmSync(this.#path, { force: true });
    this.close();
  }

  #append(value: object): void {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    try {
      // One call, but for a disk that takes some bytes and is full then.
      writeAll(this.#fd, line);
    } catch (error) {
      // What stands half would make the next line unreadable.
      ftruncateSync(this.#fd, this.#size);
      throw error;
    }
    this.#size += line.length;
  }

  #syncDirectory(): void {
    if (this.#directorySynced) return;
    const directory = openSync(dirname(this.#path), constants.O_RDONLY);
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
    this.#directorySynced = true;
  }
}

interface Read {
  entries: JournalEntry[];
  /** Bytes of what was read; 0: the journal has no header. */
  size: number;
}

/** Reads a journal, and cuts off what a crash left half at its end. */
function readJournal(path: string, fd: number, header: JournalHeader, resume: boolean): Read {
  if (!fstatSync(fd).isFile()) throw unreadable(path, 'no file');
  const bytes = readFileSync(fd);
  const { lines, size } = wholeLines(bytes);
  if (size > 0 && !resume) throw unfinished(path);
  if (size < bytes.length) ftruncateSync(fd, size);
  if (lines.length === 0) return { entries: [], size };
  checkHeader(path, lines[0], header);
  const entries = lines.slice(1).map((line, index) => {
    const entry = entryOf(line);
    if (entry === undefined) throw unreadable(path, `line ${index + 2}`);
    return entry;
  });
  return { entries, size };
}

function checkHeader(path: string, line: unknown, { fingerprint }: JournalHeader): void {
  if (typeof line !== 'object' || line === null || !('version' in line)) {
    throw unreadable(path, 'line 1');
  }
  if (line.version !== journalVersion) {
    const text = `${printable(path)} was written by another version of analytics-mysql`;
    throw new Failure('bad-journal', `${text}: finish with that one, or begin anew`);
  }
  if (!('fingerprint' in line) || typeof line.fingerprint !== 'string') {
    throw unreadable(path, 'line 1');
  }
  if (line.fingerprint === fingerprint) return;
  const text = `the run in ${printable(dirname(path))} asks another query or writes another form`;
  const hint = '--resume needs the same statements and options; else name another output';
  throw new Failure('other-query', `${text}: ${hint}`);
}

/** A journal that could not be begun is not left there. */
function giveUp(path: string, fd: number): void {
  if (fstatSync(fd).size === 0) rmSync(path, { force: true });
  closeSync(fd);
}

/** Looked for first, so that nothing is made beside a journal that is not there. */
function requireFile(path: string): void {
  try {
    closeSync(openSync(path, constants.O_RDONLY));
  } catch (error) {
    if (!isErrno(error) || !/^(ENOENT|ENOTDIR)$/.test(error.code ?? '')) throw error;
    const text = `nothing to resume: there is no ${printable(path)}; run it without --resume`;
    throw new Failure('no-journal', text);
  }
}

function unfinished(path: string): Failure {
  const directory = printable(dirname(path));
  const text = `${directory} holds an unfinished run: --resume goes on with it`;
  return new Failure('unfinished-run', `${text}; to begin anew, remove ${directory}`);
}

function unreadable(path: string, what: string): Failure {
  const text = `cannot read ${printable(path)} (${what}): it is damaged; to begin anew, remove`;
  return new Failure('bad-journal', `${text} ${printable(dirname(path))}`);
}

/** The claim's name says who it is: another process, or one of another machine. */
function inUse(path: string, claim: string): Failure {
  const [host, , pid] = basename(claim).split('.lock-').at(-1)?.split('-') ?? [];
  const who = `process ${pid} on ${printable(host ?? '')}`;
  const text = `${printable(dirname(path))} is in use by another run (${who}): wait for it, or end it`;
  return new Failure('journal-in-use', `${text}; if it is gone, remove ${printable(claim)}`);
}

function failing<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw asFailure(path, error);
  }
}

function asFailure(path: string, error: unknown): unknown {
  if (error instanceof Failure || !isErrno(error)) return error;
  const text = `cannot use ${printable(path)} (${error.code}): mend that, then --resume`;
  return new Failure('journal-failed', text);
}
