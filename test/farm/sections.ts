import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * The sections of the farm: their hosts, ports, DNS names and loopback addresses, as at Wikimedia.
 */

/** The directory of package.json. Like a checkout of mediawiki-config, it contains `dblists/`. */
export const projectRoot = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** The module of the built program that runs it in the calling process. */
export const programModule = resolve(projectRoot, 'dist/program.js');

export const sections = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 'x1', 'staging'] as const;

export type Section = (typeof sections)[number];

/** The hosts of the sections, by the last digit of their names. */
export const hostDigits = [7, 8, 9] as const;

type HostDigit = (typeof hostDigits)[number];

const domain = 'eqiad.wmnet';

const digitOf: Record<Section, HostDigit> = {
  s1: 8,
  s2: 7,
  s3: 7,
  s4: 7,
  s5: 8,
  s6: 9,
  s7: 8,
  s8: 9,
  x1: 9,
  staging: 9,
};

/** Returns the name of a host: `dbstore1007.eqiad.wmnet` for 7. */
export function hostName(digit: HostDigit): string {
  return `dbstore100${digit}.${domain}`;
}

/** Returns the name of a section's host. */
export function hostOf(section: Section): string {
  return hostName(digitOf[section]);
}

/** Returns a section's port in Wikimedia's documented scheme: 331N, 3320, 3350. */
export function portOf(section: Section): number {
  if (section === 'x1') return 3320;
  if (section === 'staging') return 3350;
  return 3310 + Number(section.slice(1));
}

/** Returns the name of a section's SRV record. */
export function srvName(section: Section): string {
  return `_${section}-analytics._tcp.${domain}`;
}

/** Returns the name of the CNAME record that belongs to the port scheme. */
export function replicaName(section: Section): string {
  return section === 'staging'
    ? `staging-db-analytics.${domain}`
    : `${section}-analytics-replica.${domain}`;
}

/** Returns the loopback address of a host, in the farm whose network is `127.BLOCK.0.0/24`. */
export function addressOf(block: number, digit: HostDigit): string {
  return `127.${block}.0.${digit}`;
}

/** Returns the loopback address at which a section's server listens. */
export function sectionAddress(block: number, section: Section): string {
  return addressOf(block, digitOf[section]);
}

/** Returns the loopback address of a farm's name server. */
export function nameServerAddress(block: number): string {
  return `127.${block}.0.53`;
}
