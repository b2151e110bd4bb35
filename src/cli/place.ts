import { Failure } from '../failure.js';
import type { TargetRequest } from '../target/target.js';
import { readNumber, textOf } from './values.js';
import type { Use } from './words.js';

/** Where the user wants to connect by own choice; all undefined: as section and DNS say. */
export type Place = Pick<TargetRequest, 'host' | 'port' | 'socket'>;

/** The options that choose a place. They count on the command line only. */
export const placeOptions = new Set(['host', 'port', 'socket', 'protocol']);

const protocols = ['tcp', 'socket', 'pipe'] as const;
const localSocket = '/run/mysqld/mysqld.sock';

/**
 * Decides between host, port and socket as mariadb 10.11.19 does: the last of --port, --socket and
 * --protocol chooses TCP or socket; a host other than 'localhost' is reached over TCP always;
 * 'localhost' without a choice of TCP is the local socket.
 *
 * @throws Failure `bad-number`, `bad-suffix`, `bad-port`, `bad-protocol`, `unsupported-option`
 */
export class PlaceChoice {
  #host: string | undefined;
  #port: number | undefined;
  #socket: string | undefined;
  #protocol: (typeof protocols)[number] | undefined;

  add(use: Use, notes: string[]): void {
    const text = textOf(use) ?? '';
    switch (use.option.name) {
      case 'host':
        this.#host = text === '' ? undefined : text;
        break;
      case 'port':
        this.#port = readPort(use, notes);
        this.#protocol = 'tcp';
        break;
      case 'socket':
        this.#socket = text;
        this.#protocol = 'socket';
        break;
      case 'protocol':
        this.#protocol = readProtocol(text) ?? this.#protocol;
        break;
    }
  }

  decide(): Place {
    const local = this.#host === 'localhost' || this.#host === undefined;
    const overSocket =
      local &&
      this.#protocol !== 'tcp' &&
      (this.#socket !== undefined || this.#host !== undefined || this.#protocol === 'socket');
    if (overSocket) {
      return { host: undefined, port: undefined, socket: this.#socket ?? localSocket };
    }
    return { host: this.#host, port: this.#port, socket: undefined };
  }
}

function readPort(use: Use, notes: string[]): number | undefined {
  const port = readNumber(use, notes);
  if (port > 65535) throw new Failure('bad-port', `port ${port} is above 65535`, 13);
  return port === 0 ? undefined : port;
}

function readProtocol(text: string): (typeof protocols)[number] | undefined {
  if (text === '') return undefined;
  const found = protocols.find((protocol) => protocol.startsWith(text.toLowerCase()));
  if (found === 'pipe') {
    throw new Failure('bad-protocol', 'protocol pipe exists on Windows only; use tcp or socket');
  }
  if (found) return found;
  const choice = "Alternatives are: 'TCP','SOCKET','PIPE'";
  throw new Failure('bad-protocol', `Unknown option to protocol: ${text}. ${choice}`);
}
