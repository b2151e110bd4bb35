// By its path, past the package's `exports`: the package's entry loads its servers and its clients
// over HTTPS and TLS too, some 30 ms where this file alone takes 5. The version is pinned.
import Packet from '../../../node_modules/dns2/packet.js';

/** The types of records that are asked for, RFC 1035 section 3.2.2, RFC 3596, RFC 2782. */
export type RecordType = 'A' | 'AAAA' | 'SRV';

/** A query, as sent. */
export interface Query {
  id: number;
  name: string;
  type: RecordType;
  bytes: Buffer;
}

/** A record of an answer, as far as its data was understood. */
export type DnsRecord = InstanceType<typeof Packet>['answers'][number];

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
const CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const NS = Packet.TYPE.NS;
const SOA = Packet.TYPE.SOA;

/**
 * A query with a random id (RFC 5452 section 4.3) that asks the server to resolve for us.
 * @throws Error for a name that DNS cannot carry: a label over 63 octets, a name over 255
 */
export function makeQuery(name: string, type: RecordType): Query {
  const packet = new Packet();
  packet.header.id = Packet.uuid();
  packet.header.rd = 1;
  const question = { name, type: Packet.TYPE[type], class: Packet.CLASS.IN };
  packet.questions.push(new Packet.Question(question));
  return { id: packet.header.id, name, type, bytes: packet.toBuffer() };
}

/**
 * What `message` answers to `query`; undefined when it does not answer that very question (RFC
 * 5452 section 9.1): another id, no response, another name, type or class, or no DNS message.
 */
export function readReply(message: Buffer, query: Query): Reply | undefined {
  if (!answersTo(message, query)) return undefined;
  let packet: InstanceType<typeof Packet>;
  try {
    packet = Packet.parse(message);
  } catch {
    return undefined;
  }
  const { header, answers, authorities } = packet;
  const question = packet.questions[0];
  if (
    question?.name.toLowerCase() !== query.name.toLowerCase() ||
    question.type !== Packet.TYPE[query.type] ||
    question.class !== Packet.CLASS.IN
  ) {
    return undefined;
  }
  const has = (type: number) => authorities.some((record) => record.type === type);
  return {
    truncated: header.tc === 1,
    code: CODES[header.rcode] ?? `RCODE ${header.rcode}`,
    answers,
    // dns2 leaves out what it cannot read.
    complete: answers.length === header.ancount,
    referral: answers.length === 0 && has(NS) && !has(SOA),
  };
}

/** The records of one owner, type and class IN. Names are compared without regard to case. */
export function recordsOf(
  records: DnsRecord[],
  owner: string,
  type: RecordType | 'CNAME',
): DnsRecord[] {
  return records.filter(
    (record) =>
      record.type === Packet.TYPE[type] &&
      record.class === Packet.CLASS.IN &&
      record.name.toLowerCase() === owner.toLowerCase(),
  );
}

/**
 * Looks at the header's bytes alone, RFC 1035 section 4.1.1, before anything is decoded: the id,
 * QR set, opcode QUERY, one question, and no more records promised than the message can hold,
 * for dns2 would try to read each of them.
 */
function answersTo(message: Buffer, query: Query): boolean {
  if (message.length < HEADER_BYTES || message.readUInt16BE(0) !== query.id) return false;
  if ((message.readUInt8(2) & 0xf8) !== 0x80 || message.readUInt16BE(4) !== 1) return false;
  const records = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10);
  return message.length >= HEADER_BYTES + QUESTION_BYTES + records * RECORD_BYTES;
}
