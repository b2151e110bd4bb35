import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { Extent } from './file-space.js';
import { Lane } from './lane.js';
import { SpoolFile } from './spool-file.js';

/** Memory that all lanes together may take, in bytes. */
const defaultMemory = 32 * 1024 * 1024;
/** The first piece of memory of a lane: most wikis have few rows. Each is four times the last. */
const firstPiece = 1024;
const largestPiece = 256 * 1024;
/** Largest pieces that are kept to be used again: what is put away at once is about as much. */
const maxSpare = 48;

export interface SpoolOptions {
  /** Bytes that all lanes together may take before they are put into the file. */
  memory?: number;
  /** Opens the file, when it is needed; without it one without a name in the system's folder. */
  open?: () => SpoolFile;
  /** Each lane has a checksum. */
  checksums?: boolean;
}

/**
 * Rows of many wikis that wait, each wiki's in a lane of its own: in memory, and beyond what that may
 * take in a file. What is drained or dropped makes room again in both.
 */
export class Spool {
  readonly #budget: number;
  readonly #open: () => SpoolFile;
  readonly #given: boolean;
  readonly #checksums: boolean;
  readonly #lanes = new Set<Lane>();
  readonly #spare: Uint8Array[] = [];
  #file: SpoolFile | undefined;
  #memory = 0;

  constructor(options: SpoolOptions = {}) {
    this.#budget = options.memory ?? defaultMemory;
    this.#open = options.open ?? (() => SpoolFile.unnamed(tmpdir()));
    this.#given = options.open !== undefined;
    this.#checksums = options.checksums ?? false;
  }

  /** Bytes of memory that lanes take now. */
  get memory(): number {
    return this.#memory;
  }

  /** Bytes of the file that are in use. */
  get inFile(): number {
    return this.#file?.used ?? 0;
  }

  /** The file, which is opened if it was not. Throws Failure. */
  get file(): SpoolFile {
    this.#file ??= this.#open();
    return this.#file;
  }

  /** A new lane, which is empty. */
  lane(): Lane {
    const lane = new Lane(this, this.#checksums ? createHash('sha256') : undefined);
    this.#lanes.add(lane);
    return lane;
  }

  /**
   * For lanes: memory, as suits one whose last piece had so many bytes. Throws Failure where rows
   * cannot be put away to make room.
   */
  take(last: number): Uint8Array {
    const size = Math.min(Math.max(last * 4, firstPiece), largestPiece);
    this.#makeRoom(size);
    this.#memory += size;
    const spare = size === largestPiece ? this.#spare.pop() : undefined;
    return spare ?? Buffer.allocUnsafeSlow(size);
  }

  /** For lanes: memory that is needed no more. */
  give(bytes: Uint8Array): void {
    this.#memory -= bytes.length;
    if (bytes.length === largestPiece && this.#spare.length < maxSpare) this.#spare.push(bytes);
  }

  /** For lanes: this one needs nothing any more. */
  forget(lane: Lane, extents: readonly Extent[]): void {
    this.#lanes.delete(lane);
    this.#file?.free(extents);
  }

  /** All lanes are gone; the file is its owner's, where it was given. Safe at any time. */
  close(): void {
    for (const lane of [...this.#lanes]) lane.drop();
    if (!this.#given) this.#file?.close();
  }

  /** The largest lanes go into the file, until a quarter of the memory is free: so writes are large. */
  #makeRoom(size: number): void {
    if (this.#memory + size <= this.#budget) return;
    const aim = this.#budget * 0.75 - size;
    while (this.#memory > aim) {
      let largest: Lane | undefined;
      for (const lane of this.#lanes) {
        if (lane.memory > (largest?.memory ?? 0)) largest = lane;
      }
      if (largest === undefined) return;
      largest.putAway(this.#memory - aim);
    }
  }
}
