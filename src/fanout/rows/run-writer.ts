import type { RunFormat } from '../../output/format.js';
import type { OutputBuffer } from '../../output/output-buffer.js';
import type { Column } from '../../protocol/column.js';
import { PacketReader } from '../../protocol/packet-reader.js';
import type { RunRequest } from '../plan/plan.js';
import { openRunFormat } from './run-format.js';
import { UnionRows } from './union-rows.js';
import { WikiColumnFormat } from './wiki-column.js';

/**
 * Makes what writes the rows of a whole run: in the form that is asked for, with the column of the
 * wikis' names.
 */
export async function openRunWriter(
  request: RunRequest,
): Promise<(out: OutputBuffer) => RunWriter> {
  const { settings, fanout, plan, characterSet } = request;
  const statement = plan.statements.at(-1)?.sql;
  const make = await openRunFormat(settings.output, characterSet, statement);
  const { wikiColumn } = fanout;
  if (wikiColumn === undefined) return (out) => new RunWriter(make(out), undefined);
  const longest = Math.max(0, ...plan.wikis.map(({ wiki }) => Buffer.byteLength(wiki)));
  return (out) => {
    const format = new WikiColumnFormat(make(out), wikiColumn, longest);
    return new RunWriter(format, format);
  };
}

/** Writes the rows of one wiki after another, which come as packets, in one format. */
export class RunWriter {
  readonly #format: RunFormat;
  readonly #named: WikiColumnFormat | undefined;
  readonly #reader: PacketReader;
  readonly #union: UnionRows;
  #inUnion = false;
  #noted = false;
  #begun = false;

  /** `named`: the format itself, if it wants to know the wikis' names. */
  constructor(format: RunFormat, named: WikiColumnFormat | undefined) {
    this.#format = format;
    this.#named = named;
    this.#union = new UnionRows((bytes, start, end) => format.row(bytes, start, end));
    this.#reader = new PacketReader(
      (bytes, start, end) => this.#row(bytes, start, end),
      (bytes, start, end) => this.#takeRows(bytes, start, end),
      Number.POSITIVE_INFINITY,
      () => {},
    );
  }

  /** Whether the columns are known. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The columns of the whole run. Throws Failure where the format cannot have them. */
  begin(columns: Column[]): void {
    this.#begun = true;
    this.#format.begin(columns);
  }

  /**
   * The rows that come next are those of this wiki. `noted`: before them comes a packet that is none.
   * `places`: see `Union`; without, the wiki's columns are those of the run.
   */
  wiki(name: string, noted = false, places?: readonly number[]): void {
    if (this.#named !== undefined) this.#named.wiki = name;
    this.#noted = noted;
    this.#inUnion = places?.some((place, index) => place !== index) ?? false;
    if (places !== undefined) this.#union.begin(places);
  }

  /** The next bytes of the wiki's packets, which may end anywhere. Throws Failure. */
  push(packets: Uint8Array): void {
    this.#reader.push(packets);
  }

  /** That was all. Throws Failure. */
  end(): void {
    if (this.#begun) this.#format.end(true);
    this.#format.finish?.();
  }

  #row(bytes: Uint8Array, start: number, end: number): void {
    if (this.#noted) this.#noted = false;
    else if (this.#inUnion) this.#union.row(bytes, start, end);
    else this.#format.row(bytes, start, end);
  }

  #takeRows(bytes: Uint8Array, start: number, end: number): number {
    if (this.#noted || this.#inUnion) return start;
    return this.#format.takeRows(bytes, start, end, Number.POSITIVE_INFINITY)?.end ?? start;
  }
}
