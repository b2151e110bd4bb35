import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { formatAddress, formatEndpoint, getFirstEndpoint, getSocketPath } from './address.js';
import type { Target } from './target.js';

/**
 * Returns a target in the format of --print-target, with a newline. text: `host:port` of the first
 * endpoint, or the path of the socket. json: one line, an object with database, section, host,
 * port, socket (null if there is none) and, under `found`, how section, host and port were found:
 * `by` is a SectionSource, an EndpointSource or `default`; `where` gives the details. jdbc: a URL
 * for Java's drivers. Throws Failure `no-jdbc` for a socket, which those drivers cannot use.
 */
export function formatTarget(target: Target, format: 'text' | 'json' | 'jdbc'): string {
  const first = getFirstEndpoint(target.address);
  if (format === 'jdbc') return `${formatJdbcUrl(target)}\n`;
  if (format === 'text') return `${formatAddress(target.address)}\n`;
  const { sectionSource, sectionDetail, endpointSource, endpointDetail, portSource } = target;
  const host = { by: endpointSource, where: endpointDetail };
  const value = {
    database: target.database ?? null,
    section: target.section ?? null,
    host: first?.host ?? null,
    port: first?.port ?? null,
    socket: getSocketPath(target.address) ?? null,
    found: {
      section: sectionSource ? { by: sectionSource, where: sectionDetail } : null,
      host,
      port: first ? describePort(target, portSource) : null,
    },
  };
  return `${JSON.stringify(value)}\n`;
}

/**
 * Returns the URL of the first endpoint for Java's drivers. Throws Failure `no-jdbc` for a socket.
 */
export function formatJdbcUrl({ address, database = '' }: Target): string {
  if (address.kind === 'tcp') {
    return `jdbc:mysql://${formatAddress(address)}/${encodeURIComponent(database)}`;
  }
  throw new Failure(
    'no-jdbc',
    'There is no JDBC URL for a socket: use --host to connect over TCP.',
  );
}

function describePort({ endpointSource, endpointDetail }: Target, by: Target['portSource']) {
  return {
    by,
    where: by === endpointSource && by !== 'user' ? endpointDetail : PORT_SOURCE_TEXT[by],
  };
}

const PORT_SOURCE_TEXT: Partial<Record<Target['portSource'], string>> = {
  user: '--port',
  default: "the client's default",
};

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

function describeEndpoint({ endpointSource, endpointDetail, portSource }: Target): string {
  const host = {
    srv: `SRV record ${endpointDetail}`,
    'port-scheme': `port scheme, for ${endpointDetail}`,
    user: endpointDetail,
  }[endpointSource];
  const port = portSource === endpointSource ? undefined : PORT_SOURCE_TEXT[portSource];
  return port === undefined ? host : `${host}; port: ${port}`;
}
