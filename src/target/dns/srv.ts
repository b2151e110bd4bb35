import { Failure } from '../../failure.js';
import type { Endpoint } from '../address.js';
import { isHostname } from '../hostname.js';
import { lookUp } from './look-up.js';
import type { DnsRecord } from './message.js';
import type { NameServers } from './name-servers.js';

/** The data of an SRV record, named as in RFC 2782. `target` is empty for the root. */
export interface Srv {
  priority: number;
  weight: number;
  port: number;
  target: string;
}

/**
 * The places that a service's SRV record names, in the order to try; or, in words, why there are
 * none.
 * @param random as Math.random
 * @throws Failure `service-not-available` when the record says so (RFC 2782: the target is `.`)
 */
export async function findSrv(
  name: string,
  nameServers: NameServers,
  random: () => number,
  limitMs?: number,
): Promise<{ endpoints: [Endpoint, ...Endpoint[]] } | { reason: string }> {
  const found = await lookUp(name, 'SRV', nameServers, limitMs);
  if (found.kind === 'no-dns') {
    return { reason: `no name server could be asked for ${name} (${found.reason})` };
  }
  if (found.kind === 'none') return { reason: `no SRV record ${name} (${found.reason})` };
  const records = found.records.map(srvOf);
  if (records.every(({ target }) => target === '')) {
    throw new Failure(
      'service-not-available',
      `DNS says that there is no such service: the SRV record ${name} has the target '.'.`,
    );
  }
  const usable = records.filter(({ target, port }) => isHostname(target) && port > 0);
  const [first, ...others] = inOrder(usable, random).map(({ target, port }) => {
    return { host: target, port };
  });
  if (first === undefined) return { reason: `the SRV record ${name} names no usable host` };
  return { endpoints: [first, ...others] };
}

function srvOf({ priority = 0, weight = 0, port = 0, target = '' }: DnsRecord): Srv {
  return { priority, weight, port, target };
}

/**
 * SRV records in the order to try (RFC 2782, 'Weight'): by rising priority; among equals, each
 * place is drawn from those that are left with a chance in proportion to the weight, and a
 * weight of 0 has a very small one.
 * @param random as Math.random
 */
export function inOrder(records: Srv[], random: () => number): Srv[] {
  const ordered: Srv[] = [];
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b);
  for (const priority of priorities) {
    // Those of weight 0 go first, as the RFC has it, or else they could never be drawn.
    const left = records
      .filter((record) => record.priority === priority)
      .sort((a, b) => Math.min(a.weight, 1) - Math.min(b.weight, 1));
    while (left.length > 0) ordered.push(...left.splice(draw(left, random), 1));
  }
  return ordered;
}

/** The first place whose running sum of weights reaches a number drawn from 0 to the whole sum. */
function draw(records: Srv[], random: () => number): number {
  const total = records.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = Math.floor(random() * (total + 1));
  let sum = 0;
  return records.findIndex(({ weight }) => {
    sum += weight;
    return sum >= drawn;
  });
}
