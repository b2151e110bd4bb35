import { Failure } from '../../failure.js';
import type { Endpoint } from '../address.js';
import { isHostname } from '../hostname.js';
import { lookUp } from './look-up.js';
import type { DnsRecord } from './message.js';
import type { NameServers } from './name-servers.js';

/** The data of an SRV record, with the names of RFC 2782. `target` is empty for the root name. */
export interface SrvRecord {
  priority: number;
  weight: number;
  port: number;
  target: string;
}

/**
 * Returns the endpoints in the SRV records of a service, in the order of connection attempts; or as
 * text the reason why there are none.
 * @param random like Math.random
 * @throws Failure `service-not-available` if the record says so (RFC 2782: the target is `.`)
 */
export async function findSrv(
  name: string,
  nameServers: NameServers,
  random: () => number,
  limitMs?: number,
): Promise<{ endpoints: [Endpoint, ...Endpoint[]] } | { reason: string }> {
  const result = await lookUp(name, 'SRV', nameServers, limitMs);
  if (result.kind === 'no-dns') {
    return { reason: `no name server answered the query for ${name} (${result.reason})` };
  }
  if (result.kind === 'none') return { reason: `no SRV record ${name} (${result.reason})` };
  const records = result.records.map(toSrvRecord);
  if (records.every(({ target }) => target === '')) {
    throw new Failure(
      'service-not-available',
      `The service is not available: the SRV record ${name} has the target '.'.`,
    );
  }
  const usable = records.filter(({ target, port }) => isHostname(target) && port > 0);
  const [first, ...others] = orderSrvRecords(usable, random).map(({ target, port }) => {
    return { host: target, port };
  });
  if (first === undefined) return { reason: `the SRV record ${name} contains no valid host` };
  return { endpoints: [first, ...others] };
}

function toSrvRecord({ priority = 0, weight = 0, port = 0, target = '' }: DnsRecord): SrvRecord {
  return { priority, weight, port, target };
}

/**
 * Returns SRV records in the order of connection attempts (RFC 2782, 'Weight'): by ascending
 * priority. For equal priorities, each next record is drawn from the remaining ones with a
 * probability proportional to its weight; a weight of 0 has a very small probability.
 * @param random like Math.random
 */
export function orderSrvRecords(records: SrvRecord[], random: () => number): SrvRecord[] {
  const ordered: SrvRecord[] = [];
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b);
  for (const priority of priorities) {
    // Records of weight 0 come first, as the RFC requires; otherwise they would never be drawn.
    const remaining = records
      .filter((record) => record.priority === priority)
      .sort((a, b) => Math.min(a.weight, 1) - Math.min(b.weight, 1));
    while (remaining.length > 0) ordered.push(...remaining.splice(drawIndex(remaining, random), 1));
  }
  return ordered;
}

/** Returns the index of the first record whose running sum of weights reaches the drawn number. */
function drawIndex(records: SrvRecord[], random: () => number): number {
  const total = records.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = Math.floor(random() * (total + 1));
  let sum = 0;
  return records.findIndex(({ weight }) => {
    sum += weight;
    return sum >= drawn;
  });
}
