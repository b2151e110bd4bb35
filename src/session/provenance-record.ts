import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Settings } from '../cli/settings.js';
import { programName, version } from '../cli/version.js';
import { Failure } from '../failure.js';
import { Checksum } from '../files/checksum.js';
import type { SqlError } from '../protocol/sql-error.js';
import { dataOptions } from '../provenance/data-options.js';
import {
  type StatementText,
  statementText,
  totalsOf,
  type WikiProvenance,
} from '../provenance/document.js';
import { provenanceBeside, writeProvenance } from '../provenance/write.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { ClientCommand, Statement } from '../script/item.js';
import { socketPathOf } from '../target/address.js';
import { printable } from '../text/printable.js';
import type { StatementCounts, StatementWatch } from './statement-watch.js';

/** The commands that decide where the statements behind them run. */
const moves: ReadonlySet<string> = new Set(['use', 'connect']);

/** Writes down what a script runs, for --provenance. */
export class ProvenanceRecord implements StatementWatch {
  readonly #file: string;
  readonly #start = new Date();
  readonly #sum = new Checksum();
  readonly #statements: StatementText[] = [];
  readonly #errors: number[] = [];
  #rows = 0;
  #bytes = 0;

  /** `file`: that of --output. Throws Failure where it is none that a second could stand beside. */
  constructor(file: string) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isFile() && !stat.isDirectory()) {
      const text = `${printable(file)} is no file that --provenance could write another beside`;
      throw new Failure('no-provenance', text);
    }
    this.#file = file;
  }

  /** Bytes are written to the file, as they will lie there. */
  readonly written = (bytes: Uint8Array): void => this.#sum.add(bytes);

  begin({ sql }: Statement): void {
    this.#statements.push(statementText(sql));
  }

  end({ allRows, bytes }: StatementCounts): void {
    this.#rows += allRows;
    this.#bytes += bytes;
  }

  failed({ errno }: SqlError): void {
    this.#errors.push(errno);
  }

  command({ name, args }: ClientCommand): void {
    if (!moves.has(name)) return;
    const words = args.map((word) => Buffer.from(word).toString());
    this.#statements.push([name, ...words].join(' '));
  }

  /** The file has got its name: writes the other beside it. Rejects with a Failure. */
  async write(settings: Settings, connection: ReplicaConnection): Promise<void> {
    const end = new Date();
    const start = this.#start.toISOString();
    const { endpoint, serverVersion, target } = connection;
    const socketPath = socketPathOf(target.address);
    const wiki: WikiProvenance = {
      wiki: target.wiki ?? null,
      section: target.section ?? null,
      host: endpoint?.host ?? null,
      port: endpoint?.port ?? null,
      ...(socketPath !== undefined && { socket: socketPath }),
      serverVersion,
      start,
      end: end.toISOString(),
      rows: this.#rows,
      bytes: this.#bytes,
      outcome: 'ok',
      errors: this.#errors,
    };
    const document = {
      tool: { name: programName, version },
      run: randomUUID(),
      start,
      end: end.toISOString(),
      statements: this.#statements,
      options: dataOptions({ settings, characterSet: connection.characterSet.name }),
      wikis: [wiki],
      totals: totalsOf([wiki]),
    };
    const { bytes } = this.#sum;
    const file = { path: this.#file, bytes, sha256: this.#sum.end() };
    await writeProvenance(provenanceBeside(this.#file), document, [file]);
  }
}
