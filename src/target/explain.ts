import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { addressText, firstEndpoint, hostAndPort, socketPathOf } from './address.js';
import type { Target } from './target.js';

/**
 * A target as --print-target writes it, with its newline. text: `host:port` of the place to try
 * first, or the socket's path. json: one line, an object with database, section, host, port,
 * socket (null where there is none) and, under `found`, how section, host and port were found:
 * `by` is one of the words of SectionSource, EndpointSource or `default`, `where` says it closer.
 * jdbc: a URL for Java's drivers; throws Failure where there is a socket alone, which they cannot use.
 */
export function formatTarget(target: Target, format: 'text' | 'json' | 'jdbc'): string {
  const first = firstEndpoint(target.address);
  if (format === 'jdbc') return `${jdbcUrl(target)}\n`;
  if (format === 'text') return `${addressText(target.address)}\n`;
  const { sectionSource, sectionDetail, endpointSource, endpointDetail, portSource } = target;
  const host = { by: endpointSource, where: endpointDetail };
  const value = {
    database: target.database ?? null,
    section: target.section ?? null,
    host: first?.host ?? null,
    port: first?.port ?? null,
    socket: socketPathOf(target.address) ?? null,
    found: {
      section: sectionSource ? { by: sectionSource, where: sectionDetail } : null,
      host,
      port: first ? portFound(target, portSource) : null,
    },
  };
  return `${JSON.stringify(value)}\n`;
}

/** The URL for Java's drivers, of the place to try first. Throws Failure `no-jdbc` for a socket. */
export function jdbcUrl({ address, database = '' }: Target): string {
  if (address.kind === 'tcp') {
    return `jdbc:mysql://${addressText(address)}/${encodeURIComponent(database)}`;
  }
  throw new Failure('no-jdbc', 'no JDBC URL: the target is a socket');
}

function portFound({ endpointSource, endpointDetail }: Target, by: Target['portSource']) {
  return { by, where: by === endpointSource && by !== 'user' ? endpointDetail : PORT_WORDS[by] };
}

const PORT_WORDS: Partial<Record<Target['portSource'], string>> = {
  user: '--port',
  default: "the client's default",
};

/** The same in words, for stderr under -v: a few lines without their newlines. */
export function explainTarget(target: Target): string[] {
  const lines = [
    `database: ${target.database === undefined ? 'none' : printable(target.database)}`,
  ];
  if (target.section !== undefined) {
    lines.push(`section: ${target.section} (${sectionInWords(target)})`);
  }
  const { address } = target;
  const text = printable(addressText(address));
  if (address.kind === 'socket') {
    lines.push(`server: socket ${text} (${target.endpointDetail})`);
  } else {
    const [, ...others] = address.endpoints;
    lines.push(`server: ${text} (${endpointInWords(target)})`);
    for (const other of others) {
      lines.push(`server if that one refuses: ${printable(hostAndPort(other))}`);
    }
  }
  if (target.lookup) lines.push('addresses: from --nameserver');
  return lines;
}

function sectionInWords({ sectionSource, sectionDetail = '' }: Target): string {
  return sectionSource === 'dblist' ? `named in ${printable(sectionDetail)}` : sectionDetail;
}

function endpointInWords({ endpointSource, endpointDetail, portSource }: Target): string {
  const host = {
    srv: `SRV record ${endpointDetail}`,
    'port-scheme': `port scheme, for ${endpointDetail}`,
    user: endpointDetail,
  }[endpointSource];
  const port = portSource === endpointSource ? undefined : PORT_WORDS[portSource];
  return port === undefined ? host : `${host}; port: ${port}`;
}
