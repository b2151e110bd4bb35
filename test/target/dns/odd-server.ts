import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type DNS from 'dns2';
import { Packet } from 'dns2';
import { onTestFinished } from 'vitest';
import type { NameServer, NameServers } from '../../../src/target/dns/name-servers.js';
import { onFreePort } from '../../farm/name-server.js';

/** A question that arrived, how to send anything back to it, and how to from somewhere else. */
export interface Asked {
  request: Packet;
  send(reply: Packet | Buffer): void;
  /** UDP only: sends from another port of the same address. */
  sendFromElsewhere(reply: Packet | Buffer): void;
  /** TCP only: ends the connection. */
  hangUp(): void;
}

export interface OddServer extends NameServer {
  /** `NAME TYPE udp` or `… tcp`, in the order of arrival. */
  asked: string[];
}

export type Behaviour = (asked: Asked) => void;

export const silent: Behaviour = () => {};

const address = '127.0.0.1';

/**
 * A name server made of plain sockets that does what it is told, however wrong; it goes when the
 * test is done. Without `tcp`, nobody listens there.
 */
export function oddServer(udp: Behaviour, tcp?: Behaviour): Promise<OddServer> {
  return onFreePort(() => listen(udp, tcp));
}

async function listen(udp: Behaviour, tcp: Behaviour | undefined): Promise<OddServer> {
  const asked: string[] = [];
  const elsewhere = createSocket('udp4');
  const socket = createSocket('udp4');
  let open = true;
  socket.on('message', (message, { port }) => {
    const request = Packet.parse(message);
    asked.push(`${inWords(request)} udp`);
    udp({
      request,
      // A late answer may come when the test is over.
      send: (reply) => open && socket.send(bytes(reply), port, address),
      sendFromElsewhere: (reply) => open && elsewhere.send(bytes(reply), port, address),
      hangUp: () => {},
    });
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  onTestFinished(() => {
    open = false;
    socket.close();
    elsewhere.close();
  });
  if (tcp) await listenTcp(port, asked, tcp);
  return { address, port, asked };
}

async function listenTcp(port: number, asked: string[], tcp: Behaviour): Promise<void> {
  const connections = new Set<Socket>();
  const server = createServer((connection) => {
    connections.add(connection);
    connection.on('error', () => {});
    connection.once('data', (data) => {
      const request = Packet.parse(data.subarray(2));
      asked.push(`${inWords(request)} tcp`);
      const send = (reply: Packet | Buffer) => connection.write(bytes(reply));
      tcp({ request, send, sendFromElsewhere: send, hangUp: () => connection.end() });
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

function inWords(request: Packet): string {
  const question = request.questions[0];
  return question ? `${question.name} ${TYPES.get(question.type)}` : 'no question';
}

function bytes(reply: Packet | Buffer): Buffer {
  return Buffer.isBuffer(reply) ? reply : reply.toBuffer();
}

/** A message as TCP carries it: its length in two bytes goes before. */
export function framed(message: Packet | Buffer): Buffer {
  const body = bytes(message);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([length, body]);
}

/** A reply to a request, with these answers and response code. */
export function reply(
  request: Packet,
  answers: DNS.Packet.Resource[] = [],
  header: Partial<DNS.Packet.Header> = {},
): Packet {
  const response = Packet.createResponseFromRequest(request);
  response.answers = answers;
  Object.assign(response.header, header);
  return response;
}

function record(
  name: string,
  type: keyof typeof Packet.TYPE,
  data: Partial<DNS.Packet.Resource>,
): DNS.Packet.Resource {
  return new Packet.Resource({ name, type: Packet.TYPE[type], class: 1, ttl: 300, ...data });
}

export const srv = (name: string, target: string, port = 3311, priority = 0, weight = 100) =>
  record(name, 'SRV', { priority, weight, port, target });
export const cname = (name: string, domain: string) => record(name, 'CNAME', { domain });
export const a = (name: string, to: string) => record(name, 'A', { address: to });
export const ns = (name: string, of: string) => record(name, 'NS', { ns: of });

/** Answers every question with an SRV record of this target. */
export function good(target = 'good.test'): Behaviour {
  return ({ request, send }) => {
    send(reply(request, [srv(request.questions[0]?.name ?? '', target)]));
  };
}

/** Whom to ask, as the code under test takes it, each twice if need be. */
export function among(servers: NameServer[], timeoutMs: number): NameServers {
  return { servers, timeoutMs, attempts: 2 };
}
