import { chooseMwConfigPath, chooseNameservers, defaultDomain } from '../cli/target-defaults.js';
import { Failure } from '../failure.js';
import { addressFromOptions, getFirstEndpoint, getSocketPath } from '../target/address.js';
import { formatTarget } from '../target/format-target.js';
import { defaultRedactedHost } from '../target/redacted.js';
import { resolveTarget as resolveInternalTarget } from '../target/resolve-target.js';
import type { Target as ResolvedTarget, TargetRequest } from '../target/target.js';
import { findSection } from '../wikis/section.js';
import type { SectionOptions, TargetOptions } from './options.js';

/** The host and port of a server. `host` has no trailing dot. */
export interface Endpoint {
  host: string;
  port: number;
}

/** The servers of a wiki or a section. */
export interface Target {
  wiki: string | undefined;
  /** The section; undefined if `options.host` or `options.socket` was given, so none was looked up. */
  section: string | undefined;
  /** The host of the first server; undefined if the target is a socket file. */
  host: string | undefined;
  /** The port of the first server; undefined if the target is a socket file. */
  port: number | undefined;
  /** The path of the socket file; undefined if the target is a host. */
  socket: string | undefined;
  /** All servers, in the order in which to try them; usually one. Empty for a socket file. */
  endpoints: Endpoint[];
  /**
   * `jdbc:mysql://host:port/itwiki?characterEncoding=UTF-8`, for Spark and other Java programs;
   * undefined for a socket.
   */
  jdbcUrl: string | undefined;
  /**
   * The source of the section: a fixed rule such as that for `centralauth`, `options.useX1`, a database
   * that only x1 has, the dblists, or `options.section`. undefined if there is no section.
   */
  sectionFrom: 'rule' | 'use-x1' | 'x1-only' | 'dblist' | 'section-option' | undefined;
  /**
   * The source of the servers: an SRV record, the documented port scheme, `options.redacted`, or the
   * caller's other options.
   */
  endpointsFrom: 'srv' | 'port-scheme' | 'redacted' | 'user';
  /** The warnings that the command line would print, such as why there was no SRV record. */
  warnings: string[];
}

/**
 * Returns the section of a wiki or of another database: `s1` … `s8`, `x1` or `staging`. Reads only the
 * dblists, and uses no network.
 *
 * @throws Failure `unknown-database` if no dblist contains the wiki, `no-mw-config` if there is no
 *   checkout of mediawiki-config, or another code for dblists that cannot be read
 */
export function sectionOf(wiki: string, options: SectionOptions = {}): string {
  const mwConfigPath = chooseMwConfigPath(options.mwConfigPath, process.env);
  return findSection(wiki, { mwConfigPath, useX1: options.useX1 ?? false }).section;
}

/**
 * Resolves to the servers of a wiki, from the dblists and DNS, as `--print-target` prints them. Does
 * not connect to them.
 *
 * @param wiki the database of the wiki, such as `itwiki`; may be undefined with `options.section`
 * @throws (rejects with) Failure `unknown-database`, `no-mw-config`, `unknown-section`,
 *   `bad-nameserver` …
 */
export async function resolveTarget(
  wiki: string | undefined,
  options: TargetOptions = {},
): Promise<Target> {
  return toPublicTarget(await resolveInternalTarget(targetRequestOf(wiki, options)));
}

/** Converts the public options to a request to the resolver. Throws Failure `bad-number`. */
export function targetRequestOf(wiki: string | undefined, options: TargetOptions): TargetRequest {
  const { port } = options;
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new Failure('bad-number', `port '${port}' is not a whole number from 0 to 65535`);
  }
  // As on the command line, an empty string or 0 counts as not given.
  const host = options.host || undefined;
  const socket = options.socket || undefined;
  return {
    wiki,
    section: options.section,
    useX1: options.useX1 ?? false,
    mwConfigPath: chooseMwConfigPath(options.mwConfigPath, process.env),
    domain: options.domain ?? defaultDomain,
    nameservers: chooseNameservers(options.nameservers, process.env),
    address: addressFromOptions({ host, port: port || undefined, socket }),
    port: port || undefined,
    redactedHost: options.redacted ? (options.redactedHost ?? defaultRedactedHost) : undefined,
  };
}

function toPublicTarget(target: ResolvedTarget): Target {
  const { address } = target;
  const first = getFirstEndpoint(address);
  return {
    wiki: target.wiki,
    section: target.section,
    host: first?.host,
    port: first?.port,
    socket: getSocketPath(address),
    endpoints: address.kind === 'tcp' ? [...address.endpoints] : [],
    jdbcUrl: first === undefined ? undefined : formatTarget(target, 'jdbc').trimEnd(),
    sectionFrom: target.sectionSource,
    endpointsFrom: target.endpointSource,
    warnings: target.warnings,
  };
}
