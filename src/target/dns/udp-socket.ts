import { createSocket, type Socket } from 'node:dgram';

type Family = 'udp4' | 'udp6';

/** What a dgram socket holds of the system's; the same in Node 20, 22 and 24. */
interface Handle {
  bind(address: string, port: number, flags: number): number;
  recvStart(): number;
}

/**
 * A UDP socket that is bound to some port of any address, as connect() would bind it; where that
 * cannot be done here, connect() still does it.
 *
 * Node's bind() loads node:cluster, to ask the parent process for a port if there is one, which
 * costs a tenth of the whole run. It takes a handle that is bound already, though, as it gets them
 * from such a parent; another socket's serves. test/target/udp-socket.test.ts fails on a Node in
 * which this has come to nothing.
 */
export function boundSocket(type: Family): Socket {
  const socket = unbound(type);
  // Never bound or closed itself: its handle becomes the other's.
  const handle = handleOf(unbound(type));
  if (handle?.bind(type === 'udp6' ? '::' : '0.0.0.0', 0, 0) === 0) socket.bind(handle as object);
  return socket;
}

function unbound(type: Family): Socket {
  const family = type === 'udp6' ? 6 : 4;
  return createSocket({
    type,
    // It is an address already, but nothing may be reported before the caller has the socket; and
    // node:dns is not loaded, which reads the system's files about DNS.
    lookup: (address, _options, callback) => process.nextTick(callback, null, address, family),
  });
}

function handleOf(socket: Socket): Handle | undefined {
  const symbol = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  );
  const state: unknown = symbol && Reflect.get(socket, symbol);
  const handle = (state as { handle?: Partial<Handle> } | undefined)?.handle;
  const fits = typeof handle?.bind === 'function' && typeof handle.recvStart === 'function';
  return fits ? (handle as Handle) : undefined;
}
