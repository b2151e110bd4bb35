import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { findSection } from '../wikis/section.js';
import type { Endpoint } from './address.js';
import { type NameServers, namedNameServers, systemNameServers } from './dns/name-servers.js';
import { isHostname } from './hostname.js';
import { portScheme } from './port-scheme.js';
import {
  databaseOf,
  type EndpointSource,
  type SectionSource,
  type Target,
  type TargetRequest,
} from './target.js';

/** What the answer depends on beside the request; tests put their own in its place. */
export interface ResolverDeps {
  /** As Math.random: draws among SRV records of one priority. */
  random?: () => number;
  /** The file that names the system's name servers. */
  resolvConf?: string;
}

/** Milliseconds that dead name servers may cost in all: the SRV record and the host's addresses. */
const DNS_BUDGET_MS = 4000;
/** Milliseconds that a look-up has in any case. */
const LEAST_LOOKUP_MS = 1000;

// Short enough for `_NAME-analytics`, a label of DNS.
const SECTION_NAME = /^[a-z][a-z0-9-]{0,40}$/;

/**
 * Decides where to connect. An address of the user's is taken as it is, and nothing is looked up; else the section is found (--section, or the rules of findSection), and its host and
 * port by SRV `_SECTION-analytics._tcp.DOMAIN`, or by the port scheme, with a warning, when there
 * is no such record or nobody to ask. --port overrides the port of what was found.
 *
 * @throws Failure `no-database`, `bad-section`, `section-contradiction`, `bad-domain`,
 * `bad-nameserver`, `unknown-section` (no record, and not in the scheme),
 * `service-not-available`, and what findSection throws
 */
export async function resolveTarget(
  request: TargetRequest,
  surroundings: ResolverDeps = {},
): Promise<Target> {
  const named = request.nameservers.length > 0 ? namedNameServers(request.nameservers) : undefined;
  // What the SRV record took is not there any more for the host's addresses.
  let spentMs = 0;
  const lookup = named && ((host: string) => lookupThrough(host, named, spentMs));
  const { address, port, wiki } = request;
  const databases = { wiki, database: wiki === undefined ? undefined : databaseOf(wiki) };
  if (address !== undefined) {
    return {
      ...databases,
      section: undefined,
      sectionSource: undefined,
      sectionDetail: undefined,
      address,
      endpointSource: 'user',
      endpointDetail: address.kind === 'socket' ? '--socket' : '--host',
      portSource: port === undefined ? 'default' : 'user',
      warnings: [],
      lookup,
    };
  }
  const section = chooseSection(request);
  const started = process.uptime();
  const found = await findEndpoints(section.section, request.domain, {
    nameServers: named ?? systemNameServers(surroundings.resolvConf),
    random: surroundings.random ?? Math.random,
  });
  spentMs = (process.uptime() - started) * 1000;
  const [first, ...others] = found.endpoints;
  const withPort = (endpoint: Endpoint) => ({ ...endpoint, port: port ?? endpoint.port });
  return {
    ...databases,
    section: section.section,
    sectionSource: section.source,
    sectionDetail: section.detail,
    address: { kind: 'tcp', endpoints: [withPort(first), ...others.map(withPort)] },
    endpointSource: found.endpointSource,
    endpointDetail: found.endpointDetail,
    portSource: port === undefined ? found.endpointSource : 'user',
    warnings: found.warnings,
    lookup,
  };
}

interface ChosenSection {
  section: string;
  source: SectionSource;
  detail: string;
}

function chooseSection(request: TargetRequest): ChosenSection {
  const { wiki, section, useX1, mwConfigPath } = request;
  if (section !== undefined) {
    if (!SECTION_NAME.test(section)) {
      throw new Failure(
        'bad-section',
        `--section ${printable(section)}: no name of a section. They are s1 to s8, x1 and staging.`,
      );
    }
    if (useX1 && section !== 'x1') {
      throw new Failure(
        'section-contradiction',
        `--section ${section} and --use-x1 contradict each other: give one of them.`,
      );
    }
    return { section, source: 'section-option', detail: '--section' };
  }
  if (wiki !== undefined) return findSection(wiki, { mwConfigPath, useX1 });
  if (useX1) return { section: 'x1', source: 'use-x1', detail: '--use-x1' };
  throw new Failure(
    'no-database',
    'No database: name a wiki, such as itwiki, or a section with --section.',
  );
}

interface FoundEndpoints {
  /** In the order in which they are to be tried. */
  endpoints: [Endpoint, ...Endpoint[]];
  endpointSource: EndpointSource;
  endpointDetail: string;
  warnings: string[];
}

interface LookupOptions {
  nameServers: NameServers;
  random: () => number;
}

async function findEndpoints(
  section: string,
  domain: string,
  { nameServers, random }: LookupOptions,
): Promise<FoundEndpoints> {
  const within = domain.replace(/\.$/, '');
  const service = `_${section}-analytics._tcp.${within}`;
  if (!isHostname(service)) {
    throw new Failure('bad-domain', `--domain ${printable(domain)}: no name of a domain.`);
  }
  // Loaded only when DNS is asked, for it costs some milliseconds.
  const { findSrv } = await import('./dns/srv.js');
  const found = await findSrv(service, nameServers, random);
  if ('endpoints' in found) {
    const { endpoints } = found;
    return { endpoints, endpointSource: 'srv', endpointDetail: service, warnings: [] };
  }
  const endpoint = portScheme(section, within);
  if (endpoint === undefined) {
    throw new Failure(
      'unknown-section',
      `Section '${section}' cannot be found: ${found.reason}, and only s1 to s8, x1 and staging have a fixed port.`,
    );
  }
  return {
    endpoints: [endpoint],
    endpointSource: 'port-scheme',
    endpointDetail: found.reason,
    warnings: [
      `Warning: ${found.reason}; using ${endpoint.host}:${endpoint.port} by the port scheme.`,
    ],
  };
}

async function lookupThrough(
  host: string,
  nameServers: NameServers,
  spentMs: number,
): Promise<string[]> {
  const { findAddresses } = await import('./dns/addresses.js');
  return findAddresses(host, nameServers, Math.max(DNS_BUDGET_MS - spentMs, LEAST_LOOKUP_MS));
}
