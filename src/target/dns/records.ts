/** Types of records: RFC 1035 section 3.2.2, RFC 3596, RFC 2782. */
export const recordTypes = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33 } as const;

/** A record of a message; its data as far as its type is one that we ask for, or CNAME. */
export interface DnsRecord {
  /** The owner, without a final dot. */
  name: string;
  type: number;
  class: number;
  /** A and AAAA */
  address?: string;
  /** CNAME */
  domain?: string;
  /** SRV; `target` is empty for the root. */
  priority?: number;
  weight?: number;
  port?: number;
  target?: string;
}

const MOST_LABEL_BYTES = 63;
/** RFC 1035 section 2.3.4; with the length of each label, and the root's. */
const MOST_NAME_BYTES = 255;
const POINTER = 0xc0;

/**
 * A name as it is sent (RFC 1035 section 3.1).
 * @throws Error for a name that DNS cannot carry: a label over 63 octets, a name over 255
 */
export function encodeName(name: string): Buffer {
  const parts: Buffer[] = [];
  for (const label of name.split('.').filter((part) => part !== '')) {
    if (label.length > MOST_LABEL_BYTES) throw new Error('a label of more than 63 octets');
    parts.push(Buffer.of(label.length), Buffer.from(label, 'latin1'));
  }
  const bytes = Buffer.concat([...parts, Buffer.of(0)]);
  if (bytes.length > MOST_NAME_BYTES) throw new Error('a name of more than 255 octets');
  return bytes;
}

/** Reads a message from front to back. What goes beyond its end, or makes no sense, throws. */
export class MessageReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  number16(): number {
    this.#at += 2;
    return this.#bytes.readUInt16BE(this.#at - 2);
  }

  /** A name, behind the pointers that shorten it (RFC 1035 section 4.1.4). */
  name(): string {
    const labels: string[] = [];
    let at = this.#at;
    let end: number | undefined;
    let total = 1;
    for (;;) {
      const length = this.#bytes.readUInt8(at);
      if (length >= POINTER) {
        end ??= at + 2;
        const to = this.#bytes.readUInt16BE(at) & 0x3fff;
        // Names are pointed back to, so that no circle is possible.
        if (to >= at) throw new Error('a pointer that does not lead back');
        at = to;
        continue;
      }
      at++;
      if (length === 0) break;
      total += length + 1;
      if (length > MOST_LABEL_BYTES || total > MOST_NAME_BYTES) throw new Error('no name');
      labels.push(this.#slice(at, length).toString('latin1'));
      at += length;
    }
    this.#at = end ?? at;
    return labels.join('.');
  }

  record(): DnsRecord {
    const record: DnsRecord = { name: this.name(), type: this.number16(), class: this.number16() };
    // Past the time to live.
    this.#at += 4;
    const length = this.number16();
    const data = this.#slice(this.#at, length);
    const end = this.#at + length;
    if (record.type === recordTypes.A) record.address = data.join('.');
    else if (record.type === recordTypes.AAAA) record.address = addressOf(data);
    else if (record.type === recordTypes.CNAME) record.domain = this.name();
    else if (record.type === recordTypes.SRV) {
      record.priority = this.number16();
      record.weight = this.number16();
      record.port = this.number16();
      record.target = this.name();
    }
    this.#at = end;
    return record;
  }

  #slice(at: number, length: number): Buffer {
    if (at + length > this.#bytes.length) throw new Error('the message ends too soon');
    return this.#bytes.subarray(at, at + length);
  }
}

/** An IPv6 address in text, RFC 5952: the longest run of zeros is left out. */
function addressOf(data: Buffer): string {
  const groups = Array.from({ length: data.length >> 1 }, (_, i) =>
    data.readUInt16BE(2 * i).toString(16),
  ).join(':');
  const runs = groups.match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((most, run) => (run.length > most.length ? run : most), '');
  if (longest === '') return groups;
  const at = groups.search(new RegExp(`\\b${longest}\\b`));
  const before = groups.slice(0, Math.max(at - 1, 0));
  return `${before}::${groups.slice(at + longest.length + 1)}`;
}
