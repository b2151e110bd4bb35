import { createSecondResultFailure, WikiFailure } from '../../src/fanout/outcome.js';
import type {
  LastError,
  ResultCollector,
  WikiResult,
  WikiRows,
} from '../../src/fanout/results/result-collector.js';
import { getLenencSize, readLenenc } from '../../src/protocol/lenenc.js';
import { takeNoRows } from '../../src/protocol/packets.js';

/** Collects rows of one cell as text in memory, and the order of begun and dropped attempts. */
export class MemoryCollector implements ResultCollector {
  readonly directory = undefined;
  readonly alreadyDone = new Map();
  readonly isResumable = false;
  readonly rows = new Map<string, string[]>();
  readonly withoutResult: string[] = [];
  readonly events: string[] = [];
  /** The names of the columns of each wiki, separated by spaces. */
  readonly columns = new Map<string, string>();
  readonly #refused: ReadonlySet<string>;

  readonly #onlyOneResult: boolean;
  #holdMs: number;

  /**
   * `refused` are the wikis whose columns do not fit. `holdMs`: the first server that sends rows is held
   * back for that long. `onlyOneResult`: a second result is refused, as by the real collectors.
   */
  constructor(refused: readonly string[] = [], holdMs = 0, onlyOneResult = false) {
    this.#refused = new Set(refused);
    this.#holdMs = holdMs;
    this.#onlyOneResult = onlyOneResult;
  }

  begin(wiki: string): WikiRows {
    const rows: string[] = [];
    this.events.push(`begin ${wiki}`);
    return {
      begin: (columns) => {
        if (this.#refused.has(wiki)) throw new WikiFailure('its columns do not fit');
        if (this.#onlyOneResult && this.columns.has(wiki)) throw createSecondResultFailure();
        this.columns.set(wiki, columns.map(({ name }) => Buffer.from(name).toString()).join(' '));
      },
      row: (bytes, start) => {
        const cellStart = start + getLenencSize(bytes, start);
        rows.push(
          Buffer.from(bytes.subarray(cellStart, cellStart + readLenenc(bytes, start))).toString(),
        );
      },
      takeRows: takeNoRows,
      backPressure: () => {
        const milliseconds = this.#holdMs;
        if (milliseconds === 0 || rows.length === 0) return undefined;
        this.#holdMs = 0;
        return new Promise((resolve) => setTimeout(resolve, milliseconds));
      },
      complete: async (): Promise<WikiResult> => {
        this.rows.set(wiki, rows);
        return { rows: rows.length, bytes: 0, file: undefined, sha256: undefined };
      },
      drop: () => this.events.push(`drop ${wiki}`),
    };
  }

  markWithoutResult(wiki: string, outcome: 'skipped' | 'failed', { errno }: LastError): void {
    this.withoutResult.push(`${wiki} ${outcome} ${errno}`);
  }

  async finish(): Promise<void> {}

  abandon(): void {}
}
