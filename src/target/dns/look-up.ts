import { printable } from '../../text/printable.js';
import { ask, now } from './ask.js';
import type { DnsRecord } from './message.js';
import { type RecordType, recordsOf } from './message.js';
import { type NameServers, nameServerInWords } from './name-servers.js';

/**
 * How long one look-up may take, in milliseconds, whatever resolv.conf says: all name servers,
 * all attempts, and all the CNAMEs on the way.
 */
export const LOOKUP_LIMIT_MS = 3000;

const MOST_ALIASES = 8;

/**
 * What DNS says of a name: the records of the asked type, at least one, or that there are none,
 * or that no server could be asked; `reason` is in words, for a message.
 */
export type LookupResult =
  | { kind: 'records'; records: DnsRecord[] }
  | { kind: 'none'; reason: string }
  | { kind: 'no-dns'; reason: string };

/**
 * Looks up a name's records of one type (class IN), behind the CNAMEs that lead to them (RFC 1034
 * section 3.6.2), at most eight, within the answer or asked for anew.
 */
export async function lookUp(
  name: string,
  type: RecordType,
  nameServers: NameServers,
  limitMs = LOOKUP_LIMIT_MS,
): Promise<LookupResult> {
  const deadline = now() + limitMs;
  const aliases = new Set<string>([name.toLowerCase()]);
  let { servers } = nameServers;
  let asked = name;
  for (;;) {
    const answer = await ask(asked, type, { ...nameServers, servers }, deadline);
    if (answer.server === undefined) return { kind: 'no-dns', reason: answer.error };
    const { server } = answer;
    const says = (what: string): LookupResult => ({
      kind: 'none',
      reason: `${nameServerInWords(server)}: ${what}`,
    });
    let last = asked;
    for (;;) {
      const records = recordsOf(answer.records, last, type);
      if (records.length > 0) return { kind: 'records', records };
      const alias = recordsOf(answer.records, last, 'CNAME')[0]?.domain;
      if (alias === undefined) break;
      if (aliases.has(alias.toLowerCase())) return says('its CNAMEs go round in a circle');
      if (aliases.size > MOST_ALIASES) return says(`more than ${MOST_ALIASES} CNAMEs in a row`);
      aliases.add(alias.toLowerCase());
      last = alias;
    }
    if (!answer.exists) return says(last === asked ? 'no such name' : `no name ${printable(last)}`);
    if (last === asked) return says(`no ${type} record`);
    asked = last;
    // The one that answered is asked first, so that a dead one is not waited for again.
    servers = [server, ...servers.filter((other) => other !== server)];
  }
}
