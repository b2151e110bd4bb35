import { readFileSync } from 'node:fs';
import { getIpVersion } from '../../ip-address.js';
import { findAddresses } from './addresses.js';
import { RESOLV_CONF, readSystemNameServers } from './name-servers.js';

/** The files of the system, which tests replace. */
export interface SystemFiles {
  hosts: string;
  resolvConf: string;
}

const systemFiles: SystemFiles = { hosts: '/etc/hosts', resolvConf: RESOLV_CONF };

/**
 * Returns the IP addresses of a host within a time limit, from the system's table of hosts, else from
 * its name servers. The system's own function (getaddrinfo) has no time limit and cannot be
 * cancelled: the process could not even exit before it returns.
 *
 * @throws Failure as findAddresses does
 */
export async function findSystemAddresses(
  host: string,
  limitMs: number,
  files = systemFiles,
): Promise<string[]> {
  const known = findInHosts(host, files.hosts);
  if (known.length > 0) return known;
  return findAddresses(host, readSystemNameServers(files.resolvConf), limitMs);
}

/** Returns the addresses of a host in a file in the format of hosts(5); none if it is unreadable. */
function findInHosts(host: string, path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch {
    return [];
  }
  const wanted = host.replace(/\.$/, '').toLowerCase();
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const isWanted = names.some((name) => name.toLowerCase() === wanted);
    return isWanted && getIpVersion(address) ? [address] : [];
  });
}
