import { tmpdir } from 'node:os';
import type { Extent } from './file-space.js';
import { SpillFile } from './spill-file.js';
import { type SharedSpill, SpillQueue } from './spill-queue.js';

/** Memory that all queues together may take, in bytes. */
const defaultMemory = 32 * 1024 * 1024;
/** The first piece of memory of a queue: most wikis have few rows. Each is four times the last. */
const firstPiece = 1024;
const largestPiece = 256 * 1024;
/** Largest pieces that are kept for reuse: about as much as is put into the file at once. */
const maxSpare = 48;

export interface SpillBufferOptions {
  /** Bytes that all queues together may take before they are put into the file. */
  memory?: number;
  /** Opens the file when it is needed; by default one without a name in the system's directory. */
  open?: () => SpillFile;
  /** Each queue has a checksum. */
  checksums?: boolean;
}

/**
 * Bytes that wait, in queues: in memory, and beyond what they may take there in a file. What is
 * taken out or dropped makes room again in both.
 */
export class SpillBuffer implements SharedSpill {
  readonly #budget: number;
  readonly #open: () => SpillFile;
  readonly #given: boolean;
  readonly #checksums: boolean;
  readonly #queues = new Set<SpillQueue>();
  readonly #spare: Uint8Array[] = [];
  #file: SpillFile | undefined;
  #memory = 0;

  constructor(options: SpillBufferOptions = {}) {
    this.#budget = options.memory ?? defaultMemory;
    this.#open = options.open ?? (() => SpillFile.unnamed(tmpdir()));
    this.#given = options.open !== undefined;
    this.#checksums = options.checksums ?? false;
  }

  /** Bytes of memory that queues take now. */
  get memory(): number {
    return this.#memory;
  }

  /** Bytes of the file that are in use. */
  get inFile(): number {
    return this.#file?.used ?? 0;
  }

  /** Whether there are no queues. */
  get isIdle(): boolean {
    return this.#queues.size === 0;
  }

  /** The file, which is opened if it was not. Throws Failure. */
  get file(): SpillFile {
    this.#file ??= this.#open();
    return this.#file;
  }

  /** Makes an empty queue. */
  queue(): SpillQueue {
    const queue = new SpillQueue(this, this.#checksums ? newHash() : undefined);
    this.#queues.add(queue);
    return queue;
  }

  /**
   * For queues: returns memory, sized for a queue whose last piece had `last` bytes. Throws Failure
   * where no bytes can be put into the file to make room.
   */
  take(last: number): Uint8Array {
    const size = Math.min(Math.max(last * 4, firstPiece), largestPiece);
    this.#makeRoom(size);
    this.#memory += size;
    const spare = size === largestPiece ? this.#spare.pop() : undefined;
    return spare ?? Buffer.allocUnsafeSlow(size);
  }

  /** For queues: takes memory back. */
  give(bytes: Uint8Array): void {
    this.#memory -= bytes.length;
    if (bytes.length === largestPiece && this.#spare.length < maxSpare) this.#spare.push(bytes);
  }

  /** For queues: `queue` was dropped, and needs these parts of the file no more. */
  forget(queue: SpillQueue, extents: readonly Extent[]): void {
    this.#queues.delete(queue);
    this.#file?.free(extents);
  }

  /** Drops all queues; a file that was given stays its owner's. Can be called again. */
  close(): void {
    for (const queue of [...this.#queues]) queue.drop();
    if (!this.#given) this.#file?.close();
  }

  /** Puts the largest queues into the file, until a quarter of the memory is free: so writes are large. */
  #makeRoom(size: number): void {
    if (this.#memory + size <= this.#budget) return;
    const aim = this.#budget * 0.75 - size;
    while (this.#memory > aim) {
      let largest: SpillQueue | undefined;
      for (const queue of this.#queues) {
        if (queue.memory > (largest?.memory ?? 0)) largest = queue;
      }
      if (largest === undefined) return;
      largest.putAway(this.#memory - aim);
    }
  }
}

function newHash() {
  // Loaded late: most buffers have no checksums.
  return process.getBuiltinModule('node:crypto').createHash('sha256');
}
