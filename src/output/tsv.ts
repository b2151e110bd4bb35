import type { Column } from '../protocol/column.js';
import { lenencSize, lenencValue } from '../protocol/lenenc.js';
import type { RowsTaken } from '../protocol/packets.js';
import { eachCell, nullMarker } from '../protocol/row.js';
import type { CharacterLength } from '../text/utf8.js';
import type { Format } from './format.js';
import type { KernelFor, RowKernel } from './kernel.js';
import type { OutputBuffer } from './output-buffer.js';

const tab = 0x09;
const newline = 0x0a;
const backslash = 0x5c;

/** What a byte is written as behind a backslash; 0 where it stands for itself. */
const escapes = new Uint8Array(256);
escapes[0x00] = 0x30; // \0
escapes[tab] = 0x74; // \t
escapes[newline] = 0x6e; // \n
escapes[backslash] = backslash;
const noEscapes = new Uint8Array(256);

const tabBytes = Uint8Array.of(tab);
const newlineBytes = Uint8Array.of(newline);
const nullText = Buffer.from('NULL');

/** Rows longer than this are measured before room is made for them. */
const longRow = 64 * 1024;
/** How much of a cell of such a row is written at once. */
const piece = 64 * 1024;

/**
 * Tab-separated values as `mariadb --batch` writes them (10.11, observed): a header unless
 * --skip-column-names, NULL as `NULL`, in data NUL, tab, newline and backslash escaped (not with
 * --raw), names never. A result set without rows writes nothing, its header if `showEmpty`.
 */
export class TsvFormat implements Format {
  readonly #out: OutputBuffer;
  readonly #header: boolean;
  readonly #raw: boolean;
  readonly #showEmpty: boolean;
  readonly #characterLength: CharacterLength | undefined;
  readonly #kernelFor: KernelFor;
  /** How many bytes came row by row. */
  #bytes = 0;
  #columns: Column[] | undefined;

  /**
   * `kernelFor` gives what takes rows by the chunk; where it gives none, they are written one by
   * one.
   *
   * `characterLength` is to be given for character sets in which a backslash may be the second byte
   * of a character: such a one is not escaped.
   */
  constructor(
    out: OutputBuffer,
    options: { columnNames: boolean; raw: boolean; showEmpty: boolean },
    kernelFor: KernelFor = () => undefined,
    characterLength?: CharacterLength,
  ) {
    this.#out = out;
    this.#header = options.columnNames;
    this.#raw = options.raw;
    this.#showEmpty = options.showEmpty;
    this.#characterLength = characterLength;
    this.#kernelFor = kernelFor;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    if (this.#showEmpty) this.#writeHeader();
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (this.#columns !== undefined) this.#writeHeader();
    this.#bytes += end - start;
    if (end - start > longRow && this.#writeLongRow(bytes, start, end)) return;
    const out = this.#out;
    out.reserve(roomFor(bytes, start, end));
    const length = this.#characterLength;
    const escapeOf = this.#raw ? noEscapes : escapes;
    out.length =
      length === undefined
        ? copyCells(bytes, start, end, out.bytes, out.length, escapeOf)
        : copyWideCells(bytes, start, end, out.bytes, out.length, escapeOf, length);
  }

  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): RowsTaken | undefined {
    const kernel = this.#kernel();
    if (kernel === undefined) return undefined;
    const taken = { end: start, rows: 0 };
    for (;;) {
      const { end: stop, rows, output } = kernel.toTsv(bytes, taken.end, end, longest, this.#raw);
      if (rows === 0) return taken;
      if (this.#columns !== undefined) this.#writeHeader();
      this.#out.append(output);
      taken.end = stop;
      taken.rows += rows;
    }
  }

  end(): void {
    this.#columns = undefined;
  }

  /** It knows no characters of several bytes. */
  #kernel(): RowKernel | undefined {
    return this.#characterLength === undefined ? this.#kernelFor(this.#bytes) : undefined;
  }

  /** Writes a row cell by cell, in pieces that the kernel can take; false where there is none. */
  #writeLongRow(bytes: Uint8Array, start: number, end: number): boolean {
    const kernel = this.#kernel();
    if (kernel === undefined) return false;
    const out = this.#out;
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (index > 0) out.append(tabBytes);
      if (cellStart < 0) out.append(nullText);
      for (let at = Math.max(cellStart, 0); at < cellEnd; at += piece) {
        const text = bytes.subarray(at, Math.min(at + piece, cellEnd));
        out.append(this.#raw ? text : kernel.escape(text));
      }
    });
    out.append(newlineBytes);
    return true;
  }

