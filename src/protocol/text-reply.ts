import { type ErrorPhase, parseErrorPacket } from './sql-error.js';

/** The response to a command that is answered with text: COM_STATISTICS. */
export class TextReply {
  readonly phase: ErrorPhase = 'first';
  /** No status comes with it. */
  readonly status = undefined;
  text: Uint8Array = new Uint8Array();

  /** There are no rows to be taken by the chunk. */
  packets(_bytes: Uint8Array, start: number): number {
    return start;
  }

  /** Takes a packet's payload; true: the response is complete. Throws ReplicaError. */
  packet(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes[start] === 0xff) throw parseErrorPacket(bytes, start, end, this.phase);
    this.text = bytes.slice(start, end);
    return true;
  }
}
