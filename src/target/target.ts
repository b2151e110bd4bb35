import type { Section } from '../wikis/section.js';
import type { Address } from './address.js';

/** How the section was found; -v and --print-target print it. */
export type SectionSource = Section['source'] | 'section-option';

/** How host and port were found. `user`: the user gave them. */
export type EndpointSource = 'srv' | 'port-scheme' | 'user';

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
  /** The name of the SRV record, or the reason for using the port scheme, as text. */
  endpointDetail: string;
  /**
   * `user`: --port, independently of the source of the hosts. `default`: the client's default,
   * 3306.
   */
  portSource: EndpointSource | 'default';
  /** Lines for stderr (without the program name), such as the reason for using the port scheme. */
  warnings: string[];
  /**
   * Returns the IP addresses of a host, at least one. Set only with --nameserver, so that addresses
   * come from those name servers too. Rejects with a Failure: `unknown-host` or `no-dns`.
   */
  lookup: ((host: string) => Promise<string[]>) | undefined;
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
}

/** Returns the database of a wiki: on the replicas it has the name of the wiki. */
export function getDatabaseOfWiki(wiki: string): string {
  return wiki;
}

/** Returns a target with the same server and another first database. */
export function withDatabase(target: Target, database: string): Target {
  return { ...target, wiki: database, database };
}
