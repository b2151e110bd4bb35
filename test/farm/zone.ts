import type { Zone } from './name-server.js';
import {
  addressOf,
  hostDigits,
  hostName,
  hostOf,
  portOf,
  replicaName,
  sections,
  srvName,
} from './sections.js';

/** Returns the DNS records of the replicas in eqiad.wmnet, with the addresses of one farm. */
export function farmZone(block: number): Zone {
  const zone: Zone = {};
  for (const digit of hostDigits) {
    zone[hostName(digit)] = [{ type: 'A', address: addressOf(block, digit) }];
  }
  for (const section of sections) {
    const target = hostOf(section);
    zone[srvName(section)] = [
      { type: 'SRV', priority: 0, weight: 100, port: portOf(section), target },
    ];
    zone[replicaName(section)] = [{ type: 'CNAME', domain: target }];
  }
  return zone;
}
