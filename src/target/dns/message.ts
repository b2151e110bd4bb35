import { Packet } from 'dns2';
import {
  dnsHeaderLength,
  findRecords,
  hasValidQuestion,
  type RecordPosition,
  recordTypes,
} from './check-message.js';

/** The record types that can be queried. */
export type RecordType = 'A' | 'AAAA' | 'SRV';

/** A query and its encoded message. */
export interface DnsQuery {
  id: number;
  name: string;
  type: RecordType;
  bytes: Buffer;
}

/** A record of a reply. Its data is decoded if its type is a RecordType or CNAME. */
export interface DnsRecord {
  /** The owner name, without a final dot. */
  name: string;
  type: number;
  class: number;
  /** A and AAAA */
  address?: string;
  /** CNAME */
  domain?: string;
  /** SRV; `target` is empty for the root name. */
  priority?: number;
  weight?: number;
  port?: number;
  target?: string;
}

/** The content of a reply to a query. */
export interface Reply {
  /** The TC bit: the query must be repeated over TCP. */
  truncated: boolean;
  /** The name of the response code, RFC 1035 section 4.1.1. */
  code: string;
  /** Empty if the message is not complete. */
  answers: DnsRecord[];
  /** The message contains the records that its header announces; see RecordPositions. */
  complete: boolean;
  /** The reply has no answer but names other servers: the server does not offer recursion. */
  referral: boolean;
}

const TRUNCATED = 0x0200;
const CLASS_IN = 1;
const CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const decodedTypes: ReadonlySet<number> = new Set([
  recordTypes.A,
  recordTypes.AAAA,
  recordTypes.CNAME,
  recordTypes.SRV,
]);

/**
 * Returns a recursive query with a random id (RFC 5452 section 4.3).
 * @throws Error for a name with a label over 63 octets or a total length over 255 octets
 */
export function makeQuery(name: string, type: RecordType): DnsQuery {
  const id = Packet.uuid();
  const packet = new Packet(new Packet.Header({ id, rd: 1 }));
  packet.questions.push(new Packet.Question(name, recordTypes[type], CLASS_IN));
  return { id, name, type, bytes: packet.toBuffer() };
}

/**
 * Returns the reply in `message`; undefined if the message does not answer exactly that query (RFC
 * 5452 section 9.1): it has another id, name, type or class, is not a response, or is not a DNS
 * message.
 */
export function parseReply(message: Buffer, query: DnsQuery): Reply | undefined {
  if (!isReplyTo(message, query)) return undefined;
  const { answers, authorities, complete } = findRecords(message);
  const code = message.readUInt8(3) & 0xf;
  const has = (type: number) => complete && authorities.some((record) => record.type === type);
  return {
    truncated: (message.readUInt16BE(2) & TRUNCATED) !== 0,
    code: CODES[code] ?? `RCODE ${code}`,
    answers: complete ? decodeRecords(message, answers) : [],
    complete,
    referral: answers.length === 0 && has(recordTypes.NS) && !has(recordTypes.SOA),
  };
}

/** Returns the records of one owner and type in class IN. Compares names case-insensitively. */
export function filterRecords(
  records: DnsRecord[],
  owner: string,
  type: RecordType | 'CNAME',
): DnsRecord[] {
  return records.filter(
    (record) =>
      record.type === recordTypes[type] &&
      record.class === CLASS_IN &&
      record.name.toLowerCase() === owner.toLowerCase(),
  );
}

/**
 * Tells whether a message is a response to the query: it has the same id, the QR bit, the opcode
 * QUERY (RFC 1035 section 4.1.1) and the same question.
 */
function isReplyTo(message: Buffer, query: DnsQuery): boolean {
  if (!hasValidQuestion(message) || message.readUInt16BE(0) !== query.id) return false;
  if ((message.readUInt8(2) & 0xf8) !== 0x80) return false;
  const question = Packet.Question.decode(createReader(message, dnsHeaderLength));
  return (
    question.name.toLowerCase() === query.name.toLowerCase() &&
    question.type === recordTypes[query.type] &&
    question.class === CLASS_IN
  );
}

function decodeRecords(message: Buffer, positions: RecordPosition[]): DnsRecord[] {
  return positions
    .filter(({ type }) => decodedTypes.has(type))
    .map(({ start }) => Packet.Resource.decode(createReader(message, start)));
}

/** Returns dns2's reader at an offset in bytes; dns2 counts bits. */
function createReader(message: Buffer, start: number) {
  return new Packet.Reader(message, 8 * start);
}
