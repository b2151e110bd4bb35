import { type Column, parseColumn } from './column.js';
import { getLenencSize, readLenenc } from './lenenc.js';
import type { TakeRows } from './packets.js';
import { isProgress, type Progress, parseProgress } from './progress-report.js';
import { type ErrorPhase, parseErrorPacket, type SqlError } from './sql-error.js';

/* Reads the server's response to a command, packet by packet, and passes it to a ResultHandler. */

/** The content of an OK packet: the result of a statement without a result set. */
export interface Ok {
  affectedRows: number;
  warnings: number;
  /** `Records: 2  Duplicates: 0 …`; empty for most statements. */
  info: Uint8Array;
}

/**
 * Receives the results of one statement in the order in which they arrive: for each result either
 * `ok`, or `resultSet`, `row` for each row, then `endOfRows`.
 */
export interface ResultHandler {
  ok(ok: Ok): void;
  resultSet(columns: Column[]): void;
  /**
   * One row of the text protocol, not decoded: `bytes[start … end)`, valid only during the call.
   */
  row(bytes: Uint8Array, start: number, end: number): void;
  /** Receives rows in batches. The rows that it does not accept are passed to `row`. */
  readonly takeRows: TakeRows;
  endOfRows(warnings: number): void;
  /**
   * Called after each chunk from the server. While a returned promise is pending, this handler
   * receives nothing more, so that memory does not grow when the reader of the output is slow.
   */
  backPressure(): Promise<void> | undefined;
  /** A progress report of the server. It can arrive at any time if the login requested reports. */
  progress?(progress: Progress): void;
}

/** Receives the name of the file that the server requests and the packet number of the request. */
export type OnFileRequest = (name: Uint8Array, sequence: number) => void;

/** Status flags that the server sends with each OK and EOF packet; see also SqlMode. */
export const serverStatus = {
  inTransaction: 0x0001,
  moreResults: 0x0008,
} as const;

/** First byte of a request for a local file, in place of the number of columns. */
const localInfileMarker = 0xfb;

enum State {
  Header,
  Columns,
  ColumnsEnd,
  Rows,
}

/**
 * Reads the response to one COM_QUERY or COM_INIT_DB, packet by packet (protocol documentation:
 * "COM_QUERY response"). The server sends EOF packets: CLIENT_DEPRECATE_EOF is not negotiated.
 */
export class Response {
  #state = State.Header;
  #columnCount = 0;
  #columns: Column[] = [];
  #phase: ErrorPhase = 'first';
  readonly #handler: ResultHandler;
  readonly #onFileRequest: OnFileRequest;
  readonly #reportsProgress: boolean;
  /** The reason why a requested local file was not sent. The statement fails with this error. */
  fileError: SqlError | undefined;
  /** The server's status flags after the last complete result; undefined before the first. */
  status: number | undefined;

  /**
   * `onFileRequest` answers a request for a local file; the server waits for its answer.
   * `reportsProgress`: the login requested progress reports.
   */
  constructor(handler: ResultHandler, onFileRequest: OnFileRequest, reportsProgress = false) {
    this.#handler = handler;
    this.#onFileRequest = onFileRequest;
    this.#reportsProgress = reportsProgress;
  }

  /** The phase that an error occurring now would belong to. */
  get phase(): ErrorPhase {
    return this.#phase;
  }

  /** Reads the payload of a packet. Returns true when the response is complete. Throws SqlError. */
  readPacket(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#state === State.Rows) {
      const first = bytes[start] as number;
      // A row that begins with 0xfe has a cell of 16 MB or more, so it is longer than an EOF
      // packet.
      if (first < 0xfe || (first === 0xfe && end - start >= 9)) {
        if (this.fileError === undefined) this.#handler.row(bytes, start, end);
        return false;
      }
    }
    return this.#readOtherPacket(bytes, start, end);
  }

  /**
   * Passes a batch of packets to the handler. Returns where the first packet begins that it left.
   */
  readRowBatch(bytes: Uint8Array, start: number, end: number, maxLength: number): number {
    if (this.#state !== State.Rows || this.fileError !== undefined) return start;
    return this.#handler.takeRows(bytes, start, end, maxLength)?.end ?? start;
  }

  #readOtherPacket(bytes: Uint8Array, start: number, end: number): boolean {
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
        return this.#readHeader(bytes, start, end, first);
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
        return this.#finishResult(end.readUInt16LE(3));
      }
    }
  }

  #readHeader(bytes: Uint8Array, start: number, end: number, first: number): boolean {
    if (first === 0x00) return this.#readOk(bytes, start, end);
    if (first === localInfileMarker) {
      // LOCAL INFILE. The packet is small, so its header directly precedes the payload in `bytes`.
      this.#onFileRequest(
        new Uint8Array(bytes.subarray(start + 1, end)),
        bytes[start - 1] as number,
      );
      return false;
    }
    this.#columnCount = readLenenc(bytes, start);
    this.#columns = [];
    this.#state = State.Columns;
    return false;
  }

  #readOk(bytes: Uint8Array, start: number, end: number): boolean {
    let position = start + 1;
    const affectedRows = readLenenc(bytes, position);
    position += getLenencSize(bytes, position);
    position += getLenencSize(bytes, position); // skips the insert id, which the client does not print
    const fixed = Buffer.from(bytes.buffer, bytes.byteOffset + position, 4);
    const infoPosition = position + 4;
    // With CLIENT_SESSION_TRACK a length precedes the text; the client does not print what follows
    // it.
    const infoStart = infoPosition < end ? infoPosition + getLenencSize(bytes, infoPosition) : end;
    const infoEnd = infoPosition < end ? infoStart + readLenenc(bytes, infoPosition) : end;
    if (this.fileError === undefined) {
      const info = new Uint8Array(bytes.subarray(infoStart, infoEnd));
      this.#handler.ok({ affectedRows, warnings: fixed.readUInt16LE(2), info });
    }
    return this.#finishResult(fixed.readUInt16LE(0));
  }

  #finishResult(status: number): boolean {
    this.status = status;
    this.#state = State.Header;
    this.#phase = 'later';
    const complete = (status & serverStatus.moreResults) === 0;
    // Throw only at the end, so that no later result of this command is read as another
    // statement's.
    if (complete && this.fileError !== undefined) throw this.fileError;
    return complete;
  }
}
