import type { Socket } from 'node:net';

/**
 * The sockets of a query: when it has ended none may stay, also none to a server that takes
 * connections and says nothing. A program would wait for it at its end.
 */
export class OpenSockets {
  readonly #sockets = new Set<Socket>();
  #closed = false;

  /** Takes a new one. */
  readonly add = (socket: Socket): void => {
    this.#sockets.add(socket);
    // Whoever waits for it hears of its end; at times nobody does.
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#closed) this.#destroy(socket);
  };

  /** Closes those that there are, and any that comes later. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#sockets) this.#destroy(socket);
  }

  #destroy(socket: Socket): void {
    socket.destroy(new Error('the query has ended'));
  }
}
