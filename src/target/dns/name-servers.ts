import { readFileSync } from 'node:fs';
import { createOptionFailure } from '../../failure.js';
import { getIpVersion } from '../../ip-address.js';
import { printable } from '../../text/printable.js';

/** A name server: an IP address (IPv6 may have a `%scope`) and a port for UDP and TCP. */
export interface NameServer {
  address: string;
  port: number;
}

/** Name servers with their timeout and retry policy. */
export interface NameServers {
  /** At least one, in the order in which they are asked. */
  servers: NameServer[];
  /** How long to wait for one server before also asking the next, in milliseconds. */
  timeoutMs: number;
  /** How many times each server is asked. */
  attempts: number;
}

export const RESOLV_CONF = '/etc/resolv.conf';

const DNS_PORT = 53;
// Three forms of address, only the first two with a port. The match runs before getIpVersion, which
// spends 2 ms on compiling a regular expression unless the text is an IPv4 address.
const ADDRESS_AND_PORT = /^(?:(?:([\d.]+)|\[([^\]]*)\])(?::(\d{1,5}))?|([^[\]]*:.*:[^[\]]*))$/;
// resolv.conf(5): the defaults and the silent maximums of `timeout` and `attempts`.
const TIMEOUT_SECONDS = { default: 5, max: 30 };
const ATTEMPTS = { default: 2, max: 5 };

/**
 * Returns the system's name servers from a file in the format of resolv.conf(5): all `nameserver`
 * lines (the C library reads only three) and `options timeout:N attempts:N`. If the file has no
 * usable line or cannot be read, returns the name server of this machine.
 */
export function readSystemNameServers(path = RESOLV_CONF): NameServers {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Ignore the error whatever its reason, like the C library.
  }
  return parseResolvConf(text);
}

/** Parses the text of a resolv.conf; see readSystemNameServers. */
export function parseResolvConf(text: string): NameServers {
  const servers: NameServer[] = [];
  let timeout = TIMEOUT_SECONDS.default;
  let attempts = ATTEMPTS.default;
  for (const line of text.split('\n')) {
    // The keyword must be in the first column. A comment may begin there or after the values.
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trimEnd()
      .split(/[ \t]+/);
    if (keyword === 'nameserver') {
      const address = values[0] ?? '';
      if (getIpVersion(address)) servers.push({ address, port: DNS_PORT });
    } else if (keyword === 'options') {
      for (const option of values) {
        timeout = parseNumericOption('timeout', option, TIMEOUT_SECONDS.max) ?? timeout;
        attempts = parseNumericOption('attempts', option, ATTEMPTS.max) ?? attempts;
      }
    }
  }
  if (servers.length === 0) servers.push({ address: '127.0.0.1', port: DNS_PORT });
  // Treat 0 as 1: the C library waits at least one second, and zero attempts would be useless.
  return { servers, timeoutMs: Math.max(timeout, 1) * 1000, attempts: Math.max(attempts, 1) };
}

function parseNumericOption(name: string, option: string, max: number): number | undefined {
  const digits = new RegExp(`^${name}:(\\d+)$`).exec(option)?.[1];
  return digits === undefined ? undefined : Math.min(Number(digits), max);
}

/**
 * Parses the values of --nameserver, in their order.
 * @throws Failure `bad-nameserver` for a value that is not `ADDR[:PORT]`
 */
export function parseNameServers(values: string[]): NameServers {
  return {
    servers: values.map(parseNameServer),
    timeoutMs: TIMEOUT_SECONDS.default * 1000,
    attempts: ATTEMPTS.default,
  };
}

/**
 * Parses `127.0.0.1`, `127.0.0.1:5353`, `::1` or `[::1]:5353`. An IPv6 address with a port needs
 * brackets (RFC 3986 section 3.2.2), because otherwise the port could be a part of the address.
 * @throws Failure `bad-nameserver`
 */
export function parseNameServer(text: string): NameServer {
  const [, v4, bracketed, digits, bare] = ADDRESS_AND_PORT.exec(text) ?? [];
  const address = v4 ?? bracketed ?? bare ?? '';
  const port = digits === undefined ? DNS_PORT : Number(digits);
  if (getIpVersion(address) !== (v4 === undefined ? 6 : 4) || port < 1 || port > 65_535) {
    throw createOptionFailure(
      'bad-nameserver',
      `--nameserver: expected an IP address, optionally with :PORT, but found '${printable(text)}': use 127.0.0.1, 127.0.0.1:5353, ::1 or [::1]:5353.`,
      'nameserver',
    );
  }
  return { address, port };
}

/** Returns a name server as text for messages: its address, and its port if it is not 53. */
export function formatNameServer({ address, port }: NameServer): string {
  if (port === DNS_PORT) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
