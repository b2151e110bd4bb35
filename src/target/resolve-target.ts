import { createOptionFailure, Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { findSection } from '../wikis/section.js';
import { type Address, type Endpoint, formatAddress } from './address.js';
import { type NameServers, parseNameServers, readSystemNameServers } from './dns/name-servers.js';
import { isHostname } from './hostname.js';
import { getPortSchemeEndpoint } from './port-scheme.js';
import { checkRedactedSection } from './redacted.js';
import {
  getDatabaseOfWiki,
  type SectionSource,
  type Target,
  type TargetRequest,
} from './target.js';

/* Determines the server of a wiki or section from the options, from DNS or from the port scheme. */

/** Dependencies of resolveTarget that tests replace. */
export interface ResolverDeps {
  /** Like Math.random: draws among SRV records of the same priority. */
  random?: () => number;
  /** The path of the file with the system's name servers. */
  resolvConf?: string;
}

/**
 * Total time limit, in milliseconds, of the lookups of the SRV record and of the addresses of all its
 * hosts.
 */
const DNS_BUDGET_MS = 4000;
/** What the lookup of the SRV record leaves of it at least. */
const LEAST_LOOKUP_MS = 1000;

// The limit makes `_NAME-analytics` fit into a DNS label.
const SECTION_NAME = /^[a-z][a-z0-9-]{0,40}$/;

/**
 * Returns the target to connect to. If the user gave an address, uses it without any lookup.
 * Otherwise finds the section (--section, or the rules of findSection), then its host and port from
 * the SRV record `_SECTION-analytics._tcp.DOMAIN`. If there is no such record or no name server
 * answers, uses the port scheme and adds a warning. --port overrides the port found. With
 * `redactedHost`, uses that host with the section's port.
 *
 * @throws Failure `no-database`, `bad-section`, `section-contradiction`, `bad-domain`,
 * `bad-nameserver`, `unknown-section` (no record, and not in the scheme), `service-not-available`,
 * `not-redacted`, and what findSection throws
 */
export async function resolveTarget(
  request: TargetRequest,
  deps: ResolverDeps = {},
): Promise<Target> {
  const userNameServers =
    request.nameservers.length > 0 ? parseNameServers(request.nameservers) : undefined;
  const lookup =
    userNameServers &&
    ((host: string, limitMs: number) => lookUpHost(host, userNameServers, limitMs));
  const { port, wiki, redactedHost } = request;
  const redacted = redactedHost !== undefined;
  const database = wiki === undefined ? undefined : getDatabaseOfWiki(wiki, { redacted });
  const names = { wiki, database, redacted };
  const optionPort = { portSource: 'user', portDetail: '--port' } as const;
  if (request.address !== undefined) {
    const { address } = request;
    return {
      ...names,
      section: undefined,
      sectionSource: undefined,
      sectionDetail: undefined,
      address,
      endpointSource: 'user',
      endpointDetail: address.kind === 'socket' ? '--socket' : '--host',
      ...(port === undefined
        ? { portSource: 'default', portDetail: "the client's default" }
        : optionPort),
      warnings: [],
      lookup,
      lookupLimitMs: lookup === undefined ? Number.POSITIVE_INFINITY : DNS_BUDGET_MS,
    };
  }
  const section = chooseSection(request);
  if (redacted) checkRedactedSection(section.section);
  const startSeconds = process.uptime();
  const result = await findEndpoints(section.section, request.domain, {
    nameServers: userNameServers ?? readSystemNameServers(deps.resolvConf),
    random: deps.random ?? Math.random,
  });
  const srvLookupMs = (process.uptime() - startSeconds) * 1000;
  const { endpointSource, endpointDetail } = result;
  const override = (endpoint: Endpoint) => ({
    host: redactedHost ?? endpoint.host,
    port: port ?? endpoint.port,
  });
  const [first, ...otherEndpoints] = result.endpoints;
  // The redacted replicas are on one host, however many hosts the section has.
  const otherHosts = redacted ? [] : otherEndpoints.map(override);
  const address: Address = { kind: 'tcp', endpoints: [override(first), ...otherHosts] };
  return {
    ...names,
    section: section.section,
    sectionSource: section.source,
    sectionDetail: section.detail,
    address,
    ...(redacted
      ? { endpointSource: 'redacted', endpointDetail: '--redacted' }
      : { endpointSource, endpointDetail }),
    ...(port === undefined
      ? { portSource: endpointSource, portDetail: endpointDetail }
      : optionPort),
    warnings:
      endpointSource === 'port-scheme'
        ? [
            `Warning: ${endpointDetail}; using ${formatAddress(address)} according to the port scheme.`,
          ]
        : [],
    lookup,
    lookupLimitMs: Math.max(DNS_BUDGET_MS - srvLookupMs, LEAST_LOOKUP_MS),
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
      throw createOptionFailure(
        'bad-section',
        `--section: '${printable(section)}' is not a section: use s1 to s8, x1 or staging.`,
        'section',
      );
    }
    if (useX1 && section !== 'x1') {
      throw createOptionFailure(
        'section-contradiction',
        `--section ${section} cannot be used with --use-x1: use one of them.`,
        'section',
        'use-x1',
      );
    }
    return { section, source: 'section-option', detail: '--section' };
  }
  if (wiki !== undefined) return findSection(wiki, { mwConfigPath, useX1 });
  if (useX1) return { section: 'x1', source: 'use-x1', detail: '--use-x1' };
  throw new Failure(
    'no-database',
    'No database given: name a wiki, such as itwiki, or use --section to name a section.',
  );
}

interface FoundEndpoints {
  /** In the order of connection attempts. */
  endpoints: [Endpoint, ...Endpoint[]];
  endpointSource: 'srv' | 'port-scheme';
  endpointDetail: string;
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
  const domainWithoutDot = domain.replace(/\.$/, '');
  const service = `_${section}-analytics._tcp.${domainWithoutDot}`;
  if (!isHostname(service)) {
    throw createOptionFailure(
      'bad-domain',
      `--domain: '${printable(domain)}' is not a domain name.`,
      'domain',
    );
  }
  // Load the DNS code only when needed: it takes some milliseconds.
  const { findSrv } = await import('./dns/srv.js');
  const result = await findSrv(service, nameServers, random);
  if ('endpoints' in result) {
    const { endpoints } = result;
    return { endpoints, endpointSource: 'srv', endpointDetail: service };
  }
  const endpoint = getPortSchemeEndpoint(section, domainWithoutDot);
  if (endpoint === undefined) {
    throw new Failure(
      'unknown-section',
      `Cannot find the section '${section}': ${result.reason}, and only s1 to s8, x1 and staging have a fixed port.`,
    ).about('section');
  }
  return {
    endpoints: [endpoint],
    endpointSource: 'port-scheme',
    endpointDetail: result.reason,
  };
}

async function lookUpHost(
  host: string,
  nameServers: NameServers,
  limitMs: number,
): Promise<string[]> {
  const { findAddresses } = await import('./dns/addresses.js');
  return findAddresses(host, nameServers, limitMs);
}
