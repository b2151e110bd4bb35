import type { Format } from '../output/format.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import type { Column } from '../protocol/column.js';
import { bytesOfRows, type RowsTaken } from '../protocol/packets.js';
import type { Ok, ResultHandler } from '../protocol/response.js';
import { elapsedText } from './elapsed.js';

/** What is told beside the rows. */
interface SummaryOptions {
  /** `1 row in set`, `Query OK, …`: from -vv on. */
  summaries: boolean;
  /** `(0.001 sec)` behind a summary: -vvv, or -vv on a terminal. */
  timing: boolean;
  /** An empty result set counts its rows like any other. */
  emptySets: boolean;
  /** Rows are not stored first: those before an error are counted too. */
  quick: boolean;
}

/** Takes the summaries. */
export type SummaryOutput = Pick<OutputBuffer, 'append' | 'appendText'>;

/** Takes the results of one statement: rows go to the format, summaries as `mariadb -vv` has them. */
export class Results implements ResultHandler {
  readonly #out: OutputBuffer;
  readonly #summaries: SummaryOutput;
  readonly #format: Format;
  readonly #summaryOptions: SummaryOptions;
  #started = now();
  /** Of the result set that is under way, or was the last. */
  rows = 0;
  /** Of the result sets before that one. */
  #rowsBefore = 0;
  /** Of all rows, as the server sent them. */
  bytes = 0;
  #inResultSet = false;
  /** How many warnings the last result came with. */
  warnings = 0;

  /** `out` takes the rows, `summaries` what is told behind them. */
  constructor(
    out: OutputBuffer,
    format: Format,
    telling: SummaryOptions,
    summaries: SummaryOutput = out,
  ) {
    this.#out = out;
    this.#summaries = summaries;
    this.#format = format;
    this.#summaryOptions = telling;
  }

  ok({ affectedRows, warnings, info }: Ok): void {
    const rows = affectedRows === 1 ? '1 row' : `${affectedRows} rows`;
    this.warnings = warnings;
    this.#summary(`Query OK, ${rows} affected`, warnings);
    if (this.#summaryOptions.summaries) {
      this.#summaries.append(info);
      this.#summaries.appendText(info.length > 0 ? '\n\n' : '\n');
    }
    this.#started = now();
  }

  /** Rows of all result sets. */
  get allRows(): number {
    return this.#rowsBefore + this.rows;
  }

  resultSet(columns: Column[]): void {
    this.#rowsBefore += this.rows;
    this.rows = 0;
    this.#inResultSet = true;
    this.#format.begin(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.rows++;
    this.bytes += end - start;
    this.#format.row(bytes, start, end);
  }

  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): RowsTaken | undefined {
    const taken = this.#format.takeRows(bytes, start, end, longest);
    if (taken === undefined) return undefined;
    this.rows += taken.rows;
    this.bytes += bytesOfRows(start, taken);
    return taken;
  }

  endOfRows(warnings: number): void {
    this.#inResultSet = false;
    this.#format.end(true);
    this.warnings = warnings;
    this.#summary(this.#rowsInSet(), warnings);
    if (this.#summaryOptions.summaries) this.#summaries.appendText('\n');
    this.#started = now();
  }

  pressure(): Promise<void> | undefined {
    return this.#out.pressure();
  }

  /** The statement failed: a result set that was under way is closed as far as the format can. */
  fail(): void {
    if (!this.#inResultSet) return;
    this.#inResultSet = false;
    this.#format.end(false);
    if (!this.#summaryOptions.quick) return;
    this.#summary(this.#rowsInSet(), 0);
    if (this.#summaryOptions.summaries) this.#summaries.appendText('\n');
  }

  #rowsInSet(): string {
    if (this.rows === 0 && !this.#summaryOptions.emptySets) return 'Empty set';
    return `${this.rows} ${this.rows === 1 ? 'row' : 'rows'} in set`;
  }

  #summary(text: string, warnings: number): void {
    if (!this.#summaryOptions.summaries) return;
    const warned = warnings === 0 ? '' : `, ${warnings} warning${warnings === 1 ? '' : 's'}`;
    const elapsed = now() - this.#started;
    const time = this.#summaryOptions.timing ? ` (${elapsedText(elapsed)})` : '';
    this.#summaries.appendText(`${text}${warned}${time}\n`);
  }
}

/** Milliseconds of a clock that never jumps. (`performance` would have to be loaded.) */
function now(): number {
  return process.uptime() * 1000;
}
