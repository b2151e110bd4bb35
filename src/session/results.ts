import type { Format } from '../output/format.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import type { Column } from '../protocol/column.js';
import { countRowBytes, type RowsTaken, type TakeRows } from '../protocol/packets.js';
import type { Ok, ResultHandler } from '../protocol/response.js';
import { formatElapsed } from './format-elapsed.js';

/** Which messages accompany the rows. */
interface SummaryOptions {
  /** Print `1 row in set` or `Query OK, …`: with -vv or more. */
  summaries: boolean;
  /** Print `(0.001 sec)` after a summary: with -vvv, or with -vv on a terminal. */
  timing: boolean;
  /** Print `0 rows in set` for an empty result set, instead of `Empty set`. */
  emptySets: boolean;
  /** Rows are not buffered, so that the rows before an error were printed and are counted. */
  quick: boolean;
  /** Returns what the summary of a result set also says; by default nothing. */
  note?: () => string;
}

/** The output that receives the summaries. */
export type SummaryOutput = Pick<OutputBuffer, 'append' | 'appendText'>;

/**
 * Receives the results of one statement: passes rows to the format, and prints summaries as
 * `mariadb -vv` does.
 */
export class Results implements ResultHandler {
  readonly #out: OutputBuffer;
  readonly #summaries: SummaryOutput;
  readonly #format: Format;
  readonly #summaryOptions: SummaryOptions;
  #startedAt = readClock();
  /** The number of rows of the current, or else the last, result set. */
  rows = 0;
  /** The number of rows of the result sets before that one. */
  #earlierRows = 0;
  /** The size of all rows, as the server sent them. */
  bytes = 0;
  #inResultSet = false;
  /** The number of warnings of the last result. */
  warnings = 0;

  /** `out` receives the rows, `summaries` the text after them. */
  constructor(
    out: OutputBuffer,
    format: Format,
    summaryOptions: SummaryOptions,
    summaries: SummaryOutput = out,
  ) {
    this.#out = out;
    this.#summaries = summaries;
    this.#format = format;
    this.#summaryOptions = summaryOptions;
  }

  ok({ affectedRows, warnings, info }: Ok): void {
    const rows = affectedRows === 1 ? '1 row' : `${affectedRows} rows`;
    this.warnings = warnings;
    this.#writeSummary(`Query OK, ${rows} affected`, warnings);
    if (this.#summaryOptions.summaries) {
      this.#summaries.append(info);
      this.#summaries.appendText(info.length > 0 ? '\n\n' : '\n');
    }
    this.#startedAt = readClock();
  }

  /** The number of rows of all result sets. */
  get allRows(): number {
    return this.#earlierRows + this.rows;
  }

  resultSet(columns: Column[]): void {
    this.#earlierRows += this.rows;
    this.rows = 0;
    this.#inResultSet = true;
    this.#format.begin(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.rows++;
    this.bytes += end - start;
    this.#format.row(bytes, start, end);
  }

  takeRows(...batch: Parameters<TakeRows>): RowsTaken | undefined {
    const taken = this.#format.takeRows(...batch);
    if (taken === undefined) return undefined;
    this.rows += taken.rows;
    this.bytes += countRowBytes(batch[1], taken);
    return taken;
  }

  endOfRows(warnings: number): void {
    this.#inResultSet = false;
    this.#format.end(true);
    this.warnings = warnings;
    this.#writeSummary(this.#formatRowCount(), warnings);
    if (this.#summaryOptions.summaries) this.#summaries.appendText('\n');
    this.#startedAt = readClock();
  }

  backPressure(): Promise<void> | undefined {
    return this.#out.backPressure();
  }

  /** Call this when the statement fails: closes the current result set as far as the format can. */
  fail(): void {
    if (!this.#inResultSet) return;
    this.#inResultSet = false;
    this.#format.end(false);
    if (!this.#summaryOptions.quick) return;
    this.#writeSummary(this.#formatRowCount(), 0);
    if (this.#summaryOptions.summaries) this.#summaries.appendText('\n');
  }

  #formatRowCount(): string {
    if (this.rows === 0 && !this.#summaryOptions.emptySets) return 'Empty set';
    const note = this.#summaryOptions.note?.() ?? '';
    return `${this.rows} ${this.rows === 1 ? 'row' : 'rows'} in set${note}`;
  }

  #writeSummary(text: string, warnings: number): void {
    if (!this.#summaryOptions.summaries) return;
    const warningText = warnings === 0 ? '' : `, ${warnings} warning${warnings === 1 ? '' : 's'}`;
    const elapsed = readClock() - this.#startedAt;
    const time = this.#summaryOptions.timing ? ` (${formatElapsed(elapsed)})` : '';
    this.#summaries.appendText(`${text}${warningText}${time}\n`);
  }
}

/** Returns a monotonic time in milliseconds. (`performance` would take time to load.) */
function readClock(): number {
  return process.uptime() * 1000;
}
