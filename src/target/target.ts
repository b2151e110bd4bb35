import type { Section } from '../wikis/section.js';
import type { Address } from './address.js';

/** How the section was found; what `-v` and `--format json` tell. */
export type SectionSource = Section['source'] | 'section-option';

/** How host and port were found. */
export type EndpointSource = 'srv' | 'port-scheme' | 'user';

/** Where to connect, and why: the plain value that everything before a connection decides. */
export interface Target {
  /** The name by which the section was found; undefined: no wiki was named. */
  wiki: string | undefined;
  /** The database that the session begins in. */
  database: string | undefined;
  /** undefined when the user named host or socket, so that nothing was looked up. */
  section: string | undefined;
  sectionSource: SectionSource | undefined;
  /** Where the section was read, in words: a file's path, or the rule's name. */
  sectionDetail: string | undefined;
  address: Address;
  endpointSource: EndpointSource;
  /** The SRV record's name, or why the port scheme was used, in words. */
  endpointDetail: string;
  /** `user`: --port, whatever the hosts came from. `default`: the client's own, 3306. */
  portSource: EndpointSource | 'default';
  /** Lines for stderr (without program name), such as why the port scheme had to answer. */
  warnings: string[];
  /**
   * host → IP addresses, at least one, where --nameserver was given so that addresses come from
   * there too. Rejects with a Failure: `unknown-host` or `no-dns`.
   */
  lookup: ((host: string) => Promise<string[]>) | undefined;
}

/** What the resolver is asked; a part of Settings. */
export interface TargetRequest {
  wiki: string | undefined;
  section: string | undefined;
  useX1: boolean;
  mwConfigPath: string;
  domain: string;
  /** `ADDR[:PORT]` as the user wrote them; empty means /etc/resolv.conf. */
  nameservers: string[];
  /** The user's own address: neither dblists nor DNS are asked. */
  address: Address | undefined;
  /** The user's own port, in place of one that was found; it is part of an `address` already. */
  port: number | undefined;
}

/** The name of a wiki's database: on the replicas it is the wiki's own. */
export function databaseOf(wiki: string): string {
  return wiki;
}

/** The same server, with another database to begin in. */
export function inDatabase(target: Target, database: string): Target {
  return { ...target, wiki: database, database };
}
