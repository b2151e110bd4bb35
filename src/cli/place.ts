import { Failure } from '../failure.js';
import { clientPort, clientSocket, tcpAddress } from '../target/address.js';
import type { TargetRequest } from '../target/target.js';
import type { ClientUse } from './option-use.js';
import { readNumber, textOf } from './values.js';

/** Where the user wants to connect by own choice; all undefined: as section and DNS say. */
export type EndpointOverride = Pick<TargetRequest, 'address' | 'port'>;

/** The options that choose a place. They count on the command line only. */
export const placeOptions = new Set(['host', 'port', 'socket', 'protocol']);

const protocols = ['tcp', 'socket', 'pipe'] as const;
type Protocol = (typeof protocols)[number];

/**
 * Decides between host, port and socket as mariadb 10.11.19 does: the last of --port, --socket and
 * --protocol chooses TCP or socket; a host other than 'localhost' is reached over TCP always;
 * 'localhost' without a choice of TCP is the local socket. MYSQL_TCP_PORT and MYSQL_UNIX_PORT stand
 * in for a port or socket that was not given, once the user has named a host or asked for a socket.
 *
 * @throws Failure `bad-number`, `bad-suffix`, `bad-protocol`
 */
export class PlaceChoice {
  #host: string | undefined;
  #port: number | undefined;
  #socket: string | undefined;
  #protocol: Protocol | undefined;

  add(use: ClientUse, notes: string[]): void {
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
        // Seen: a --protocol=pipe before it stays.
        if (this.#protocol !== 'pipe') this.#protocol = 'socket';
        break;
      case 'protocol':
        this.#protocol = readProtocol(text);
        break;
    }
  }

  decide(env: NodeJS.ProcessEnv): EndpointOverride {
    if (this.#protocol === 'pipe') {
      const text = 'ERROR 2047 (HY000): Wrong or unknown protocol';
      throw new Failure('bad-protocol', text, 1, [text]);
    }
    const named = this.#host !== undefined || this.#socket !== undefined;
    const local = this.#host === undefined || this.#host === 'localhost';
    if (local && this.#protocol !== 'tcp' && (named || this.#protocol === 'socket')) {
      const path = this.#socket || env.MYSQL_UNIX_PORT || clientSocket;
      return { address: { kind: 'socket', path }, port: undefined };
    }
    // Neither host nor socket: the section decides.
    if (!named) return { address: undefined, port: this.#port };
    const port = this.#port ?? (Number.parseInt(env.MYSQL_TCP_PORT ?? '', 10) || clientPort);
    return { address: tcpAddress(this.#host ?? 'localhost', port), port: this.#port };
  }
}

function readPort(use: ClientUse, notes: string[]): number | undefined {
  // Seen: of a larger number the lowest 16 bits count.
  return readNumber(use, notes) % 65536 || undefined;
}

/** No text takes back what was chosen before. */
function readProtocol(text: string): Protocol | undefined {
  if (text === '') return undefined;
  const found = protocols.find((protocol) => protocol.startsWith(text.toLowerCase()));
  if (found) return found;
  const problem = `Unknown option to protocol: ${text}`;
  const choice = "Alternatives are: 'TCP','SOCKET','PIPE'";
  throw new Failure('bad-protocol', `${problem}. ${choice}`, 1, [problem, choice]);
}
