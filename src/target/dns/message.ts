import { closeSync, openSync, readSync } from 'node:fs';
import { type DnsRecord, encodeName, MessageReader, recordTypes } from './records.js';

/** The types of records that are asked for. */
export type RecordType = 'A' | 'AAAA' | 'SRV';

/** A query, as sent. */
export interface Query {
  id: number;
  name: string;
  type: RecordType;
  bytes: Buffer;
}

/** What a message said that answers the query. */
export interface Reply {
  /** The TC bit: the rest has to be fetched over TCP. */
  truncated: boolean;
  /** The name of the response code, RFC 1035 section 4.1.1. */
  code: string;
  answers: DnsRecord[];
  /** Every record that the header promises was there and could be read. */
  complete: boolean;
  /** No answer, but others to ask: the server does not resolve for its clients. */
  referral: boolean;
}

const HEADER_BYTES = 12;
// A question is at least the root's name, type and class; a record adds TTL and the data's length.
const QUESTION_BYTES = 5;
const RECORD_BYTES = 11;
const RECURSION_DESIRED = 0x0100;
const TRUNCATED = 0x0200;
const CLASS_IN = 1;
const CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/**
 * A query with a random id (RFC 5452 section 4.3) that asks the server to resolve for us.
 * @throws Error for a name that DNS cannot carry: a label over 63 octets, a name over 255
 */
export function makeQuery(name: string, type: RecordType): Query {
  const id = randomId();
  const header = numbers(id, RECURSION_DESIRED, 1, 0, 0, 0);
  const bytes = Buffer.concat([header, encodeName(name), numbers(recordTypes[type], CLASS_IN)]);
  return { id, name, type, bytes };
}

/**
 * What `message` answers to `query`; undefined when it does not answer that very question (RFC
 * 5452 section 9.1): another id, no response, another name, type or class, or no DNS message.
 */
export function readReply(message: Buffer, query: Query): Reply | undefined {
  if (!answersTo(message, query)) return undefined;
  const reader = new MessageReader(message, HEADER_BYTES);
  try {
    if (reader.name().toLowerCase() !== query.name.toLowerCase()) return undefined;
    if (reader.number16() !== recordTypes[query.type]) return undefined;
    if (reader.number16() !== CLASS_IN) return undefined;
  } catch {
    return undefined;
  }
  const promised = message.readUInt16BE(6);
  const answers = records(reader, promised);
  const complete = answers.length === promised;
  const authorities = complete ? records(reader, message.readUInt16BE(8)) : [];
  const has = (type: number) => authorities.some((record) => record.type === type);
  const code = message.readUInt8(3) & 0xf;
  return {
    truncated: (message.readUInt16BE(2) & TRUNCATED) !== 0,
    code: CODES[code] ?? `RCODE ${code}`,
    answers,
    complete,
    referral: answers.length === 0 && has(recordTypes.NS) && !has(recordTypes.SOA),
  };
}

/** The records of one owner, type and class IN. Names are compared without regard to case. */
export function recordsOf(
  all: DnsRecord[],
  owner: string,
  type: RecordType | 'CNAME',
): DnsRecord[] {
  return all.filter(
    (record) =>
      record.type === recordTypes[type] &&
      record.class === CLASS_IN &&
      record.name.toLowerCase() === owner.toLowerCase(),
  );
}

/** As many records as can be read, `count` at most. */
function records(reader: MessageReader, count: number): DnsRecord[] {
  const found: DnsRecord[] = [];
  try {
    while (found.length < count) found.push(reader.record());
  } catch {
    // Behind a record that cannot be read nobody knows where the next begins.
  }
  return found;
}

/**
 * Looks at the header's bytes alone, RFC 1035 section 4.1.1, before anything is decoded: the id,
 * QR set, opcode QUERY, one question, and no more records promised than the message can hold.
 */
function answersTo(message: Buffer, query: Query): boolean {
  if (message.length < HEADER_BYTES || message.readUInt16BE(0) !== query.id) return false;
  if ((message.readUInt8(2) & 0xf8) !== 0x80 || message.readUInt16BE(4) !== 1) return false;
  const promised = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10);
  return message.length >= HEADER_BYTES + QUESTION_BYTES + promised * RECORD_BYTES;
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
}

/** Of the kernel's generator, as node:crypto has it, which takes 3 ms to load. */
function randomId(): number {
  const bytes = Buffer.alloc(2);
  const descriptor = openSync('/dev/urandom', 'r');
  readSync(descriptor, bytes, 0, bytes.length, null);
  closeSync(descriptor);
  return bytes.readUInt16BE(0);
}
