/*
 * Walks over a DNS message's bytes once, before dns2 decodes any of it: its decoder follows pointers
 * without a limit, takes dots in labels for the ends of labels, and ignores the lengths of records.
 */

/** Types of records that are looked at: RFC 1035 section 3.2.2, RFC 3596, RFC 2782. */
export const recordTypes = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33 } as const;

export const headerBytes = 12;
// A question is at least the root's name, type and class; a record adds TTL and the data's length.
const questionBytes = 5;
const recordBytes = 11;
const mostLabelBytes = 63;
/** RFC 1035 section 2.3.4; with the length of each label, and the root's. */
const mostNameBytes = 255;
const mostPointers = 16;
/**
 * All names of a message written out, with the pointers on the way to them: as much as the longest
 * message has room for. dns2's decoder reads bit by bit; pointers to one long name from each of 3,000
 * records would keep it busy for seconds.
 */
const mostBytesOfNames = 0xffff;
const pointer = 0xc0;
const dot = 0x2e;

/** Where a record is, which can be decoded. */
export interface RecordPosition {
  /** Offset of its first byte. */
  start: number;
  type: number;
}

export interface RecordPositions {
  answers: RecordPosition[];
  authorities: RecordPosition[];
  /** All answers that the header promises, and all authorities, are there and sound. */
  complete: boolean;
}

/**
 * Tells whether a message can be decoded as far as its one question: the header is there, it promises
 * one question and no more records than the message can hold, and the question's name is sound.
 */
export function hasSoundQuestion(message: Buffer): boolean {
  if (message.length < headerBytes || message.readUInt16BE(4) !== 1) return false;
  const promised = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10);
  if (message.length < headerBytes + questionBytes + promised * recordBytes) return false;
  try {
    return new MessageWalker(message).endOfQuestion() <= message.length;
  } catch {
    return false;
  }
}

/** Finds the answers and authorities of a message with a sound question, up to the first unsound one. */
export function findRecords(message: Buffer): RecordPositions {
  const found: RecordPositions = { answers: [], authorities: [], complete: false };
  const walker = new MessageWalker(message);
  let at = walker.endOfQuestion();
  const read = (records: RecordPosition[], count: number) => {
    while (records.length < count) {
      const { position, end } = walker.checkRecord(at);
      records.push(position);
      at = end;
    }
  };
  try {
    read(found.answers, message.readUInt16BE(6));
    read(found.authorities, message.readUInt16BE(8));
    found.complete = true;
  } catch {
    // After an unsound record nobody knows where the next one begins.
  }
  return found;
}

/** Checks the parts of one message, and counts what a decoder has to read for all the names in them. */
class MessageWalker {
  readonly #message: Buffer;
  #bytesOfNames = 0;

  constructor(message: Buffer) {
    this.#message = message;
  }

  endOfQuestion(): number {
    return this.#endOfName(headerBytes) + 4;
  }

  /** Throws for a record that goes beyond the message, or whose data is not as long as it says. */
  checkRecord(start: number): { position: RecordPosition; end: number } {
    const message = this.#message;
    const head = this.#endOfName(start);
    const type = message.readUInt16BE(head);
    const data = head + 10;
    const end = data + message.readUInt16BE(head + 8);
    if (end > message.length) throw new Error('a record that goes beyond the message');
    if (end !== this.#endOfData(type, data, end)) throw new Error('data of another length');
    return { position: { start, type }, end };
  }

  /** Returns where the data ends by its content; by its length, where the content is not decoded. */
  #endOfData(type: number, data: number, end: number): number {
    switch (type) {
      case recordTypes.A:
        return data + 4;
      case recordTypes.AAAA:
        return data + 16;
      case recordTypes.CNAME:
        return this.#endOfName(data);
      case recordTypes.SRV:
        return this.#endOfName(data + 6);
      default:
        return end;
    }
  }

  /**
   * Returns where a name ends, behind its first pointer (RFC 1035 section 4.1.4). Throws for a name
   * that goes beyond the message, is too long, has more than 16 pointers or one that does not lead
   * back, or has a dot or a NUL inside a label, which would be taken for another name; and for one
   * that, with the names before it, is more than a decoder should be made to read.
   */
  #endOfName(start: number): number {
    const message = this.#message;
    let at = start;
    let end: number | undefined;
    let total = 1;
    for (let pointers = 0; ; ) {
      const length = message.readUInt8(at);
      if (length >= pointer) {
        end ??= at + 2;
        const target = message.readUInt16BE(at) & 0x3fff;
        if (target >= at || ++pointers > mostPointers) throw new Error('a pointer in a circle');
        at = target;
        this.#countBytes(2);
        continue;
      }
      at++;
      if (length === 0) break;
      total += length + 1;
      if (length > mostLabelBytes || total > mostNameBytes)
        throw new Error('a name that is too long');
      const label = message.subarray(at, at + length);
      if (label.length < length) throw new Error('a name that goes beyond the message');
      if (label.includes(dot) || label.includes(0)) throw new Error('a label with a dot or a NUL');
      at += length;
    }
    this.#countBytes(total);
    return end ?? at;
  }

  #countBytes(bytes: number): void {
    this.#bytesOfNames += bytes;
    if (this.#bytesOfNames > mostBytesOfNames) throw new Error('names that are too long together');
  }
}
