import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Settings } from '../cli/settings.js';
import { programName, version } from '../cli/version.js';
import { createOptionFailure } from '../failure.js';
import { Checksum } from '../files/checksum.js';
import type { SqlError } from '../protocol/sql-error.js';
import { readDataOptions } from '../provenance/data-options.js';
import {
  type StatementText,
  sumTotals,
  toStatementText,
  type WikiProvenance,
} from '../provenance/document.js';
import { provenancePathForFile, writeProvenance } from '../provenance/write-provenance.js';
import type { ReplicaConnection } from '../replica/connection.js';
import type { ClientCommand, Statement } from '../script/item.js';
import { getSocketPath } from '../target/address.js';
import { printable } from '../text/printable.js';
import type { StatementCounts, StatementObserver } from './statement-observer.js';

/** The commands that change where the following statements run. */
const routingCommands: ReadonlySet<string> = new Set(['use', 'connect']);

/** Records the statements of a script and their results, and writes the file of --provenance. */
export class ProvenanceRecorder implements StatementObserver {
  readonly #file: string;
  readonly #start = new Date();
  readonly #checksum = new Checksum();
  readonly #statements: StatementText[] = [];
  readonly #errors: number[] = [];
  #rows = 0;
  #bytes = 0;

  /**
   * `file`: the file of --output. Throws a Failure if it is a pipe or a device: the provenance file
   * is created in the same directory, which makes no sense for them.
   */
  constructor(file: string) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isFile() && !stat.isDirectory()) {
      const text = `--provenance cannot be used with '${printable(file)}': it is not a regular file`;
      throw createOptionFailure('no-provenance', text, 'provenance');
    }
    this.#file = file;
  }

  /** Adds bytes that were written to the file, after compression, to its size and checksum. */
  readonly addBytes = (bytes: Uint8Array): void => this.#checksum.add(bytes);

  onStart({ sql }: Statement): void {
    this.#statements.push(toStatementText(sql));
  }

  onEnd({ allRows, bytes }: StatementCounts): void {
    this.#rows += allRows;
    this.#bytes += bytes;
  }

  onError({ errno }: SqlError): void {
    this.#errors.push(errno);
  }

  onCommand({ name, args }: ClientCommand): void {
    if (!routingCommands.has(name)) return;
    const words = args.map((word) => Buffer.from(word).toString());
    this.#statements.push([name, ...words].join(' '));
  }

  /**
   * Writes the provenance file; call it after the output file is complete. Rejects with a Failure.
   */
  async write(settings: Settings, connection: ReplicaConnection): Promise<void> {
    const end = new Date();
    const start = this.#start.toISOString();
    const { endpoint, serverVersion, target } = connection;
    const socketPath = getSocketPath(target.address);
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
      options: readDataOptions({ settings, characterSet: connection.characterSet.name }),
      wikis: [wiki],
      totals: sumTotals([wiki]),
    };
    const { bytes } = this.#checksum;
    const file = { path: this.#file, bytes, sha256: this.#checksum.digest() };
    await writeProvenance(provenancePathForFile(this.#file), document, [file]);
  }
}
