/** A part of a file. */
export type Extent = [offset: number, length: number];

/** Which parts of a file are in use. Those given back are used again, so that it stays small. */
export class FileSpace {
  /** In order, none of them touching another, none at the end. */
  #free: Extent[] = [];
  #end: number;
  #used: number;

  /** `used`: what is in use already, in any order, no two of them overlapping. */
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

  /** Where the last stretch in use ends. */
  get end(): number {
    return this.#end;
  }

  /** Takes `length` bytes, in one stretch or several. */
  take(length: number): Extent[] {
    const taken: Extent[] = [];
    let rest = length;
    while (rest > 0) {
      const free = this.#free.at(-1);
      if (free === undefined) break;
      const [offset, room] = free;
      const size = Math.min(room, rest);
      taken.push([offset, size]);
      rest -= size;
      if (size === room) this.#free.pop();
      else this.#free[this.#free.length - 1] = [offset + size, room - size];
    }
    if (rest > 0) {
      taken.push([this.#end, rest]);
      this.#end += rest;
    }
    this.#used += length;
    return taken;
  }

  /** Takes stretches back. */
  give(extents: readonly Extent[]): void {
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

/** Adds a stretch to others, as a part of the last where it follows on it. */
export function addExtent(extents: Extent[], [offset, length]: Extent): void {
  const last = extents.at(-1);
  if (last !== undefined && last[0] + last[1] === offset) last[1] += length;
  else extents.push([offset, length]);
}
