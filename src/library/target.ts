import { defaultDomain, mwConfigPathOf, nameserversOf } from '../cli/target-defaults.js';
import { Failure } from '../failure.js';
import { addressOf, firstEndpoint, socketPathOf } from '../target/address.js';
import { formatTarget } from '../target/explain.js';
import { resolveTarget as resolve } from '../target/resolve.js';
import type { Target as InnerTarget, TargetRequest } from '../target/target.js';
import { findSection } from '../wikis/section.js';
import type { SectionOptions, TargetOptions } from './options.js';

/** A server to connect to; `host` carries no final dot. */
export interface Endpoint {
  host: string;
  port: number;
}

/** Where a wiki is. */
export interface Target {
  wiki: string | undefined;
  /** undefined where `host` or `socket` was given, so that nothing was looked up. */
  section: string | undefined;
  /** Of the server to try first; undefined where there is a socket file alone. */
  host: string | undefined;
  port: number | undefined;
  socket: string | undefined;
  /** All servers, in the order to try: usually one. Empty where there is a socket file. */
  endpoints: Endpoint[];
  /** `jdbc:mysql://host:port/itwiki`, for Spark and other programs in Java. */
  jdbcUrl: string | undefined;
  /** How the section was found. */
  sectionFrom: 'rule' | 'use-x1' | 'x1-only' | 'dblist' | 'section-option' | undefined;
  /** How the servers were found: by an SRV record, by the documented scheme of ports, or as given. */
  endpointsFrom: 'srv' | 'port-scheme' | 'user';
  /** What the command line would warn of, such as why there was no SRV record. */
  warnings: string[];
}

/**
 * The section that a wiki, or another database, is in: `s1` … `s8`, `x1` or `staging`. Reads the
 * dblists; asks nobody.
 *
 * @throws Failure `unknown-database`, `no-mw-config` and others that say what to do
 */
export function sectionOf(wiki: string, options: SectionOptions = {}): string {
  const mwConfigPath = mwConfigPathOf(options.mwConfigPath, process.env);
  return findSection(wiki, { mwConfigPath, useX1: options.useX1 ?? false }).section;
}

/**
 * Where to connect for a wiki, by dblists and DNS, as `--print-target` tells it. With
 * `options.section` the wiki may be undefined.
 *
 * Rejects with a Failure: `unknown-database`, `no-mw-config`, `unknown-section`, `bad-nameserver` …
 */
export async function resolveTarget(
  wiki: string | undefined,
  options: TargetOptions = {},
): Promise<Target> {
  return plainTarget(await resolve(targetRequestOf(wiki, options)));
}

/** What the resolver is asked. Throws Failure `bad-number` for what is no port. */
export function targetRequestOf(wiki: string | undefined, options: TargetOptions): TargetRequest {
  const { port } = options;
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new Failure('bad-number', `port ${port}: not a whole number from 0 to 65535`);
  }
  // As on the command line, what is empty or 0 was not given.
  const host = options.host || undefined;
  const socket = options.socket || undefined;
  return {
    wiki,
    section: options.section,
    useX1: options.useX1 ?? false,
    mwConfigPath: mwConfigPathOf(options.mwConfigPath, process.env),
    domain: options.domain ?? defaultDomain,
    nameservers: nameserversOf(options.nameservers, process.env),
    address: addressOf({ host, port: port || undefined, socket }),
    port: port || undefined,
  };
}

function plainTarget(target: InnerTarget): Target {
  const { address } = target;
  const first = firstEndpoint(address);
  return {
    wiki: target.wiki,
    section: target.section,
    host: first?.host,
    port: first?.port,
    socket: socketPathOf(address),
    endpoints: address.kind === 'tcp' ? [...address.endpoints] : [],
    jdbcUrl: first === undefined ? undefined : formatTarget(target, 'jdbc').trimEnd(),
    sectionFrom: target.sectionSource,
    endpointsFrom: target.endpointSource,
    warnings: target.warnings,
  };
}
