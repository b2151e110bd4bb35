import type { Endpoint } from './address.js';

/**
 * Returns the endpoint of a section according to the documented scheme of host names and ports,
 * which does not need DNS SRV: s1 … s8 use port 331N, x1 uses 3320, staging uses 3350. undefined
 * for other sections, which have no documented port.
 */
export function getPortSchemeEndpoint(section: string, domain: string): Endpoint | undefined {
  const digit = /^s([1-8])$/.exec(section)?.[1];
  if (digit !== undefined) {
    return { host: `${section}-analytics-replica.${domain}`, port: Number(`331${digit}`) };
  }
  if (section === 'x1') return { host: `x1-analytics-replica.${domain}`, port: 3320 };
  if (section === 'staging') return { host: `staging-db-analytics.${domain}`, port: 3350 };
  return undefined;
}
