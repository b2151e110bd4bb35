import {
  closeSync,
  constants,
  fsync,
  fsyncSync,
  mkdir,
  mkdirSync,
  openSync,
  renameSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { OutputError } from '../../output/sink.js';
import { toFileFailure } from '../../session/named-file.js';
import { isErrno } from '../../system-error.js';
import type { Journal } from '../journal/journal.js';
import { directoryOptions } from '../plan/output-layout.js';

/** A complete part file, and the final path to rename it to. */
interface FinishedFile {
  part: string;
  path: string;
}

/** How many of Node's four threads for files and compression to use; all of them at the end. */
const workersDuringRun = 2;
const workersAtEnd = 4;
/** Milliseconds between two groups, so that each group is large enough for its cost on a slow disk. */
const pauseBetweenGroups = 100;

/**
 * Renames complete files to their final names, in groups and in the background: it flushes the files of
 * a group to disk, then their lines in the journal, then renames them. After a crash of the machine, no
 * partial file has a final name. If the journal names a wiki whose file has no final name yet, a
 * resumed run renames its part file, or queries the wiki again.
 */
export class CommitQueue {
  readonly #journal: Journal;
  readonly #root: string;
  readonly #queued = new Set<FinishedFile>();
  #failure: unknown;
  #loop: Promise<void> | undefined;
  #isFinishing = false;
  #wakeUp: (() => void) | undefined;

  readonly #isHeldBack: boolean;

  /**
   * `isHeldBack`: rename no file before `finish`, because the files replace those of an earlier run,
   * which must not be mixed with them.
   */
  constructor(journal: Journal, root: string, isHeldBack: boolean) {
    this.#journal = journal;
    this.#root = root;
    this.#isHeldBack = isHeldBack;
  }

  /** Throws the Failure of an earlier file, if there was one. */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Adds a complete file that is already in the journal. */
  add(file: FinishedFile): void {
    this.#queued.add(file);
    if (!this.#isHeldBack) this.#loop ??= this.#run();
  }

  /** Waits until all files have their final names and these are on disk. Rejects with Failure. */
  async finish(): Promise<void> {
    this.#isFinishing = true;
    this.#wakeUp?.();
    if (this.#isHeldBack) this.#loop ??= this.#run();
    await this.#loop;
    this.throwIfFailed();
    await syncPath(this.#root);
  }

  /**
   * Like `finish`, but synchronous and without errors, for a run that ends early. Files that are held
   * back are only flushed to disk. A run with --resume renames the files that this call did not.
   */
  flushNow(): void {
    this.#isFinishing = true;
    const files = [...this.#queued];
    this.#queued.clear();
    this.#wakeUp?.();
    try {
      for (const { part } of files) withOpenFile(part, fsyncSync);
      if (files.length > 0) this.#journal.sync();
      if (this.#isHeldBack) return;
      for (const { part, path } of files) {
        mkdirSync(dirname(path), directoryOptions);
        renameSync(part, path);
      }
    } catch {
      // The journal has these files, so --resume renames them.
    }
  }

  async #run(): Promise<void> {
    try {
      while (this.#queued.size > 0) {
        await this.#commit([...this.#queued]);
        if (!this.#isFinishing) await this.#pause();
      }
    } catch (error) {
      this.#failure = error;
    }
    this.#loop = undefined;
  }

  async #commit(files: FinishedFile[]): Promise<void> {
    await this.#forEach(files, ({ part }) => syncPath(part));
    await this.#journal.syncAsync();
    await this.#forEach(files, async (file) => {
      const directory = dirname(file.path);
      const isSubdirectory = directory !== this.#root;
      if (isSubdirectory) await promisify(mkdir)(directory, directoryOptions);
      // If the file is no longer queued, `flushNow` has taken it meanwhile.
      if (!this.#queued.delete(file)) return;
      renameSync(file.part, file.path);
      if (isSubdirectory) await syncPath(directory);
    });
  }

  /** Calls `act` for each file, several at a time. Rejects with a Failure that names the file. */
  async #forEach(files: FinishedFile[], act: (file: FinishedFile) => Promise<void>): Promise<void> {
    const remaining = files.values();
    const worker = async () => {
      for (const file of remaining) await rethrowAsFailure(file.path, () => act(file));
    };
    const workers = this.#isFinishing ? workersAtEnd : workersDuringRun;
    await Promise.all(Array.from({ length: workers }, worker));
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseBetweenGroups);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Flushes a file or a directory to disk. */
async function syncPath(path: string): Promise<void> {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    await promisify(fsync)(fd);
  } finally {
    closeSync(fd);
  }
}

function withOpenFile(path: string, act: (fd: number) => void): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    act(fd);
  } finally {
    closeSync(fd);
  }
}

async function rethrowAsFailure(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw isErrno(error) ? toFileFailure(path, new OutputError(error.code ?? 'EIO')) : error;
  }
}
