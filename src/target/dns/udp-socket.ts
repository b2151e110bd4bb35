import { createSocket } from 'node:dgram';

/** Callbacks for the replies to a datagram. None is called before `sendDatagram` returns. */
export interface DatagramCallbacks {
  message: (message: Buffer) => void;
  /** `code` of the error is that of the system, such as ECONNREFUSED. */
  error: (error: Error) => void;
}

/**
 * Sends one datagram to a port of an IP address from a connected socket, and reports every reply.
 * Returns a function that closes the socket; after that nothing is reported.
 */
export function sendDatagram(
  address: string,
  port: number,
  bytes: Buffer,
  callbacks: DatagramCallbacks,
): () => void {
  const family = address.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: `udp${family}`,
    // An IP address needs no lookup. Without this function node:dgram would load node:dns, which
    // reads resolv.conf.
    lookup: (asked, _options, callback) => process.nextTick(callback, null, asked, family),
  });
  let isOpen = true;
  socket.on('error', callbacks.error);
  socket.on('message', callbacks.message);
  socket.on('connect', () => {
    // send() reports its error only to the callback.
    if (isOpen) socket.send(bytes, (error) => error && isOpen && callbacks.error(error));
  });
  socket.connect(port, address);
  return () => {
    if (isOpen) socket.close();
    isOpen = false;
  };
}
