import { createSocket } from 'node:dgram';

/** Callbacks for a datagram that was sent; none is called before `sendDatagram` has returned. */
export interface Reports {
  message: (message: Buffer) => void;
  /** `code` is the system's: ECONNREFUSED and so on. */
  error: (error: Error) => void;
}

/**
 * Sends one datagram to a port of an IP address from a connected socket, and reports everything that
 * comes back. Returns a function that closes the socket; nothing is reported after that.
 */
export function sendDatagram(
  address: string,
  port: number,
  bytes: Buffer,
  reports: Reports,
): () => void {
  const family = address.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: `udp${family}`,
    // The address needs no lookup; without this, node:dgram loads node:dns, which reads resolv.conf.
    lookup: (asked, _options, callback) => process.nextTick(callback, null, asked, family),
  });
  let open = true;
  socket.on('error', reports.error);
  socket.on('message', reports.message);
  socket.on('connect', () => {
    // send() reports its error to the callback alone.
    if (open) socket.send(bytes, (error) => error && open && reports.error(error));
  });
  socket.connect(port, address);
  return () => {
    if (open) socket.close();
    open = false;
  };
}
