import { Failure } from '../../failure.js';
import { ipVersion } from '../../ip-address.js';
import { printable } from '../../text/printable.js';
import { isHostname } from '../hostname.js';
import { type LookupResult, lookUp } from './look-up.js';
import type { NameServers } from './name-servers.js';

/**
 * How long IPv6 addresses may keep those of IPv4 waiting, in milliseconds (RFC 8305 section 3):
 * some servers do not answer AAAA at all.
 */
const RESOLUTION_DELAY_MS = 50;

/**
 * A host's IP addresses from these name servers, IPv4 (A) before IPv6 (AAAA). An address is given
 * back as it is, and `localhost` is this machine (RFC 6761 section 6.3), without asking.
 * @throws Failure `unknown-host` when there is none, `no-dns` when no server could be asked
 */
export async function findAddresses(
  host: string,
  nameServers: NameServers,
  limitMs?: number,
): Promise<string[]> {
  if (ipVersion(host)) return [host];
  const name = host.replace(/\.$/, '');
  if (name.toLowerCase() === 'localhost') return ['127.0.0.1', '::1'];
  if (!isHostname(name)) {
    throw new Failure('unknown-host', `'${printable(host)}' cannot be the name of a host.`);
  }
  const both = await bothFamilies(name, nameServers, limitMs);
  const addresses = both
    .flatMap((found) => (found.kind === 'records' ? found.records : []))
    .map(({ address = '' }) => address)
    .filter((address) => ipVersion(address));
  if (addresses.length > 0) return addresses;
  const failed = both.find((found) => found.kind === 'no-dns');
  if (failed) {
    throw new Failure(
      'no-dns',
      `No name server could be asked for the address of ${name} (${failed.reason}).`,
    );
  }
  const none = both.find((found) => found.kind === 'none');
  throw new Failure('unknown-host', `Unknown host '${name}'${none ? ` (${none.reason})` : ''}.`);
}

async function bothFamilies(
  name: string,
  nameServers: NameServers,
  limitMs: number | undefined,
): Promise<LookupResult[]> {
  const six = lookUp(name, 'AAAA', nameServers, limitMs);
  const four = await lookUp(name, 'A', nameServers, limitMs);
  if (four.kind !== 'records') return [four, await six];
  let timer: NodeJS.Timeout | undefined;
  const delay = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, RESOLUTION_DELAY_MS, undefined);
  });
  const found = await Promise.race([six, delay]);
  clearTimeout(timer);
  return found === undefined ? [four] : [four, found];
}
