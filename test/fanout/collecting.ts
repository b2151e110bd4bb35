import { WikiFailure } from '../../src/fanout/outcome.js';
import type {
  ResultCollector,
  WikiResult,
  WikiRows,
} from '../../src/fanout/results/result-collector.js';
import { lenencSize, lenencValue } from '../../src/protocol/lenenc.js';
import { leaveRows } from '../../src/protocol/packets.js';

/** Gathers rows of one cell in memory, as text, and what it was told, in its order. */
export class Collecting implements ResultCollector {
  readonly directory = undefined;
  readonly alreadyDone = new Map();
  readonly resumable = false;
  readonly rows = new Map<string, string[]>();
  readonly left: string[] = [];
  readonly told: string[] = [];
  readonly #refused: ReadonlySet<string>;

  /** `refused`: wikis whose columns do not fit. */
  constructor(refused: readonly string[] = []) {
    this.#refused = new Set(refused);
  }

  begin(wiki: string): WikiRows {
    const rows: string[] = [];
    this.told.push(`begin ${wiki}`);
    return {
      begin: () => {
        if (this.#refused.has(wiki)) throw new WikiFailure('its columns do not fit');
      },
      row: (bytes, start) => {
        const from = start + lenencSize(bytes, start);
        rows.push(Buffer.from(bytes.subarray(from, from + lenencValue(bytes, start))).toString());
      },
      takeRows: leaveRows,
      pressure: () => undefined,
      done: async (): Promise<WikiResult> => {
        this.rows.set(wiki, rows);
        return { rows: rows.length, bytes: 0, file: undefined, sha256: undefined };
      },
      drop: () => this.told.push(`drop ${wiki}`),
    };
  }

  markWithoutResult(wiki: string, outcome: 'skipped' | 'failed', errno: number): void {
    this.left.push(`${wiki} ${outcome} ${errno}`);
  }

  async finish(): Promise<void> {}

  abandon(): void {}
}
