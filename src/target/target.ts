import type { Section } from '../wikis/section.js';
import type { Address } from './address.js';
import { getRedactedDatabase, getWikiOfRedactedDatabase } from './redacted.js';

/** How the section was found; -v and --print-target print it. */
export type SectionSource = Section['source'] | 'section-option';

/** How a port was found. `user`: --port; `default`: the client's default, 3306. */
export type PortSource = 'srv' | 'port-scheme' | 'user' | 'default';

/** How a host was found. `user`: --host or --socket; `redacted`: --redacted. */
export type EndpointSource = 'srv' | 'port-scheme' | 'redacted' | 'user';

/** A server to connect to, the database to use, and how both were found. A plain value. */
export interface Target {
  /** The wiki with which the section was found; undefined if no wiki was given. */
  wiki: string | undefined;
  /** The first database of the session. */
  database: string | undefined;
  /** undefined if the user gave a host or a socket, so that nothing was looked up. */
  section: string | undefined;
  sectionSource: SectionSource | undefined;
  /** The source of the section, as text: the path of a file, or the rule. */
  sectionDetail: string | undefined;
  address: Address;
  endpointSource: EndpointSource;
  /** The name of the SRV record, the reason for using the port scheme, or the option, as text. */
  endpointDetail: string;
  portSource: PortSource;
  /** The same for the port. */
  portDetail: string;
  /** The server has no private data: the database of a wiki has another name (redacted.ts). */
  redacted: boolean;
  /** Lines for stderr (without the program name), such as the reason for using the port scheme. */
  warnings: string[];
  /**
   * Returns the IP addresses of a host, at least one. Set only with --nameserver, so that addresses
   * come from those name servers too. Rejects with a Failure: `unknown-host` or `no-dns`.
   */
  lookup: ((host: string, limitMs: number) => Promise<string[]>) | undefined;
  /**
   * The time limit, in milliseconds, of all lookups of addresses for one connection: an SRV record
   * may lead to any number of hosts. Infinity: the limit of the system, as in the client.
   */
  lookupLimitMs: number;
}

/** The settings from which resolveTarget determines the target; a part of Settings. */
export interface TargetRequest {
  wiki: string | undefined;
  section: string | undefined;
  useX1: boolean;
  mwConfigPath: string;
  domain: string;
  /** `ADDR[:PORT]` as the user wrote them; empty means /etc/resolv.conf. */
  nameservers: string[];
  /** The address that the user gave. If set, neither dblists nor DNS are read. */
  address: Address | undefined;
  /** The port that the user gave, which overrides a port found. `address` already includes it. */
  port: number | undefined;
  /** The host of the redacted replicas, if they are to be used. */
  redactedHost: string | undefined;
}

/**
 * Returns the database of a wiki: it has the name of the wiki, except on the redacted replicas.
 * @throws Failure `not-redacted` for a database that has no redacted copy
 */
export function getDatabaseOfWiki(wiki: string, { redacted }: Pick<Target, 'redacted'>): string {
  return redacted ? getRedactedDatabase(wiki) : wiki;
}

/** Returns a target with the same server and another first database. */
export function withDatabase(target: Target, database: string): Target {
  const wiki = target.redacted ? getWikiOfRedactedDatabase(database) : database;
  return { ...target, wiki, database };
}
