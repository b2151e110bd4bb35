import { createOptionFailure } from '../failure.js';
import { printable } from '../text/printable.js';
import { formatAddress, formatEndpoint, getFirstEndpoint, getSocketPath } from './address.js';
import type { EndpointSource, PortSource, Target } from './target.js';

/**
 * Returns a target in the format of --print-target, with a newline. text: `host:port` of the first
 * endpoint, or the path of the socket. json: one line, an object with database, section, host,
 * port, socket (null if there is none) and, under `found`, how section, host and port were found:
 * `by` is a SectionSource, an EndpointSource or a PortSource; `where` gives the details. jdbc: a URL
 * for Java's drivers. Throws Failure `no-jdbc` for a socket, which those drivers cannot use.
 */
export function formatTarget(target: Target, format: 'text' | 'json' | 'jdbc'): string {
  const first = getFirstEndpoint(target.address);
  if (format === 'jdbc') return `${formatJdbcUrl(target)}\n`;
  if (format === 'text') return `${formatAddress(target.address)}\n`;
  const { sectionSource, sectionDetail, endpointSource, endpointDetail } = target;
  const { portSource, portDetail } = target;
  const value = {
    database: target.database ?? null,
    section: target.section ?? null,
    host: first?.host ?? null,
    port: first?.port ?? null,
    socket: getSocketPath(target.address) ?? null,
    found: {
      section: sectionSource ? { by: sectionSource, where: sectionDetail } : null,
      host: { by: endpointSource, where: endpointDetail },
      port: first ? { by: portSource, where: portDetail } : null,
    },
  };
  return `${JSON.stringify(value)}\n`;
}

/**
 * Returns the URL of the first endpoint for Java's drivers. It names the encoding, which those
 * drivers would otherwise take from the server. Throws Failure `no-jdbc` for a socket.
 */
export function formatJdbcUrl({ address, database = '' }: Target): string {
  if (address.kind === 'tcp') {
    const location = `${formatAddress(address)}/${encodeURIComponent(database)}`;
    return `jdbc:mysql://${location}?characterEncoding=UTF-8`;
  }
  throw createOptionFailure(
    'no-jdbc',
    'There is no JDBC URL for a socket: use --host to connect over TCP.',
  );
}

/** Returns the description of a target that -v prints on stderr: a few lines without newlines. */
export function explainTarget(target: Target): string[] {
  const lines = [
    `database: ${target.database === undefined ? 'none' : printable(target.database)}`,
  ];
  if (target.section !== undefined) {
    lines.push(`section: ${target.section} (${describeSection(target)})`);
  }
  const { address } = target;
  const text = printable(formatAddress(address));
  if (address.kind === 'socket') {
    lines.push(`server: socket ${text} (${target.endpointDetail})`);
  } else {
    const [, ...otherEndpoints] = address.endpoints;
    lines.push(`server: ${text} (${describeEndpoint(target)})`);
    for (const endpoint of otherEndpoints) {
      lines.push(`server if that one refuses: ${printable(formatEndpoint(endpoint))}`);
    }
  }
  if (target.lookup) lines.push('addresses: from --nameserver');
  return lines;
}

function describeSection({ sectionSource, sectionDetail = '' }: Target): string {
  return sectionSource === 'dblist' ? `named in ${printable(sectionDetail)}` : sectionDetail;
}

function describeEndpoint(target: Target): string {
  const { endpointSource, endpointDetail, portSource, portDetail } = target;
  const host = describeSource(endpointSource, endpointDetail);
  return portSource === endpointSource
    ? host
    : `${host}; port: ${describeSource(portSource, portDetail)}`;
}

function describeSource(source: EndpointSource | PortSource, detail: string): string {
  if (source === 'srv') return `SRV record ${detail}`;
  return source === 'port-scheme' ? `port scheme, for ${detail}` : detail;
}
