import { once } from 'node:events';
import type { Socket } from 'node:net';
import DNS, { Packet } from 'dns2';

/*
 * The farm's name server, over UDP and TCP.
 */

/** A record without its owner name; `ttl` is in seconds, by default 300. */
export type ZoneRecord = { ttl?: number } & (
  | { type: 'SRV'; priority: number; weight: number; port: number; target: string }
  | { type: 'A' | 'AAAA'; address: string }
  | { type: 'CNAME'; domain: string }
);

/** The records of a name server, by their owner name in lower case, without a final dot. */
export type Zone = Record<string, ZoneRecord[]>;

export interface NameServer {
  address: string;
  port: number;
  /** All questions since the start, in order: `SRV _s1-analytics._tcp.eqiad.wmnet`. */
  questions: readonly string[];
  /** Closes the UDP and the TCP server, and all open connections. */
  stop(): Promise<void>;
}

/** The RCODE for a name that does not exist (RFC 1035, section 4.1.1). */
const NXDOMAIN = 3;

function toResource(name: string, { type, ttl = 300, ...rest }: ZoneRecord): DNS.Packet.Resource {
  const fields = { ...rest, type: Packet.TYPE[type], class: Packet.CLASS.IN, ttl };
  return new Packet.Resource({ name, ...fields });
}

/** The part of dns2 that encodes the data of SRV records. */
interface SrvCodec {
  encode(
    record: Extract<ZoneRecord, { type: 'SRV' }>,
    writer: { write(value: number, bits: number): void },
  ): void;
}

/**
 * Makes dns2 encode the targets of SRV records without compression, which RFC 2782 forbids. From c-ares
 * 1.34.8 on (Node 22.23, 24.21), Node's resolver refuses compressed targets.
 */
function writeTargetsUncompressed(): void {
  // The types of dns2 do not declare it.
  const { Resource } = Packet as unknown as { Resource: { SRV: SrvCodec } };
  Resource.SRV.encode = ({ priority, weight, port, target }, writer) => {
    for (const number of [priority, weight, port]) writer.write(number, 16);
    for (const label of target.split('.').filter((part) => part !== '')) {
      const bytes = Buffer.from(label);
      writer.write(bytes.length, 8);
      for (const byte of bytes) writer.write(byte, 8);
    }
    writer.write(0, 8);
  };
}

/** Returns the answer section for a question; it follows CNAMEs as far as the zone has records. */
function answersTo(zone: Zone, name: string, type: number): DNS.Packet.Resource[] {
  const answers: DNS.Packet.Resource[] = [];
  const seen = new Set<string>();
  for (let owner: string | undefined = name; owner !== undefined && !seen.has(owner); ) {
    seen.add(owner);
    const records: ZoneRecord[] = zone[owner.toLowerCase()] ?? [];
    const matching = records.filter((record) => Packet.TYPE[record.type] === type);
    const alias = matching.length > 0 ? undefined : records.find((one) => one.type === 'CNAME');
    for (const record of alias ? [alias] : matching) answers.push(toResource(owner, record));
    owner = alias?.type === 'CNAME' ? alias.domain : undefined;
  }
  return answers;
}

/** Returns a question as text, such as `A dbstore1007.eqiad.wmnet`. */
function formatQuestion({ name, type }: Packet['questions'][number]): string {
  const known = Object.entries(Packet.TYPE).find(([, number]) => number === type);
  return `${known?.[0] ?? type} ${name.toLowerCase()}`;
}

function respond(zone: Zone, request: Packet): Packet {
  const response = Packet.createResponseFromRequest(request);
  response.header.aa = 1;
  const question = request.questions[0];
  if (question === undefined) return response;
  response.answers = answersTo(zone, question.name, question.type);
  if (zone[question.name.toLowerCase()] === undefined) response.header.rcode = NXDOMAIN;
  return response;
}

/**
 * Starts dns2's server for a zone, on the same port over UDP and TCP. dns2 truncates answers that do
 * not fit into a UDP message, so that the client has to repeat the question over TCP. Port 0 selects a
 * port that is free for both. Throws the system's error (EADDRINUSE …) if it cannot listen.
 */
export async function startNameServer(
  zone: Zone,
  address: string,
  port: number,
): Promise<NameServer> {
  writeTargetsUncompressed();
  if (port !== 0) return listen(zone, address, port);
  // The system assigns a UDP port that a TCP connection may still use.
  return onFreePort(() => listen(zone, address, 0));
}

/** Calls `start`, which listens on a port that the system assigns; repeats it if the port is in use. */
export async function onFreePort<T>(start: () => Promise<T>, tries = 20): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!inUse || tries === 1) throw error;
    return onFreePort(start, tries - 1);
  }
}

async function listen(zone: Zone, address: string, port: number): Promise<NameServer> {
  const connections = new Set<Socket>();
  const questions: string[] = [];
  const udp = DNS.createUDPServer({ type: 'udp4' });
  const tcp = DNS.createTCPServer();
  tcp.on('connection', (connection: Socket) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
  });
  for (const server of [udp, tcp]) {
    server.on('request', (request: Packet, send: (response: Packet) => Promise<Buffer>) => {
      questions.push(...request.questions.map(formatQuestion));
      void send(respond(zone, request));
    });
  }
  udp.bind(port, address);
  await once(udp, 'listening').catch((error) => {
    udp.close();
    throw error;
  });
  const bound = udp.address().port;
  tcp.listen(bound, address);
  await once(tcp, 'listening').catch((error) => {
    udp.close();
    throw error;
  });
  return {
    address,
    port: bound,
    questions,
    async stop() {
      for (const connection of connections) connection.destroy();
      const closed = [once(udp, 'close'), once(tcp, 'close')];
      udp.close();
      tcp.close();
      await Promise.all(closed);
    },
  };
}
