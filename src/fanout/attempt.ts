import type { Column } from '../replica/column.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { ResultHandler } from '../replica/response.js';
import type { WikiRows } from './gathering/gathering.js';
import type { PlannedStatement } from './plan/plan.js';
import type { Tally } from './tally.js';

/** A packet's header: three bytes of length, one number. */
const headerSize = 4;

/** Takes what a server answers to one attempt at a wiki, and counts it. */
export class Attempt implements ResultHandler {
  readonly #output: WikiRows;
  readonly #tally: Tally;
  rows = 0;
  /** Of the rows, as the server sent them. */
  bytes = 0;

  constructor(output: WikiRows, tally: Tally) {
    this.#output = output;
    this.#tally = tally;
  }

  ok(): void {}

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

  endOfRows(): void {}

  pressure(): Promise<void> | undefined {
    return this.#output.pressure();
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

/**
 * Runs the statements on a wiki, one after another, each behind `comment`. The database is chosen
 * in one breath with the first of them, which spares a wait for each wiki. Throws ReplicaError, and
 * what `attempt` throws; after the latter the connection is of no more use.
 */
export async function runStatements(
  connection: ReplicaConnection,
  wiki: string,
  statements: readonly PlannedStatement[],
  comment: string,
  attempt: Attempt,
): Promise<void> {
  let before = `USE \`${wiki.replaceAll('`', '``')}\`;`;
  for (const { sql } of statements) {
    await connection.query(Buffer.concat([Buffer.from(`${before}${comment} `), sql]), attempt);
    before = '';
  }
}

function packetLength(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  return a | (b << 8) | (c << 16);
}
