import { nodeHandles, type Request, systemError, type UdpHandle } from '../../node-handles.js';

/** What comes of a datagram that was sent; nothing of it before the sender has returned. */
export interface Reports {
  message: (message: Buffer) => void;
  /** `code` is the system's: ECONNREFUSED and so on. */
  error: (error: Error) => void;
}

/**
 * Sends one datagram to a port of an IP address, from a socket that is connected to it, and reports
 * all that comes back until it is closed by the function that is given. Nothing is reported after
 * that.
 */
export function sendDatagram(
  address: string,
  port: number,
  bytes: Buffer,
  reports: Reports,
): () => void {
  const handles = nodeHandles('udp_wrap');
  if (handles === undefined) return sendByDgram(address, port, bytes, reports);
  const handle = new handles.UDP();
  return sendByHandle(handle, new handles.SendWrap(), { address, port, bytes, reports });
}

interface Datagram {
  address: string;
  port: number;
  bytes: Buffer;
  reports: Reports;
}

/** node:dgram takes longer to load than all the rest of asking DNS. */
function sendByHandle(
  handle: UdpHandle,
  request: Request,
  { address, port, bytes, reports }: Datagram,
): () => void {
  let open = true;
  const fail = (status: number, doing: string) => {
    if (open) reports.error(systemError(status, doing));
  };
  handle.onmessage = (length, _handle, message) => {
    if (length < 0) fail(length, 'recvmsg');
    else if (open) reports.message(message);
  };
  request.oncomplete = (status) => {
    if (status < 0) fail(status, 'send');
  };
  request.buffer = bytes;
  const connects = address.includes(':') ? handle.connect6 : handle.connect;
  const status =
    connects.call(handle, address, port) ||
    handle.recvStart() ||
    handle.send(request, [bytes], 1, true);
  if (status < 0) process.nextTick(fail, status, 'send');
  return () => {
    if (open) handle.close();
    open = false;
  };
}

function sendByDgram(address: string, port: number, bytes: Buffer, reports: Reports): () => void {
  const family = address.includes(':') ? 6 : 4;
  const socket = process.getBuiltinModule('node:dgram').createSocket({
    type: `udp${family}`,
    // It is an address already, but nothing may be reported before the caller has returned.
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
