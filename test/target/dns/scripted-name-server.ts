import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type DNS from 'dns2';
import { Packet } from 'dns2';
import { onTestFinished } from 'vitest';
import type { NameServer, NameServers } from '../../../src/target/dns/name-servers.js';
import { onFreePort } from '../../farm/name-server.js';

/** A received query, and functions to send messages to its sender. */
export interface ReceivedQuery {
  request: Packet;
  send(reply: Packet | Buffer): void;
  /** UDP only: sends from another port of the same address. */
  sendFromOtherPort(reply: Packet | Buffer): void;
  /** TCP only: ends the connection. */
  hangUp(): void;
}

export interface ScriptedNameServer extends NameServer {
  /** The received queries, `NAME TYPE udp` or `NAME TYPE tcp`, in the order of arrival. */
  queries: string[];
}

export type Behavior = (queries: ReceivedQuery) => void;

export const ignoreQuery: Behavior = () => {};

const address = '127.0.0.1';

/**
 * Starts a name server of plain sockets that can send invalid messages. It ends with the test.
 * Without `tcp` its TCP port is closed.
 */
export function startScriptedNameServer(
  udp: Behavior,
  tcp?: Behavior,
): Promise<ScriptedNameServer> {
  return onFreePort(() => listen(udp, tcp));
}

async function listen(udp: Behavior, tcp: Behavior | undefined): Promise<ScriptedNameServer> {
  const queries: string[] = [];
  const otherSocket = createSocket('udp4');
  const socket = createSocket('udp4');
  let isOpen = true;
  socket.on('message', (message, { port }) => {
    const request = Packet.parse(message);
    queries.push(`${describeQuestion(request)} udp`);
    udp({
      request,
      // A late answer may be sent after the end of the test.
      send: (reply) => isOpen && socket.send(encode(reply), port, address),
      sendFromOtherPort: (reply) => isOpen && otherSocket.send(encode(reply), port, address),
      hangUp: () => {},
    });
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  onTestFinished(() => {
    isOpen = false;
    socket.close();
    otherSocket.close();
  });
  if (tcp) await listenTcp(port, queries, tcp);
  return { address, port, queries };
}

async function listenTcp(port: number, queries: string[], tcp: Behavior): Promise<void> {
  const connections = new Set<Socket>();
  const server = createServer((connection) => {
    connections.add(connection);
    connection.on('error', () => {});
    connection.once('data', (data) => {
      const request = Packet.parse(data.subarray(2));
      queries.push(`${describeQuestion(request)} tcp`);
      const send = (reply: Packet | Buffer) => connection.write(encode(reply));
      tcp({ request, send, sendFromOtherPort: send, hangUp: () => connection.end() });
    });
  });
  server.listen(port, address);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const connection of connections) connection.destroy();
  });
}

const TYPES = new Map<number, string>(
  Object.entries(Packet.TYPE).map(([name, number]) => [number, name]),
);

function describeQuestion(request: Packet): string {
  const question = request.questions[0];
  return question ? `${question.name} ${TYPES.get(question.type)}` : 'no question';
}

function encode(reply: Packet | Buffer): Buffer {
  return Buffer.isBuffer(reply) ? reply : reply.toBuffer();
}

/** Returns a message for TCP: its length in two bytes, then the message. */
export function addTcpLength(message: Packet | Buffer): Buffer {
  const body = encode(message);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([length, body]);
}

/** Returns a reply to a request with these answers and header fields. */
export function buildReply(
  request: Packet,
  answers: DNS.Packet.Resource[] = [],
  header: Partial<DNS.Packet.Header> = {},
): Packet {
  const response = Packet.createResponseFromRequest(request);
  response.answers = answers;
  Object.assign(response.header, header);
  return response;
}

function buildRecord(
  name: string,
  type: keyof typeof Packet.TYPE,
  data: Partial<DNS.Packet.Resource>,
): DNS.Packet.Resource {
  return new Packet.Resource({ name, type: Packet.TYPE[type], class: 1, ttl: 300, ...data });
}

export const srvRecord = (name: string, target: string, port = 3311, priority = 0, weight = 100) =>
  buildRecord(name, 'SRV', { priority, weight, port, target });
export const cnameRecord = (name: string, domain: string) => buildRecord(name, 'CNAME', { domain });
export const aRecord = (name: string, ipAddress: string) =>
  buildRecord(name, 'A', { address: ipAddress });
export const nsRecord = (name: string, nameServer: string) =>
  buildRecord(name, 'NS', { ns: nameServer });

/** Answers every query with an SRV record with this target. */
export function answerWithTarget(target = 'good.test'): Behavior {
  return ({ request, send }) => {
    send(buildReply(request, [srvRecord(request.questions[0]?.name ?? '', target)]));
  };
}

/** Returns the name servers in the form of the tested code, with two attempts each. */
export function makeNameServers(servers: NameServer[], timeoutMs: number): NameServers {
  return { servers, timeoutMs, attempts: 2 };
}
