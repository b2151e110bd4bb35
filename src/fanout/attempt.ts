import type { Column } from '../protocol/column.js';
import type { Gathered, WikiRows } from './gathering/gathering.js';
import type { PlannedWiki } from './plan/plan.js';
import type { Tally } from './tally.js';

/** A packet's header: three bytes of length, one number. */
const headerSize = 4;

/** Takes what a server answers to one attempt at a wiki, and counts it. */
export class Attempt {
  readonly wiki: PlannedWiki;
  readonly #output: WikiRows;
  readonly #tally: Tally;
  rows = 0;
  /** Of the rows, as the server sent them. */
  bytes = 0;

  constructor(wiki: PlannedWiki, output: WikiRows, tally: Tally) {
    this.wiki = wiki;
    this.#output = output;
    this.#tally = tally;
  }

  resultSet(columns: Column[]): void {
    this.#output.begin(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#count(1, end - start);
    this.#output.row(bytes, start, end);
  }

  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): number {
    const taken = this.#output.takeRows(bytes, start, end, longest);
    let rows = 0;
    for (let at = start; at < taken; rows++) at += headerSize + packetLength(bytes, at);
    this.#count(rows, taken - start - headerSize * rows);
    return taken;
  }

  pressure(): Promise<void> | undefined {
    return this.#output.pressure();
  }

  /** All has come; as WikiRows.done. */
  done(): Promise<Gathered> {
    return this.#output.done();
  }

  /** The attempt failed: what it gave does not count. */
  drop(): void {
    this.#tally.count(-this.rows, -this.bytes);
    this.#output.drop();
  }

  #count(rows: number, bytes: number): void {
    this.rows += rows;
    this.bytes += bytes;
    this.#tally.count(rows, bytes);
  }
}

function packetLength(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  return a | (b << 8) | (c << 16);
}
