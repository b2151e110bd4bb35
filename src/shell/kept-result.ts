import { tmpdir } from 'node:os';
import { Failure } from '../failure.js';
import type { Column } from '../protocol/column.js';
import { headerLength, maxPayload, readPayloadLength } from '../protocol/packets.js';
import type { Ok, ResultHandler } from '../protocol/response.js';
import type { Extent } from '../spill/file-space.js';
import { SpillFile } from '../spill/spill-file.js';

/** Limits of what is kept, in bytes, and the directory of the file. */
export interface KeepingLimits {
  memory: number;
  file: number;
  directory: string;
}

const defaultLimits = { memory: 32 << 20, file: 1 << 30 };
/** The size of the first piece of memory; each further one is four times as large, up to the largest. */
const firstPieceSize = 4 * 1024;
const largestPieceSize = 256 * 1024;

/** The statement of a result, and the character set of its texts. */
export interface KeptStatement {
  sql: Uint8Array;
  untrimmed: Uint8Array;
  characterSet: string;
}

/** Rows as the server sent them: whole packets, or the payload of one row of several packets. */
interface Part {
  rows: Uint8Array | readonly Extent[];
  length: number;
  isPayload: boolean;
}

type ResultEvent =
  | { kind: 'ok'; ok: Ok }
  | { kind: 'rows'; columns: Column[]; parts: Part[]; warnings: number };

/**
 * The results of one statement, kept as the server sent them: in memory, and then in a file without a
 * name.
 */
export class KeptResult {
  readonly statement: KeptStatement;
  /** Why the result is not kept; undefined if it is. */
  problem: string | undefined;
  readonly #limits: KeepingLimits;
  #events: ResultEvent[] = [];
  #parts: Part[] = [];
  #memory = 0;
  #piece: Uint8Array = new Uint8Array(0);
  #used = 0;
  #file: SpillFile | undefined;

  constructor(statement: KeptStatement, limits: Partial<KeepingLimits> = {}) {
    this.statement = statement;
    this.#limits = { ...defaultLimits, directory: tmpdir(), ...limits };
  }

  /** Keeps the result of a statement without rows. */
  addOk(ok: Ok): void {
    if (this.problem === undefined) this.#events.push({ kind: 'ok', ok });
  }

  /** Starts another result set. */
  begin(columns: Column[]): void {
    this.#parts = [];
    if (this.problem !== undefined) return;
    this.#events.push({ kind: 'rows', columns, parts: this.#parts, warnings: 0 });
  }

  /** Keeps a copy of the payload `bytes[start … end)` of one row. */
  addRow(bytes: Uint8Array, start: number, end: number): void {
    if (this.problem !== undefined) return;
    const length = end - start;
    if (length >= maxPayload) {
      this.#closePiece();
      this.#addPart(bytes.slice(start, end), true);
      return;
    }
    this.#reserve(headerLength + length);
    const piece = this.#piece;
    let position = this.#used;
    piece[position++] = length;
    piece[position++] = length >>> 8;
    piece[position++] = length >>> 16;
    piece[position++] = 0;
    copy(piece, position, bytes, start, end);
    this.#used = position + length;
  }

  /** Keeps a copy of whole packets. */
  addPackets(bytes: Uint8Array, start: number, end: number): void {
    if (this.problem !== undefined) return;
    this.#reserve(end - start);
    copy(this.#piece, this.#used, bytes, start, end);
    this.#used += end - start;
  }

  /** Ends the result set. */
  end(warnings: number): void {
    this.#closePiece();
    const event = this.#events.at(-1);
    if (event?.kind === 'rows') event.warnings = warnings;
  }

  /** Drops the result because of `problem`. */
  drop(problem: string): void {
    this.problem = problem;
    this.#events = [];
    this.#parts = [];
    this.#piece = new Uint8Array(0);
    this.#used = 0;
    this.#file?.close();
    this.#file = undefined;
  }

  /**
   * Passes the results to a handler as if the server sent them, until `isStopped`; resolves to whether
   * they are complete. Rejects with a Failure if the file cannot be read.
   */
  async replay(handler: ResultHandler, isStopped: () => boolean): Promise<boolean> {
    for (const event of this.#events) {
      if (event.kind === 'ok') {
        handler.ok(event.ok);
        continue;
      }
      const { columns, parts, warnings } = event;
      handler.resultSet(columns);
      for (const part of parts) {
        replayPart(this.#read(part), part.isPayload, columns.length, handler);
        await handler.backPressure();
        // Lets a signal be handled between two parts.
        await new Promise(setImmediate);
        if (isStopped()) return false;
      }
      handler.endOfRows(warnings);
    }
    return true;
  }

  #read({ rows, length }: Part): Uint8Array {
    if (rows instanceof Uint8Array) return rows;
    const bytes = Buffer.allocUnsafe(length);
    let position = 0;
    for (const extent of rows) {
      for (const read of this.#file?.readPieces(extent) ?? []) {
        bytes.set(read, position);
        position += read.length;
      }
    }
    return bytes;
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#piece.length) return;
    const size = Math.min(Math.max(this.#piece.length * 4, firstPieceSize), largestPieceSize);
    this.#closePiece();
    if (this.problem === undefined) {
      this.#piece = Buffer.allocUnsafeSlow(Math.max(size, length));
    } else {
      this.#piece = Buffer.allocUnsafe(length);
    }
  }

  #closePiece(): void {
    if (this.#used > 0) this.#addPart(this.#piece.subarray(0, this.#used), false);
    this.#piece = new Uint8Array(0);
    this.#used = 0;
  }

  #addPart(bytes: Uint8Array, isPayload: boolean): void {
    const { length } = bytes;
    if (this.#memory + length <= this.#limits.memory) {
      this.#memory += length;
      this.#parts.push({ rows: bytes, length, isPayload });
    } else if ((this.#file?.used ?? 0) + length > this.#limits.file) {
      this.drop(`it is larger than ${formatSize(this.#limits.memory + this.#limits.file)}`);
    } else {
      this.#writePart(bytes, isPayload);
    }
  }

  #writePart(bytes: Uint8Array, isPayload: boolean): void {
    try {
      this.#file ??= SpillFile.openUnnamed(this.#limits.directory);
      const extents: Extent[] = [];
      this.#file.write(bytes, extents);
      this.#parts.push({ rows: extents, length: bytes.length, isPayload });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.drop(`there is no room for it in '${this.#limits.directory}'; set TMPDIR`);
    }
  }
}

function replayPart(
  bytes: Uint8Array,
  isPayload: boolean,
  columns: number,
  handler: ResultHandler,
): void {
  if (isPayload) {
    handler.row(bytes, 0, bytes.length);
    return;
  }
  for (let position = 0; position < bytes.length; ) {
    const taken = handler.takeRows(bytes, position, bytes.length, bytes.length, columns);
    if (taken !== undefined && taken.end > position) {
      position = taken.end;
      continue;
    }
    const start = position + headerLength;
    position = start + readPayloadLength(bytes, position);
    handler.row(bytes, start, position);
  }
}

/** Copies bytes. A loop is faster than a call of `set` for a few bytes. */
function copy(
  target: Uint8Array,
  targetStart: number,
  source: Uint8Array,
  start: number,
  end: number,
): void {
  if (end - start > 64) target.set(source.subarray(start, end), targetStart);
  else for (let i = start; i < end; i++) target[targetStart + i - start] = source[i] as number;
}

function formatSize(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  return megabytes < 1024 ? `${Math.floor(megabytes)} MB` : `${Math.floor(megabytes / 1024)} GB`;
}
