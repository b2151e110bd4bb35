import { type Column, parseColumn } from './column.js';
import { lenencSize, lenencValue } from './lenenc.js';
import type { TakeRows } from './packets.js';
import { isProgress, type Progress, parseProgress } from './progress-report.js';
import { type ErrorPhase, parseErrorPacket, type SqlError } from './sql-error.js';

/** What an OK packet says: a statement without a result set. */
export interface Ok {
  affectedRows: number;
  warnings: number;
  /** `Records: 2  Duplicates: 0 …`; empty for most statements. */
  info: Uint8Array;
}

/**
 * Takes the results of one statement, in the order in which they come: for each either `ok`, or
 * `resultSet`, `row` for each row, `endOfRows`.
 */
export interface ResultHandler {
  ok(ok: Ok): void;
  resultSet(columns: Column[]): void;
  /** One row of the text protocol, undecoded: `bytes[start … end)`, lent until it returns. */
  row(bytes: Uint8Array, start: number, end: number): void;
  /** Rows by the chunk; what it leaves comes by `row`. */
  readonly takeRows: TakeRows;
  endOfRows(warnings: number): void;
  /**
   * Asked after each chunk from the server. A promise holds the server back until it is settled:
   * how a slow reader of the output keeps memory from growing.
   */
  pressure(): Promise<void> | undefined;
  /** The server tells how far it is; at any time, where the login asked for that. */
  progress?(progress: Progress): void;
}

/** Takes the name of the file that the server asks for, and the request's packet number. */
export type OnFileRequest = (name: Uint8Array, sequence: number) => void;

/** Status flags that the server sends with each OK and EOF packet; see also SqlMode. */
export const serverStatus = {
  inTransaction: 0x0001,
  moreResults: 0x0008,
} as const;

/** Begins the server's request for a local file, in place of a number of columns. */
const localInfileMarker = 0xfb;

enum State {
  Header,
  Columns,
  ColumnsEnd,
  Rows,
}

/**
 * Reads the response to one COM_QUERY or COM_INIT_DB, packet by packet (protocol documentation:
 * "COM_QUERY response"; EOF packets are in use, CLIENT_DEPRECATE_EOF is not negotiated).
 */
export class Response {
  #state = State.Header;
  #columnCount = 0;
  #columns: Column[] = [];
  #phase: ErrorPhase = 'first';
  readonly #handler: ResultHandler;
  readonly #onFileRequest: OnFileRequest;
  readonly #reportsProgress: boolean;
  /** Why a local file that the server asked for was not sent: the statement fails of it. */
  fileError: SqlError | undefined;
  /** The server's status flags after the last complete result; undefined: there was none. */
  status: number | undefined;

  /**
   * `onFileRequest` answers a request for a local file; until it has, the server says nothing.
   * `reportsProgress`: the login asked for reports.
   */
  constructor(handler: ResultHandler, onFileRequest: OnFileRequest, reportsProgress = false) {
    this.#handler = handler;
    this.#onFileRequest = onFileRequest;
    this.#reportsProgress = reportsProgress;
  }

  /** Where an error that came now would have come. */
  get phase(): ErrorPhase {
    return this.#phase;
  }

  /** Takes a packet's payload; true when the response is complete. Throws SqlError. */
  packet(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#state === State.Rows) {
      const first = bytes[start] as number;
      // A row that begins with 0xfe holds a cell of 16 MB and more, so it is longer than an EOF.
      if (first < 0xfe || (first === 0xfe && end - start >= 9)) {
        if (this.fileError === undefined) this.#handler.row(bytes, start, end);
        return false;
      }
    }
    return this.#rarePacket(bytes, start, end);
  }

  /** Takes as many packets as the handler likes; gives where the first begins that was not taken. */
  packets(bytes: Uint8Array, start: number, end: number, longest: number): number {
    if (this.#state !== State.Rows || this.fileError !== undefined) return start;
    return this.#handler.takeRows(bytes, start, end, longest)?.end ?? start;
  }

  #rarePacket(bytes: Uint8Array, start: number, end: number): boolean {
    const first = bytes[start] as number;
    if (first === 0xff) {
      if (this.#reportsProgress && isProgress(bytes, start, end)) {
        this.#handler.progress?.(parseProgress(bytes, start, end));
        return false;
      }
      throw this.fileError ?? parseErrorPacket(bytes, start, end, this.#phase);
    }
    switch (this.#state) {
      case State.Header:
        return this.#header(bytes, start, end, first);
      case State.Columns:
        this.#columns.push(parseColumn(bytes, start, end));
        if (this.#columns.length === this.#columnCount) this.#state = State.ColumnsEnd;
        return false;
      case State.ColumnsEnd:
        this.#phase = 'rows';
        this.#state = State.Rows;
        if (this.fileError === undefined) this.#handler.resultSet(this.#columns);
        return false;
      case State.Rows: {
        const end = Buffer.from(bytes.buffer, bytes.byteOffset + start, 5);
        if (this.fileError === undefined) this.#handler.endOfRows(end.readUInt16LE(1));
        return this.#endOfResult(end.readUInt16LE(3));
      }
    }
  }

  #header(bytes: Uint8Array, start: number, end: number, first: number): boolean {
    if (first === 0x00) return this.#ok(bytes, start, end);
    if (first === localInfileMarker) {
      // LOCAL INFILE. The packet is small, so that its header stands in front of it.
      this.#onFileRequest(
        new Uint8Array(bytes.subarray(start + 1, end)),
        bytes[start - 1] as number,
      );
      return false;
    }
    this.#columnCount = lenencValue(bytes, start);
    this.#columns = [];
    this.#state = State.Columns;
    return false;
  }

  #ok(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start + 1;
    const affectedRows = lenencValue(bytes, at);
    at += lenencSize(bytes, at);
    at += lenencSize(bytes, at); // the insert id, which the client does not print
    const fixed = Buffer.from(bytes.buffer, bytes.byteOffset + at, 4);
    const infoAt = at + 4;
    // With CLIENT_SESSION_TRACK the text has a length in front; what follows it is not printed.
    const infoStart = infoAt < end ? infoAt + lenencSize(bytes, infoAt) : end;
    const infoEnd = infoAt < end ? infoStart + lenencValue(bytes, infoAt) : end;
    if (this.fileError === undefined) {
      const info = new Uint8Array(bytes.subarray(infoStart, infoEnd));
      this.#handler.ok({ affectedRows, warnings: fixed.readUInt16LE(2), info });
    }
    return this.#endOfResult(fixed.readUInt16LE(0));
  }

  #endOfResult(status: number): boolean {
    this.status = status;
    this.#state = State.Header;
    this.#phase = 'later';
    const complete = (status & serverStatus.moreResults) === 0;
    // Only now, so that no later result of the same text is taken for another statement's.
    if (complete && this.fileError !== undefined) throw this.fileError;
    return complete;
  }
}
