import { Packet } from 'dns2';
import {
  findRecords,
  hasSoundQuestion,
  headerBytes,
  type RecordPosition,
  recordTypes,
} from './check-message.js';

/** The types of records that are asked for. */
export type RecordType = 'A' | 'AAAA' | 'SRV';

/** A query, as sent. */
export interface DnsQuery {
  id: number;
  name: string;
  type: RecordType;
  bytes: Buffer;
}

/** A record of an answer; its data as far as its type is one that is asked for, or CNAME. */
export interface DnsRecord {
  /** The owner, without a final dot. */
  name: string;
  type: number;
  class: number;
  /** A and AAAA */
  address?: string;
  /** CNAME */
  domain?: string;
  /** SRV; `target` is empty for the root. */
  priority?: number;
  weight?: number;
  port?: number;
  target?: string;
}

/** What a message said that answers the query. */
export interface Reply {
  /** The TC bit: the rest has to be fetched over TCP. */
  truncated: boolean;
  /** The name of the response code, RFC 1035 section 4.1.1. */
  code: string;
  /** None where the message is not complete. */
  answers: DnsRecord[];
  /** Every record that the header promises was there and could be read. */
  complete: boolean;
  /** No answer, but others to ask: the server does not resolve for its clients. */
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
 * A query with a random id (RFC 5452 section 4.3) that asks the server to resolve for us.
 * @throws Error for a name that DNS cannot carry: a label over 63 octets, a name over 255
 */
export function makeQuery(name: string, type: RecordType): DnsQuery {
  const id = Packet.uuid();
  const packet = new Packet(new Packet.Header({ id, rd: 1 }));
  packet.questions.push(new Packet.Question(name, recordTypes[type], CLASS_IN));
  return { id, name, type, bytes: packet.toBuffer() };
}

/**
 * What `message` answers to `query`; undefined when it does not answer that very question (RFC
 * 5452 section 9.1): another id, no response, another name, type or class, or no DNS message.
 */
export function readReply(message: Buffer, query: DnsQuery): Reply | undefined {
  if (!answersTo(message, query)) return undefined;
  const { answers, authorities, complete } = findRecords(message);
  const code = message.readUInt8(3) & 0xf;
  const has = (type: number) => complete && authorities.some((record) => record.type === type);
  return {
    truncated: (message.readUInt16BE(2) & TRUNCATED) !== 0,
    code: CODES[code] ?? `RCODE ${code}`,
    answers: complete ? decode(message, answers) : [],
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

/**
 * Whether a message is a response to the query: id, QR set, opcode QUERY (RFC 1035 section 4.1.1), and
 * the same question.
 */
function answersTo(message: Buffer, query: DnsQuery): boolean {
  if (!hasSoundQuestion(message) || message.readUInt16BE(0) !== query.id) return false;
  if ((message.readUInt8(2) & 0xf8) !== 0x80) return false;
  const question = Packet.Question.decode(readerAt(message, headerBytes));
  return (
    question.name.toLowerCase() === query.name.toLowerCase() &&
    question.type === recordTypes[query.type] &&
    question.class === CLASS_IN
  );
}

function decode(message: Buffer, positions: RecordPosition[]): DnsRecord[] {
  return positions
    .filter(({ type }) => decodedTypes.has(type))
    .map(({ start }) => Packet.Resource.decode(readerAt(message, start)));
}

/** dns2's reader counts in bits. */
function readerAt(message: Buffer, start: number) {
  return new Packet.Reader(message, 8 * start);
}
