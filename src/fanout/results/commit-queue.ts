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
import { asFailure } from '../../session/named-file.js';
import { isErrno } from '../../system-error.js';
import type { Journal } from '../journal/journal.js';
import { newDirectory } from '../plan/output-layout.js';

/** A file that is whole, and the name that it is to get. */
interface FinishedFile {
  part: string;
  path: string;
}

/** Of the four threads that Node has for files and compression; at the end all of them. */
const atATime = 2;
const atTheEnd = 4;
/** Milliseconds between two groups, so that they are worth their cost on a slow disk. */
const rest = 100;

/**
 * Gives whole files their names, in groups and beside the run: what a group's files hold is put on
 * disk, then what the journal says of them, then they are renamed. A crash of the machine can so
 * leave no half file under a final name; a wiki that the journal has and whose file is not there yet
 * is found under its other name, or is asked again.
 */
export class CommitQueue {
  readonly #journal: Journal;
  readonly #root: string;
  readonly #waiting = new Set<FinishedFile>();
  #failure: unknown;
  #loop: Promise<void> | undefined;
  #ended = false;
  #wakeUp: (() => void) | undefined;

  constructor(journal: Journal, root: string) {
    this.#journal = journal;
    this.#root = root;
  }

  /** Throws the Failure that an earlier file met, if one did. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Takes a file of which the journal tells already. */
  add(file: FinishedFile): void {
    this.#waiting.add(file);
    this.#loop ??= this.#run();
  }

  /** Waits until all have their names, which are on disk then. Rejects with Failure. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#wakeUp?.();
    await this.#loop;
    this.check();
    await syncPath(this.#root);
  }

  /** As `end`, at once and as far as it goes: those that are left get their names from --resume. */
  flushNow(): void {
    this.#ended = true;
    const files = [...this.#waiting];
    this.#waiting.clear();
    this.#wakeUp?.();
    try {
      for (const { part } of files) withFile(part, fsyncSync);
      if (files.length > 0) this.#journal.sync();
      for (const { part, path } of files) {
        mkdirSync(dirname(path), newDirectory);
        renameSync(part, path);
      }
    } catch {
      // The journal has them.
    }
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.size > 0) {
        await this.#commit([...this.#waiting]);
        if (!this.#ended) await this.#rest();
      }
    } catch (error) {
      this.#failure = error;
    }
    this.#loop = undefined;
  }

  async #commit(files: FinishedFile[]): Promise<void> {
    await this.#each(files, ({ part }) => syncPath(part));
    await this.#journal.synced();
    await this.#each(files, async (file) => {
      const directory = dirname(file.path);
      const isOwn = directory !== this.#root;
      if (isOwn) await promisify(mkdir)(directory, newDirectory);
      // Else `endNow` has taken it meanwhile.
      if (!this.#waiting.delete(file)) return;
      renameSync(file.part, file.path);
      if (isOwn) await syncPath(directory);
    });
  }

  /** Does something for each file, several at a time. Rejects with a Failure that names the file. */
  async #each(files: FinishedFile[], act: (file: FinishedFile) => Promise<void>): Promise<void> {
    const left = files.values();
    const worker = async () => {
      for (const file of left) await withPath(file.path, () => act(file));
    };
    const workers = this.#ended ? atTheEnd : atATime;
    await Promise.all(Array.from({ length: workers }, worker));
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, rest);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Puts a file or a directory on disk. */
async function syncPath(path: string): Promise<void> {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    await promisify(fsync)(fd);
  } finally {
    closeSync(fd);
  }
}

function withFile(path: string, act: (fd: number) => void): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    act(fd);
  } finally {
    closeSync(fd);
  }
}

async function withPath(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw isErrno(error) ? asFailure(path, new OutputError(error.code ?? 'EIO')) : error;
  }
}