  #writeHeader(): void {
    const columns = this.#columns ?? [];
    this.#columns = undefined;
    if (!this.#header) return;
    columns.forEach(({ name }, i) => {
      this.#out.append(name);
      this.#out.append(i === columns.length - 1 ? newlineBytes : tabBytes);
    });
  }
}

/**
 * An upper bound of a row's size as TSV. The worst that can happen to a byte is NULL's marker,
 * which becomes `NULL` and a tab; in a long row that is too much to set aside, so there the bytes
 * that need an escape are counted.
 */
function roomFor(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length <= longRow) return length * 5;
  let extra = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === nullMarker) extra += 4;
    else if (escapes[byte] !== 0) extra++;
  }
  // Each cell's tab takes the place of its length, which is at least a byte.
  return length + extra;
}

/** Writes a row's cells; returns where the output now ends. */
function copyCells(
  bytes: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  toStart: number,
  escapeOf: Uint8Array,
): number {
  let at = start;
  let out = toStart;
  while (at < end) {
    let length = bytes[at] as number;
    if (length < nullMarker) {
      at++;
    } else if (length === nullMarker) {
      out = writeNull(to, out);
      at++;
      continue;
    } else {
      length = lenencValue(bytes, at);
      at += lenencSize(bytes, at);
    }
    const stop = at + length;
    // Nearly every byte is above a newline and no backslash. Four at a time, which saves a quarter
    // of the time; eight save no more.
    while (at + 4 <= stop) {
      const a = bytes[at] as number;
      const b = bytes[at + 1] as number;
      const c = bytes[at + 2] as number;
      const d = bytes[at + 3] as number;
      if (a <= newline || b <= newline || c <= newline || d <= newline) break;
      if (a === backslash || b === backslash || c === backslash || d === backslash) break;
      to[out] = a;
      to[out + 1] = b;
      to[out + 2] = c;
      to[out + 3] = d;
      at += 4;
      out += 4;
    }
    while (at < stop) {
      const byte = bytes[at++] as number;
      if (byte > newline && byte !== backslash) {
        to[out++] = byte;
        continue;
      }
      const escaped = escapeOf[byte] as number;
      if (escaped !== 0) to[out++] = backslash;
      to[out++] = escaped === 0 ? byte : escaped;
    }
    to[out++] = tab;
  }
  to[out - 1] = newline;
  return out;
}

/** As copyCells, but characters of several bytes are taken as a whole. */
function copyWideCells(
  bytes: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  toStart: number,
  escapeOf: Uint8Array,
  characterLength: CharacterLength,
): number {
  let at = start;
  let out = toStart;
  while (at < end) {
    if (bytes[at] === nullMarker) {
      out = writeNull(to, out);
      at++;
      continue;
    }
    const length = lenencValue(bytes, at);
    at += lenencSize(bytes, at);
    const stop = at + length;
    while (at < stop) {
      const size = characterLength(bytes, at);
      const escaped = size === 1 ? (escapeOf[bytes[at] as number] as number) : 0;
      if (escaped !== 0) {
        to[out++] = backslash;
        to[out++] = escaped;
        at++;
        continue;
      }
      // What lies behind the cell is no part of its last character.
      for (let end = Math.min(at + size, stop); at < end; at++) to[out++] = bytes[at] as number;
    }
    to[out++] = tab;
  }
  to[out - 1] = newline;
  return out;
}

function writeNull(to: Uint8Array, at: number): number {
  to[at] = 0x4e;
  to[at + 1] = 0x55;
  to[at + 2] = 0x4c;
  to[at + 3] = 0x4c;
  to[at + 4] = tab;
  return at + 5;
}
