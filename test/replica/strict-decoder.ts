/*
 * Reads the response to a query as strictly as the protocol's documentation describes it, and as simply
 * as possible: what the program under test prints is compared with it.
 */

/** A row's cells; null for NULL. */
export type DecodedRow = (Buffer | null)[];

/** A result set, or an OK. */
export type DecodedResult = { kind: 'ok' } | { kind: 'rows'; names: Buffer[]; rows: DecodedRow[] };

class Malformed extends Error {}

class PayloadReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  /** The next byte, without taking it. */
  get next(): number {
    return this.#bytes[this.at] ?? fail('nothing is left');
  }

  take(count: number): Buffer {
    if (count > this.left) fail('a field is longer than its packet');
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  integer(): number {
    const first = this.take(1).readUInt8();
    if (first < 0xfb) return first;
    const size = { 252: 2, 253: 3, 254: 8 }[first] ?? fail('a length begins with 0xfb or 0xff');
    const value =
      size === 8 ? Number(this.take(8).readBigUInt64LE()) : this.take(size).readUIntLE(0, size);
    return value;
  }

  text(): Buffer {
    return this.take(this.integer());
  }

  end(): void {
    if (this.left > 0) fail('bytes are left');
  }
}

function fail(why: string): never {
  throw new Malformed(why);
}

/**
 * Returns the results of a response to COM_QUERY.
 *
 * @returns a text that says why it is not one, or that it is an error or a request for a file
 */
export function decodeResponse(bytes: Buffer): DecodedResult[] | string {
  try {
    return decode(payloadsOf(bytes));
  } catch (error) {
    if (error instanceof Malformed) return error.message;
    throw error;
  }
}

function payloadsOf(bytes: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  let sequence = 1;
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUIntLE(at, 3);
    if (end > bytes.length || bytes[at + 3] !== sequence) break;
    payloads.push(bytes.subarray(at + 4, end));
    sequence = (sequence + 1) & 0xff;
    at = end;
  }
  return payloads;
}

function decode(payloads: Buffer[]): DecodedResult[] {
  const results: DecodedResult[] = [];
  const next = () => new PayloadReader(payloads.shift() ?? fail('the response does not end'));
  for (let more = true; more; ) {
    const header = next();
    if (header.next === 0xff) fail('an error');
    if (header.next === 0xfb) fail('a request for a file');
    if (header.next === 0) {
      more = decodeOk(header);
      results.push({ kind: 'ok' });
      continue;
    }
    const count = header.integer();
    header.end();
    if (count === 0 || count > 131_072) fail(`${count} columns`);
    const names = Array.from({ length: count }, () => decodeColumn(next()));
    decodeEof(next());
    const rows: DecodedRow[] = [];
    for (;;) {
      const row = next();
      if (row.next === 0xff) fail('an error');
      if (row.next === 0xfe && row.left < 9) {
        more = decodeEof(row);
        break;
      }
      rows.push(decodeRow(row, count));
    }
    results.push({ kind: 'rows', names, rows });
  }
  return results;
}

function decodeOk(packet: PayloadReader): boolean {
  packet.take(1);
  packet.integer();
  packet.integer();
  const status = packet.take(2).readUInt16LE();
  packet.take(2);
  if (packet.left > 0) packet.text();
  return (status & 8) !== 0;
}

function decodeEof(packet: PayloadReader): boolean {
  if (packet.left !== 5 || packet.next !== 0xfe) fail('not an EOF packet');
  packet.take(3);
  return (packet.take(2).readUInt16LE() & 8) !== 0;
}

function decodeColumn(packet: PayloadReader): Buffer {
  const texts = Array.from({ length: 6 }, () => packet.text());
  // MariaDB's extended metadata, where it was agreed upon.
  if (packet.left > 13) packet.text();
  if (packet.left !== 13 || packet.next !== 12) fail('not a column definition');
  return texts[4] as Buffer;
}

function decodeRow(packet: PayloadReader, count: number): DecodedRow {
  const cells = Array.from({ length: count }, () => {
    if (packet.next !== 0xfb) return packet.text();
    packet.take(1);
    return null;
  });
  packet.end();
  return cells;
}

/** Returns results as the client's tab-separated output has them. */
export function asTsv(results: readonly DecodedResult[], wikis?: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  const line = (cells: readonly Buffer[]) => {
    cells.forEach((cell, index) => {
      parts.push(Buffer.from(index === 0 ? '' : '\t'), cell);
    });
    parts.push(Buffer.from('\n'));
  };
  const sets = results.filter((result) => result.kind === 'rows');
  sets.forEach(({ names, rows }, index) => {
    const wiki = wikis === undefined ? [] : [Buffer.from(wikis[index] ?? '?')];
    // The client prints no header for a result without rows.
    if (wikis === undefined ? rows.length > 0 : index === 0) {
      line([...(wikis === undefined ? [] : [Buffer.from('wiki')]), ...names]);
    }
    for (const row of rows) line([...wiki, ...row.map(escaped)]);
  });
  return Buffer.concat(parts);
}

function escaped(cell: Buffer | null): Buffer {
  if (cell === null) return Buffer.from('NULL');
  const text = cell.toString('latin1').replaceAll('\\', '\\\\');
  const safe = text.replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\0', '\\0');
  return Buffer.from(safe, 'latin1');
}
