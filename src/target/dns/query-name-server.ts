import { type DnsQuery, makeQuery, parseReply, type RecordType, type Reply } from './message.js';
import type { NameServer } from './name-servers.js';
import { sendDatagram } from './udp-socket.js';

/** The result of a query: the reply of the name server, or as text the reason why there is none. */
export type QueryResult = { reply: Reply } | { error: string };

/**
 * Maximum length of a UDP reply in bytes; resolvers send no longer ones (RFC 6891 section 6.2.5).
 */
const maxUdpLength = 4096;

/** Cancels a query: its result is not reported, and no socket keeps the process alive. */
export type Close = () => void;

const ERROR_TEXTS: Record<string, string> = {
  ECONNREFUSED: 'the port is closed',
  ECONNRESET: 'it closed the connection',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
};

/**
 * Sends one query to one name server over UDP, and again over TCP if the reply is truncated (RFC
 * 7766 section 5). Calls `report` once, or never if the server does not answer: the caller limits
 * the time. Returns a function that cancels the query.
 *
 * The UDP socket is connected, so that the system drops messages from other addresses and ports,
 * and reports a closed port. Messages that do not answer the query are ignored. (dns2's own client
 * accepts the first message with the right id; its TCP client has no time limit and no support for
 * IPv6 addresses.)
 */
export function queryNameServer(
  server: NameServer,
  name: string,
  type: RecordType,
  report: (outcome: QueryResult) => void,
): Close {
  const query = makeQuery(name, type);
  let close: Close;
  let done = false;
  const finish = (outcome: QueryResult) => {
    if (done) return;
    done = true;
    close();
    report(outcome);
  };
  close = queryOverUdp(server, query, (outcome) => {
    if (done) return;
    if ('reply' in outcome && outcome.reply.truncated) {
      close();
      close = queryOverTcp(server, query, finish);
    } else {
      finish(outcome);
    }
  });
  return () => {
    done = true;
    close();
  };
}

function queryOverUdp(
  server: NameServer,
  query: DnsQuery,
  finish: (outcome: QueryResult) => void,
): Close {
  return sendDatagram(server.address, server.port, query.bytes, {
    message(message) {
      const reply = message.length > maxUdpLength ? undefined : parseReply(message, query);
      if (reply !== undefined) finish({ reply });
    },
    error: (error) => finish({ error: describeError(error) }),
  });
}

function queryOverTcp(
  server: NameServer,
  query: DnsQuery,
  finish: (outcome: QueryResult) => void,
): Close {
  // Load node:net only when needed: few replies are too long for UDP.
  const { connect } = process.getBuiltinModule('node:net');
  const socket = connect({ host: server.address, port: server.port });
  let received = Buffer.alloc(0);
  socket.on('connect', () => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.bytes.length);
    socket.write(Buffer.concat([length, query.bytes]));
  });
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    // RFC 1035 section 4.2.2: a length of two bytes precedes each message.
    while (received.length >= 2) {
      const end = 2 + received.readUInt16BE(0);
      if (received.length < end) return;
      const reply = parseReply(received.subarray(2, end), query);
      received = received.subarray(end);
      if (reply === undefined) continue;
      return finish(reply.truncated ? { error: 'a truncated answer over TCP' } : { reply });
    }
  });
  socket.on('error', (error) => finish({ error: describeError(error) }));
  socket.on('close', () => finish({ error: 'it closed the connection' }));
  return () => socket.destroy();
}

function describeError(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return ERROR_TEXTS[code] ?? (code || error.message);
}
