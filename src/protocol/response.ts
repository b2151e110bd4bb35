import { type Column, parseColumn } from './column.js';
import { getLenencSize, readLenenc } from './lenenc.js';
import type { RowsTaken, TakeRows } from './packets.js';
import { isProgress, type Progress, parseProgress } from './progress-report.js';
import { isValidRow, nullMarker } from './row.js';
import {
  type ErrorPhase,
  malformedPacketError,
  parseErrorPacket,
  type SqlError,
} from './sql-error.js';

/* Reads the server's response to a command, packet by packet, and passes it to a ResultHandler. */

/** The content of an OK packet: the result of a statement without a result set. */
export interface Ok {
  affectedRows: number;
  warnings: number;
  /** `Records: 2  Duplicates: 0 …`; empty for most statements. */
  info: Uint8Array;
  /**
   * The current database if the statement changed it and the server reports the change
   * (session_track_schema, which is on by default).
   */
  database?: Uint8Array | undefined;
  /**
   * The value of character_set_client if the statement set it and the server reports the change
   * (session_track_system_variables, which contains it by default).
   */
  characterSet?: Uint8Array | undefined;
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
  sessionStateChanged: 0x4000,
} as const;

/** First byte of a request for a local file, in place of the number of columns. */
const localInfileMarker = 0xfb;
/** First byte of an error packet. */
const errorMarker = 0xff;
/** First byte of an EOF packet. A row that begins with it is longer. */
const eofMarker = 0xfe;
const eofLength = 5;
const minLongRowLength = 9;
/**
 * A table has at most 4,096 columns, but the result of a query without a table has more: MariaDB's
 * own test of its client selects 68,001.
 */
const maxColumns = 131_072;
/** The maximum size of all column definitions of a result, in bytes. */
const maxColumnBytes = 64 * 1024 * 1024;
/** Changes of the session state: SESSION_TRACK_SYSTEM_VARIABLES and SESSION_TRACK_SCHEMA. */
const variableChange = 0;
const databaseChange = 1;
const characterSetVariable = Buffer.from('character_set_client');

enum State {
  Header,
  Columns,
  ColumnsEnd,
  Rows,
}

/**
 * Reads the response to one COM_QUERY or COM_INIT_DB, packet by packet (protocol documentation:
 * "COM_QUERY response"). The server sends EOF packets: CLIENT_DEPRECATE_EOF is not negotiated.
 *
 * This is the place that checks every packet before anything of it is used. A packet that does not
 * follow the protocol is error 2027; the connection cannot be used any more.
 */
export class Response {
  #state = State.Header;
  #columnCount = 0;
  #columns: Column[] = [];
  #columnBytes = 0;
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

