import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The directory that holds package.json, and `dblists/` as a mediawiki-config checkout does. */
export const projectRoot = resolve(fileURLToPath(new URL('../..', import.meta.url)));

export const sections = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 'x1', 'staging'] as const;

export type Section = (typeof sections)[number];

/** The hosts that carry the sections, by the last digit of their names. */
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

/** `dbstore1007.eqiad.wmnet` for 7. */
export function hostName(digit: HostDigit): string {
  return `dbstore100${digit}.${domain}`;
}

/** The host that carries a section. */
export function hostOf(section: Section): string {
  return hostName(digitOf[section]);
}

/** The port of the documented scheme: 331N, 3320, 3350. */
export function portOf(section: Section): number {
  if (section === 'x1') return 3320;
  if (section === 'staging') return 3350;
  return 3310 + Number(section.slice(1));
}

/** The name of a section's SRV record. */
export function srvName(section: Section): string {
  return `_${section}-analytics._tcp.${domain}`;
}

/** The CNAME that the port scheme connects to. */
export function replicaName(section: Section): string {
  return section === 'staging'
    ? `staging-db-analytics.${domain}`
    : `${section}-analytics-replica.${domain}`;
}

/** The loopback address of a host of the farm that has `127.BLOCK.0.0/24` for itself. */
export function addressOf(block: number, digit: HostDigit): string {
  return `127.${block}.0.${digit}`;
}

/** The loopback address at which a farm's section listens. */
export function sectionAddress(block: number, section: Section): string {
  return addressOf(block, digitOf[section]);
}

/** The loopback address of a farm's name server. */
export function nameServerAddress(block: number): string {
  return `127.${block}.0.53`;
}
