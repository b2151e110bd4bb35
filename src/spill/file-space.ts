/** A contiguous range of bytes in a file. */
export type Extent = [offset: number, length: number];

/**
 * Allocates extents within a file. Released extents are allocated again first, so that the file stays
 * small.
 */
export class FileSpace {
  /** Free extents, sorted by offset; no two are adjacent, and none ends at `#end`. */
  #free: Extent[] = [];
  #end: number;
  #used: number;

  /** `used`: the extents that are already in use, in any order; they must not overlap. */
  constructor(used: readonly Extent[] = []) {
    this.#end = 0;
    this.#used = 0;
    for (const [offset, length] of [...used].sort(byOffset)) {
      if (offset > this.#end) this.#free.push([this.#end, offset - this.#end]);
      this.#end = offset + length;
      this.#used += length;
    }
  }

  /** Bytes in use. */
  get used(): number {
    return this.#used;
  }

  /** The offset at which the last used extent ends. */
  get end(): number {
    return this.#end;
  }

  /** Allocates `length` bytes and returns them as one or more extents. */
  allocate(length: number): Extent[] {
    const allocated: Extent[] = [];
    let remaining = length;
    while (remaining > 0) {
      const free = this.#free.at(-1);
      if (free === undefined) break;
      const [offset, available] = free;
      const size = Math.min(available, remaining);
      allocated.push([offset, size]);
      remaining -= size;
      if (size === available) this.#free.pop();
      else this.#free[this.#free.length - 1] = [offset + size, available - size];
    }
    if (remaining > 0) {
      allocated.push([this.#end, remaining]);
      this.#end += remaining;
    }
    this.#used += length;
    return allocated;
  }

  /** Makes extents available again. */
  release(extents: readonly Extent[]): void {
    if (extents.length === 0) return;
    const all = [...this.#free, ...extents].sort(byOffset);
    this.#free = [];
    for (const [offset, length] of all) {
      const before = this.#free.at(-1);
      if (before !== undefined && before[0] + before[1] === offset) before[1] += length;
      else this.#free.push([offset, length]);
    }
    for (const [, length] of extents) this.#used -= length;
    const last = this.#free.at(-1);
    if (last !== undefined && last[0] + last[1] === this.#end) {
      this.#end = last[0];
      this.#free.pop();
    }
  }
}

function byOffset([a]: Extent, [b]: Extent): number {
  return a - b;
}

/** Appends an extent to a list; extends the last one if the two are adjacent. */
export function addExtent(extents: Extent[], [offset, length]: Extent): void {
  const last = extents.at(-1);
  if (last !== undefined && last[0] + last[1] === offset) last[1] += length;
  else extents.push([offset, length]);
}
