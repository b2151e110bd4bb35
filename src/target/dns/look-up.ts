import { printable } from '../../text/printable.js';
import { askNameServers, getMonotonicMs } from './ask-name-servers.js';
import type { DnsRecord } from './message.js';
import { filterRecords, type RecordType } from './message.js';
import { formatNameServer, type NameServers } from './name-servers.js';

/* Looks up the DNS records of a name at several name servers and follows CNAMEs. */

/**
 * Time limit of one lookup in milliseconds, independently of resolv.conf: for all name servers, all
 * attempts and all CNAMEs together.
 */
export const LOOKUP_LIMIT_MS = 3000;

const MAX_ALIASES = 8;

/**
 * The result of a lookup: at least one record of the requested type, or no records, or no answer
 * from any name server. `reason` is text for a message.
 */
export type LookupResult =
  | { kind: 'records'; records: DnsRecord[] }
  | { kind: 'none'; reason: string }
  | { kind: 'no-dns'; reason: string };

/**
 * Looks up the records of a name of one type (class IN). Follows at most eight CNAMEs (RFC 1034
 * section 3.6.2): within the answer if it contains the next record, else with a new query.
 */
export async function lookUp(
  name: string,
  type: RecordType,
  nameServers: NameServers,
  limitMs = LOOKUP_LIMIT_MS,
): Promise<LookupResult> {
  const deadline = getMonotonicMs() + limitMs;
  const aliases = new Set<string>([name.toLowerCase()]);
  let { servers } = nameServers;
  let queriedName = name;
  for (;;) {
    const answer = await askNameServers(queriedName, type, { ...nameServers, servers }, deadline);
    if (answer.server === undefined) return { kind: 'no-dns', reason: answer.error };
    const { server } = answer;
    const noRecords = (what: string): LookupResult => ({
      kind: 'none',
      reason: `${formatNameServer(server)}: ${what}`,
    });
    let owner = queriedName;
    for (;;) {
      const records = filterRecords(answer.records, owner, type);
      if (records.length > 0) return { kind: 'records', records };
      const alias = filterRecords(answer.records, owner, 'CNAME')[0]?.domain;
      if (alias === undefined) break;
      if (aliases.has(alias.toLowerCase())) return noRecords('its CNAMEs form a loop');
      if (aliases.size > MAX_ALIASES) return noRecords(`more than ${MAX_ALIASES} CNAMEs in a row`);
      aliases.add(alias.toLowerCase());
      owner = alias;
    }
    if (!answer.exists)
      return noRecords(owner === queriedName ? 'no such name' : `no name ${printable(owner)}`);
    if (owner === queriedName) return noRecords(`no ${type} record`);
    queriedName = owner;
    // Ask the server that answered first, so that a dead one does not cost time again.
    servers = [server, ...servers.filter((other) => other !== server)];
  }
}
