import { type ErrorPhase, parseErrorPacket } from './sql-error.js';

/** Reads the response to a command that the server answers with text: COM_STATISTICS. */
export class TextResponse {
  readonly phase: ErrorPhase = 'first';
  /** This response contains no status flags. */
  readonly status = undefined;
  text: Uint8Array = new Uint8Array();

  /** Accepts no batch: the response has no rows. */
  readRowBatch(): undefined {
    return undefined;
  }

  /** Reads the payload of a packet. Returns true when the response is complete. Throws SqlError. */
  readPacket(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes[start] === 0xff) throw parseErrorPacket(bytes, start, end, this.phase);
    this.text = bytes.slice(start, end);
    return true;
  }
}
