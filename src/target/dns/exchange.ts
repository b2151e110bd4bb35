import { type DnsQuery, makeQuery, type RecordType, type Reply, readReply } from './message.js';
import type { NameServer } from './name-servers.js';
import { sendDatagram } from './udp-socket.js';

/** How one exchange with one name server ended: its reply, or in words why there is none. */
export type ExchangeResult = { reply: Reply } | { error: string };

/** Bytes of the longest answer over UDP that is looked at; resolvers send no more (RFC 6891 section 6.2.5). */
const mostUdpBytes = 4096;

/** Gives up an exchange: nothing is reported any more, and no socket keeps the process alive. */
export type Close = () => void;

const FAULTS: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it closed the connection',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

/**
 * Asks one name server one question, over UDP, and over TCP when the answer was truncated (RFC
 * 7766 section 5). Reports once, or never when nobody answers: time limits are the caller's.
 * The socket is connected, so that the system drops what comes from another address or port and
 * tells when nobody listens; a message that does not answer the question is dropped, and the wait
 * goes on. (dns2's own client ends at the first message with the right id, and its TCP client
 * waits for ever and takes no IPv6 address.)
 */
export function exchange(
  server: NameServer,
  name: string,
  type: RecordType,
  report: (outcome: ExchangeResult) => void,
): Close {
  const query = makeQuery(name, type);
  let close: Close;
  let done = false;
  const settle = (outcome: ExchangeResult) => {
    if (done) return;
    done = true;
    close();
    report(outcome);
  };
  close = overUdp(server, query, (outcome) => {
    if (done) return;
    if ('reply' in outcome && outcome.reply.truncated) {
      close();
      close = overTcp(server, query, settle);
    } else {
      settle(outcome);
    }
  });
  return () => {
    done = true;
    close();
  };
}

function overUdp(
  server: NameServer,
  query: DnsQuery,
  settle: (outcome: ExchangeResult) => void,
): Close {
  return sendDatagram(server.address, server.port, query.bytes, {
    message(message) {
      const reply = message.length > mostUdpBytes ? undefined : readReply(message, query);
      if (reply !== undefined) settle({ reply });
    },
    error: (error) => settle({ error: inWords(error) }),
  });
}

function overTcp(
  server: NameServer,
  query: DnsQuery,
  settle: (outcome: ExchangeResult) => void,
): Close {
  // Loaded late: few answers are too long for UDP.
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
    // RFC 1035 section 4.2.2: two bytes of length go before each message.
    while (received.length >= 2) {
      const end = 2 + received.readUInt16BE(0);
      if (received.length < end) return;
      const reply = readReply(received.subarray(2, end), query);
      received = received.subarray(end);
      if (reply === undefined) continue;
      return settle(reply.truncated ? { error: 'a truncated answer over TCP' } : { reply });
    }
  });
  socket.on('error', (error) => settle({ error: inWords(error) }));
  socket.on('close', () => settle({ error: 'it closed the connection' }));
  return () => socket.destroy();
}

function inWords(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return FAULTS[code] ?? (code || error.message);
}
