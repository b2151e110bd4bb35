import { Failure } from '../../failure.js';
import { getIpVersion } from '../../ip-address.js';
import { printable } from '../../text/printable.js';
import { isHostname } from '../hostname.js';
import { type LookupResult, lookUp } from './look-up.js';
import type { NameServers } from './name-servers.js';

/**
 * How long to wait for IPv6 addresses after IPv4 addresses have arrived, in milliseconds (RFC 8305
 * section 3): some name servers never answer AAAA queries.
 */
const RESOLUTION_DELAY_MS = 50;

/**
 * Returns the IP addresses of a host from these name servers, IPv4 (A) before IPv6 (AAAA). Returns
 * an IP address unchanged and resolves `localhost` to this machine (RFC 6761 section 6.3), both
 * without a query.
 * @throws Failure `unknown-host` if there is no address, `no-dns` if no name server answered
 */
export async function findAddresses(
  host: string,
  nameServers: NameServers,
  limitMs?: number,
): Promise<string[]> {
  if (getIpVersion(host)) return [host];
  const name = host.replace(/\.$/, '');
  if (name.toLowerCase() === 'localhost') return ['127.0.0.1', '::1'];
  if (!isHostname(name)) {
    throw new Failure('unknown-host', `'${printable(host)}' is not a valid host name.`);
  }
  const results = await lookUpBothFamilies(name, nameServers, limitMs);
  const addresses = results
    .flatMap((found) => (found.kind === 'records' ? found.records : []))
    .map(({ address = '' }) => address)
    .filter((address) => getIpVersion(address));
  if (addresses.length > 0) return addresses;
  const noDns = results.find((found) => found.kind === 'no-dns');
  if (noDns) {
    throw new Failure(
      'no-dns',
      `No name server answered the query for the address of '${name}' (${noDns.reason}).`,
    );
  }
  const noRecords = results.find((found) => found.kind === 'none');
  throw new Failure(
    'unknown-host',
    `Unknown host '${name}'${noRecords ? ` (${noRecords.reason})` : ''}.`,
  );
}

async function lookUpBothFamilies(
  name: string,
  nameServers: NameServers,
  limitMs: number | undefined,
): Promise<LookupResult[]> {
  const ipv6 = lookUp(name, 'AAAA', nameServers, limitMs);
  const ipv4 = await lookUp(name, 'A', nameServers, limitMs);
  if (ipv4.kind !== 'records') return [ipv4, await ipv6];
  let timer: NodeJS.Timeout | undefined;
  const delay = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, RESOLUTION_DELAY_MS, undefined);
  });
  const found = await Promise.race([ipv6, delay]);
  clearTimeout(timer);
  return found === undefined ? [ipv4] : [ipv4, found];
}
