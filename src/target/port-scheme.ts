import type { Endpoint } from './address.js';

/**
 * Where a section is by the documented scheme of names and ports, which holds without DNS SRV:
 * s1 … s8 at port 331N, x1 at 3320, staging at 3350. undefined for every other section, for
 * those have no documented port.
 */
export function portScheme(section: string, domain: string): Endpoint | undefined {
  const digit = /^s([1-8])$/.exec(section)?.[1];
  if (digit !== undefined) {
    return { host: `${section}-analytics-replica.${domain}`, port: Number(`331${digit}`) };
  }
  if (section === 'x1') return { host: `x1-analytics-replica.${domain}`, port: 3320 };
  if (section === 'staging') return { host: `staging-db-analytics.${domain}`, port: 3350 };
  return undefined;
}
