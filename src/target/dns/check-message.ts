/*
 * Checks the bytes of a DNS message before dns2 decodes it, because dns2's decoder follows pointers
 * without a limit, treats dots in labels as ends of labels, and ignores the lengths of records.
 */

/** The record types in use: RFC 1035 section 3.2.2, RFC 3596, RFC 2782. */
export const recordTypes = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33 } as const;

export const dnsHeaderLength = 12;
// A question has at least the root name, a type and a class; a record also has a TTL and a data
// length.
const minQuestionLength = 5;
const minRecordLength = 11;
const maxLabelLength = 63;
/** RFC 1035 section 2.3.4; includes the length byte of each label and of the root. */
const maxNameLength = 255;
const maxPointers = 16;
/**
 * Maximum total length of all names of a message after decompression, including the pointers: the
 * size of the longest message. dns2's decoder reads bit by bit; with pointers from 3,000 records to
 * one long name it would run for seconds.
 */
const maxTotalNameLength = 0xffff;
const pointerMarker = 0xc0;
const dotByte = 0x2e;

/** The position of a record. */
export interface RecordPosition {
  /** Offset of the record's first byte. */
  start: number;
  type: number;
}

export interface RecordPositions {
  answers: RecordPosition[];
  authorities: RecordPosition[];
  /**
   * The message contains all answers and authorities that its header announces, and not all answers
   * were passed over.
   */
  complete: boolean;
}

/**
 * Tells whether the header and the question of a message can be decoded: the header is complete, it
 * announces one question and no more records than the message can contain, and the question's name
 * is valid.
 */
export function hasValidQuestion(message: Buffer): boolean {
  if (message.length < dnsHeaderLength || message.readUInt16BE(4) !== 1) return false;
  const recordCount = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10);
  if (message.length < dnsHeaderLength + minQuestionLength + recordCount * minRecordLength)
    return false;
  try {
    return new MessageChecker(message).findEndOfQuestion() <= message.length;
  } catch {
    return false;
  }
}

/**
 * Returns the answers and authorities of a message with a valid question, up to the first record
 * whose end is unknown. Passes over records whose data is invalid.
 */
export function findRecords(message: Buffer): RecordPositions {
  const positions: RecordPositions = { answers: [], authorities: [], complete: false };
  const checker = new MessageChecker(message);
  let position = checker.findEndOfQuestion();
  const readSection = (records: RecordPosition[], count: number) => {
    for (let index = 0; index < count; index++) {
      const record = checker.checkRecord(position);
      if (record.isValid) records.push(record.position);
      position = record.end;
    }
  };
  const answerCount = message.readUInt16BE(6);
  try {
    readSection(positions.answers, answerCount);
    readSection(positions.authorities, message.readUInt16BE(8));
    positions.complete = positions.answers.length > 0 || answerCount === 0;
  } catch {
    // After an invalid record the start of the next one is unknown.
  }
  return positions;
}

class TotalLengthError extends Error {
  constructor() {
    super('the names are too long in total');
  }
}

/**
 * Checks the parts of one message, and adds up the lengths of all names that a decoder must read.
 */
class MessageChecker {
  readonly #message: Buffer;
  #totalNameLength = 0;

  constructor(message: Buffer) {
    this.#message = message;
  }

  findEndOfQuestion(): number {
    return this.#findEndOfName(dnsHeaderLength) + 4;
  }

  /**
   * Returns the position and the end of a record, and whether its data is valid: it has the stated
   * length. Throws if the record's name is invalid or the record extends beyond the message.
   */
  checkRecord(start: number): { position: RecordPosition; end: number; isValid: boolean } {
    const message = this.#message;
    const fixedPart = this.#findEndOfName(start);
    const type = message.readUInt16BE(fixedPart);
    const data = fixedPart + 10;
    const end = data + message.readUInt16BE(fixedPart + 8);
    if (end > message.length) throw new Error('a record extends beyond the message');
    return { position: { start, type }, end, isValid: this.#hasValidData(type, data, end) };
  }

  #hasValidData(type: number, data: number, end: number): boolean {
    try {
      return this.#findEndOfData(type, data, end) === end;
    } catch (error) {
      if (error instanceof TotalLengthError) throw error;
      return false;
    }
  }

  /**
   * Returns the end of the data according to its content; `end` for types that are not decoded.
   * Throws for an invalid name.
   */
  #findEndOfData(type: number, data: number, end: number): number {
    switch (type) {
      case recordTypes.A:
        return data + 4;
      case recordTypes.AAAA:
        return data + 16;
      case recordTypes.CNAME:
        return this.#findEndOfName(data);
      case recordTypes.SRV:
        return this.#findEndOfName(data + 6);
      default:
        return end;
    }
  }

  /**
   * Returns the end of a name: after its first pointer, if it has one (RFC 1035 section 4.1.4).
   * Throws if the name extends beyond the message, is too long, has more than 16 pointers or a
   * pointer that does not lead backwards, or has a label with a dot or a NUL, which dns2 would read
   * as another name. Also throws if the total length of this name and all names before it exceeds
   * the limit.
   */
  #findEndOfName(start: number): number {
    const message = this.#message;
    let position = start;
    let end: number | undefined;
    let total = 1;
    for (let pointers = 0; ; ) {
      const length = message.readUInt8(position);
      if (length >= pointerMarker) {
        end ??= position + 2;
        const target = message.readUInt16BE(position) & 0x3fff;
        if (target >= position || ++pointers > maxPointers)
          throw new Error('a pointer does not lead backwards');
        position = target;
        this.#addNameLength(2);
        continue;
      }
      position++;
      if (length === 0) break;
      total += length + 1;
      if (length > maxLabelLength || total > maxNameLength) throw new Error('a name is too long');
      const label = message.subarray(position, position + length);
      if (label.length < length) throw new Error('a name extends beyond the message');
      if (label.includes(dotByte) || label.includes(0))
        throw new Error('a label contains a dot or a NUL');
      position += length;
    }
    this.#addNameLength(total);
    return end ?? position;
  }

  #addNameLength(bytes: number): void {
    this.#totalNameLength += bytes;
    if (this.#totalNameLength > maxTotalNameLength) throw new TotalLengthError();
  }
}
