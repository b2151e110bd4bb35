import { readFileSync } from 'node:fs';
import { Failure } from '../../failure.js';
import { ipVersion } from '../../ip-address.js';
import { printable } from '../../text/printable.js';

/** A name server: an IP address (IPv6 may carry `%scope`) and a port for UDP and TCP. */
export interface NameServer {
  address: string;
  port: number;
}

/** Whom to ask, and how patiently. */
export interface NameServers {
  /** At least one, in the order to ask. */
  servers: NameServer[];
  /** How long to wait for one server before the next is asked too, in milliseconds. */
  timeoutMs: number;
  /** How many times the list is gone through. */
  attempts: number;
}

export const RESOLV_CONF = '/etc/resolv.conf';

const DNS_PORT = 53;
// Three forms of address, only the first two with a port. Matched before ipVersion is asked, which for
// all but IPv4 compiles an expression that takes 2 ms.
const ADDRESS_AND_PORT = /^(?:(?:([\d.]+)|\[([^\]]*)\])(?::(\d{1,5}))?|([^[\]]*:.*:[^[\]]*))$/;
// resolv.conf(5): the defaults of `timeout` and `attempts`, and what they are silently capped to.
const TIMEOUT_SECONDS = { normally: 5, most: 30 };
const ATTEMPTS = { normally: 2, most: 5 };

/**
 * The system's name servers, by the grammar of resolv.conf(5): all `nameserver` lines (the C
 * library stops at three), `options timeout:N attempts:N`. Without a usable line, and without a
 * file that can be read, the server on this machine.
 */
export function systemNameServers(path = RESOLV_CONF): NameServers {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // As the C library does, whatever the reason.
  }
  return parseResolvConf(text);
}

/** What the text of a resolv.conf says; see systemNameServers. */
export function parseResolvConf(text: string): NameServers {
  const servers: NameServer[] = [];
  let timeout = TIMEOUT_SECONDS.normally;
  let attempts = ATTEMPTS.normally;
  for (const line of text.split('\n')) {
    // The keyword stands in the first column; a comment may begin there or behind the values.
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trimEnd()
      .split(/[ \t]+/);
    if (keyword === 'nameserver') {
      const address = values[0] ?? '';
      if (ipVersion(address)) servers.push({ address, port: DNS_PORT });
    } else if (keyword === 'options') {
      for (const option of values) {
        timeout = numberOf('timeout', option, TIMEOUT_SECONDS.most) ?? timeout;
        attempts = numberOf('attempts', option, ATTEMPTS.most) ?? attempts;
      }
    }
  }
  if (servers.length === 0) servers.push({ address: '127.0.0.1', port: DNS_PORT });
  // 0 is taken for 1: the C library waits one second at least, and not to ask at all helps nobody.
  return { servers, timeoutMs: Math.max(timeout, 1) * 1000, attempts: Math.max(attempts, 1) };
}

function numberOf(name: string, option: string, most: number): number | undefined {
  const digits = new RegExp(`^${name}:(\\d+)$`).exec(option)?.[1];
  return digits === undefined ? undefined : Math.min(Number(digits), most);
}

/**
 * The name servers that the user gave with --nameserver, in that order.
 * @throws Failure `bad-nameserver` for what is not `ADDR[:PORT]`
 */
export function namedNameServers(written: string[]): NameServers {
  return {
    servers: written.map(parseNameServer),
    timeoutMs: TIMEOUT_SECONDS.normally * 1000,
    attempts: ATTEMPTS.normally,
  };
}

/**
 * Reads `127.0.0.1`, `127.0.0.1:5353`, `::1` or `[::1]:5353`. An IPv6 address with a port needs
 * the brackets (RFC 3986 section 3.2.2), for without them the port could be a part of it.
 * @throws Failure `bad-nameserver`
 */
export function parseNameServer(written: string): NameServer {
  const [, v4, bracketed, digits, bare] = ADDRESS_AND_PORT.exec(written) ?? [];
  const address = v4 ?? bracketed ?? bare ?? '';
  const port = digits === undefined ? DNS_PORT : Number(digits);
  if (ipVersion(address) !== (v4 === undefined ? 6 : 4) || port < 1 || port > 65_535) {
    throw new Failure(
      'bad-nameserver',
      `--nameserver ${printable(written)}: an IP address is due, with or without a port: 127.0.0.1, 127.0.0.1:5353, ::1 or [::1]:5353.`,
    );
  }
  return { address, port };
}

/** A name server for a message: its address, and its port where it is not the usual one. */
export function nameServerInWords({ address, port }: NameServer): string {
  if (port === DNS_PORT) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
