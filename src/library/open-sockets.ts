import type { Socket } from 'node:net';

/**
 * Tracks the sockets of a query and destroys them when the query has ended. Otherwise a socket to a
 * server that accepts connections but never answers would keep the program from exiting.
 */
export class OpenSockets {
  readonly #sockets = new Set<Socket>();
  #isClosed = false;

  /** Adds a socket; destroys it at once if `close` was called before. */
  readonly add = (socket: Socket): void => {
    this.#sockets.add(socket);
    // The code that uses the socket handles its errors. This listener covers the times when none does.
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#isClosed) this.#destroy(socket);
  };

  /** Destroys all sockets, and those that are added later. */
  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets) this.#destroy(socket);
  }

  #destroy(socket: Socket): void {
    socket.destroy(new Error('the query has ended'));
  }
}
