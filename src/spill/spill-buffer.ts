import { tmpdir } from 'node:os';
import type { Extent } from './file-space.js';
import { SpillFile } from './spill-file.js';
import { SpillQueue, type SpillStorage } from './spill-queue.js';

/** Bytes of memory that all queues together may use. */
const defaultMaxMemory = 32 * 1024 * 1024;
/**
 * Bytes of a queue's first piece of memory: small, because most wikis have few rows. Each further piece
 * is four times as large as the one before, up to `largestPieceSize`.
 */
const firstPieceSize = 1024;
const largestPieceSize = 256 * 1024;
/**
 * How many pieces of the largest size are kept for reuse: about as many as are written to the spill
 * file at once.
 */
const maxSparePieces = 48;

export interface SpillBufferOptions {
  /** Bytes of memory that all queues together may use before they spill to the file; 32 MiB. */
  memory?: number;
  /**
   * Opens the spill file when it is first needed. Default: an unnamed file in the system's directory
   * for temporary files.
   */
  open?: () => SpillFile;
  /** Whether each queue computes a SHA-256 of its bytes. */
  checksums?: boolean;
}

/**
 * A set of byte queues that share an amount of memory and a spill file. When the queues exceed the
 * memory, the largest ones are written to the file. Reading or dropping a queue frees its memory and
 * its part of the file.
 */
export class SpillBuffer implements SpillStorage {
  readonly #maxMemory: number;
  readonly #openFile: () => SpillFile;
  readonly #isFileExternal: boolean;
  readonly #checksums: boolean;
  readonly #queues = new Set<SpillQueue>();
  readonly #sparePieces: Uint8Array[] = [];
  #file: SpillFile | undefined;
  #memory = 0;

  constructor(options: SpillBufferOptions = {}) {
    this.#maxMemory = options.memory ?? defaultMaxMemory;
    this.#openFile = options.open ?? (() => SpillFile.openUnnamed(tmpdir()));
    this.#isFileExternal = options.open !== undefined;
    this.#checksums = options.checksums ?? false;
  }

  /** Bytes of memory that the queues use now. */
  get memory(): number {
    return this.#memory;
  }

  /** Bytes of the file that are in use. */
  get bytesInFile(): number {
    return this.#file?.used ?? 0;
  }

  /** Whether there are no queues. */
  get isIdle(): boolean {
    return this.#queues.size === 0;
  }

  /** The spill file, which is opened at the first access. Throws Failure. */
  get file(): SpillFile {
    this.#file ??= this.#openFile();
    return this.#file;
  }

  /** Creates an empty queue. */
  createQueue(): SpillQueue {
    const queue = new SpillQueue(this, this.#checksums ? newHash() : undefined);
    this.#queues.add(queue);
    return queue;
  }

  /**
   * Called by queues. Returns a piece of memory for a queue whose newest piece has `previousSize`
   * bytes (0 if it has none). Throws Failure if writing to the spill file fails.
   */
  allocate(previousSize: number): Uint8Array {
    const size = Math.min(Math.max(previousSize * 4, firstPieceSize), largestPieceSize);
    this.#freeMemory(size);
    this.#memory += size;
    const spare = size === largestPieceSize ? this.#sparePieces.pop() : undefined;
    return spare ?? Buffer.allocUnsafeSlow(size);
  }

  /** Called by queues. Takes back a piece of memory. */
  release(bytes: Uint8Array): void {
    this.#memory -= bytes.length;
    if (bytes.length === largestPieceSize && this.#sparePieces.length < maxSparePieces)
      this.#sparePieces.push(bytes);
  }

  /** Called by queues when they are dropped. Frees their parts of the file. */
  removeQueue(queue: SpillQueue, extents: readonly Extent[]): void {
    this.#queues.delete(queue);
    this.#file?.free(extents);
  }

  /**
   * Drops all queues and closes the spill file, unless `SpillBufferOptions.open` opened it. Can be
   * called again.
   */
  close(): void {
    for (const queue of [...this.#queues]) queue.drop();
    if (!this.#isFileExternal) this.#file?.close();
  }

  /**
   * Writes the largest queues to the file until a quarter of the memory is free, so that the single
   * writes are large. Does nothing if `size` more bytes fit into memory.
   */
  #freeMemory(size: number): void {
    if (this.#memory + size <= this.#maxMemory) return;
    const target = this.#maxMemory * 0.75 - size;
    while (this.#memory > target) {
      let largest: SpillQueue | undefined;
      for (const queue of this.#queues) {
        if (queue.memory > (largest?.memory ?? 0)) largest = queue;
      }
      if (largest === undefined) return;
      largest.spill(this.#memory - target);
    }
  }
}

function newHash() {
  // node:crypto is loaded only here, because most buffers have no checksums.
  return process.getBuiltinModule('node:crypto').createHash('sha256');
}