  /**
   * Reads the payload of a packet. Returns true when the response is complete. Throws SqlError: the
   * server's error, or 2027.
   */
  readPacket(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#state === State.Rows && end > start) {
      const first = bytes[start] as number;
      // A row that begins with 0xfe has a cell of 16 MB or more.
      if (first < eofMarker || (first === eofMarker && end - start >= minLongRowLength)) {
        if (!isValidRow(bytes, start, end, this.#columnCount)) this.#failMalformed();
        if (this.fileError === undefined) this.#handler.row(bytes, start, end);
        return false;
      }
    }
    return this.#readOtherPacket(bytes, start, end);
  }

  /** Passes a batch of packets to the handler. Returns undefined if the handler accepts none. */
  readRowBatch(
    bytes: Uint8Array,
    start: number,
    end: number,
    maxLength: number,
  ): RowsTaken | undefined {
    if (this.#state !== State.Rows || this.fileError !== undefined) return undefined;
    return this.#handler.takeRows(bytes, start, end, maxLength, this.#columnCount);
  }

  #readOtherPacket(bytes: Uint8Array, start: number, end: number): boolean {
    if (end === start) this.#failMalformed();
    if (bytes[start] === errorMarker) {
      if (this.#reportsProgress && isProgress(bytes, start, end)) {
        this.#handler.progress?.(parseProgress(bytes, start, end));
        return false;
      }
      throw this.fileError ?? parseErrorPacket(bytes, start, end, this.#phase);
    }
    switch (this.#state) {
      case State.Header:
        return this.#readHeader(bytes, start, end);
      case State.Columns:
        this.#columnBytes += end - start;
        if (this.#columnBytes > maxColumnBytes) this.#failMalformed();
        this.#columns.push(parseColumn(bytes, start, end) ?? this.#failMalformed());
        if (this.#columns.length === this.#columnCount) this.#state = State.ColumnsEnd;
        return false;
      case State.ColumnsEnd:
        this.#readEof(bytes, start, end);
        this.#phase = 'rows';
        this.#state = State.Rows;
        if (this.fileError === undefined) this.#handler.resultSet(this.#columns);
        return false;
      case State.Rows: {
        const { warnings, status } = this.#readEof(bytes, start, end);
        if (this.fileError === undefined) this.#handler.endOfRows(warnings);
        return this.#finishResult(status);
      }
    }
  }

  #readHeader(bytes: Uint8Array, start: number, end: number): boolean {
    const first = bytes[start] as number;
    if (first === 0x00) return this.#readOk(bytes, start, end);
    if (first === localInfileMarker) {
      // LOCAL INFILE. The packet is small, so its header directly precedes the payload in `bytes`.
      this.#onFileRequest(
        new Uint8Array(bytes.subarray(start + 1, end)),
        bytes[start - 1] as number,
      );
      return false;
    }
    const count = readLenenc(bytes, start);
    const isComplete = start + getLenencSize(bytes, start) === end;
    if (!isComplete || count < 1 || count > maxColumns) this.#failMalformed();
    this.#columnCount = count;
    this.#columns = [];
    this.#columnBytes = 0;
    this.#state = State.Columns;
    return false;
  }

  #readEof(bytes: Uint8Array, start: number, end: number): { warnings: number; status: number } {
    if (bytes[start] !== eofMarker || end - start !== eofLength) this.#failMalformed();
    const fields = Buffer.from(bytes.buffer, bytes.byteOffset + start, eofLength);
    return { warnings: fields.readUInt16LE(1), status: fields.readUInt16LE(3) };
  }

  #readOk(bytes: Uint8Array, start: number, end: number): boolean {
    const [affectedRows, insertIdPosition] = this.#readInteger(bytes, start + 1, end);
    // The client does not print the insert id.
    const [, fixedPosition] = this.#readInteger(bytes, insertIdPosition, end);
    const infoPosition = fixedPosition + 4;
    if (infoPosition > end) this.#failMalformed();
    const fixed = Buffer.from(bytes.buffer, bytes.byteOffset + fixedPosition, 4);
    // A length precedes the text, whether or not the server supports CLIENT_SESSION_TRACK. (The
    // protocol documentation says that only those servers send it; the client agrees with us.)
    const [info, infoEnd] =
      infoPosition < end ? this.#readText(bytes, infoPosition, end) : [new Uint8Array(), end];
    const status = fixed.readUInt16LE(0);
    const hasChanges = (status & serverStatus.sessionStateChanged) !== 0 && infoEnd < end;
    if (this.fileError === undefined) {
      const warnings = fixed.readUInt16LE(2);
      const changes = hasChanges ? this.#readChanges(bytes, infoEnd, end) : undefined;
      this.#handler.ok({ affectedRows, warnings, info, ...changes });
    }
    return this.#finishResult(status);
  }

  /** Reads the changes of the session state at the end of an OK packet. */
  #readChanges(
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Pick<Ok, 'database' | 'characterSet'> {
    const changes: Pick<Ok, 'database' | 'characterSet'> = {};
    const [length, changesStart] = this.#readInteger(bytes, start, end);
    if (changesStart + length !== end) this.#failMalformed();
    for (let position = changesStart; position < end; ) {
      const kind = bytes[position];
      const [data, dataEnd] = this.#readText(bytes, position + 1, end);
      const texts = this.#readTexts(data);
      if (kind === databaseChange) [changes.database] = texts;
      else if (kind === variableChange) changes.characterSet ??= findCharacterSetValue(texts);
      position = dataEnd;
    }
    return changes;
  }

  /** Returns the texts of which `bytes` consists; the length of each precedes it. */
  #readTexts(bytes: Uint8Array): Uint8Array[] {
    const texts: Uint8Array[] = [];
    for (let position = 0; position < bytes.length; ) {
      const [text, end] = this.#readText(bytes, position, bytes.length);
      texts.push(text);
      position = end;
    }
    return texts;
  }

  /** Returns a copy of the text at `position`, which its length precedes, and where it ends. */
  #readText(bytes: Uint8Array, position: number, limit: number): [Uint8Array, number] {
    const [length, start] = this.#readInteger(bytes, position, limit);
    const end = start + length;
    if (end > limit) this.#failMalformed();
    return [new Uint8Array(bytes.subarray(start, end)), end];
  }

  /** Returns the length-encoded integer at `position`, and where it ends. */
  #readInteger(bytes: Uint8Array, position: number, limit: number): [number, number] {
    const first = bytes[position] as number;
    const end = position + getLenencSize(bytes, position);
    if (end > limit || first === nullMarker || first === errorMarker) this.#failMalformed();
    return [readLenenc(bytes, position), end];
  }

  #failMalformed(): never {
    throw malformedPacketError(this.#phase);
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

/** Returns the value of character_set_client in a list of names and values. */
function findCharacterSetValue(texts: Uint8Array[]): Uint8Array | undefined {
  const index = texts.findIndex((text, i) => i % 2 === 0 && characterSetVariable.equals(text));
  return index < 0 ? undefined : texts[index + 1];
}
