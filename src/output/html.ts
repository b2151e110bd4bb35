import type { Column } from '../protocol/column.js';
import { takeNoRows } from '../protocol/packets.js';
import { forEachCell } from '../protocol/row.js';
import type { Format } from './format.js';
import { appendMarkup } from './markup.js';
import type { OutputBuffer } from './output-buffer.js';

/**
 * Writes an HTML table per result set as `mariadb --html` does (observed: 10.11): all on one line,
 * without a newline at the end. For a result set without rows it writes the head if `showEmpty` is
 * true; otherwise `whenEmpty` writes the result set, or nothing does if that is undefined.
 */
export class HtmlFormat implements Format {
  readonly takeRows = takeNoRows;
  readonly #out: OutputBuffer;
  readonly #columnNames: boolean;
  readonly #showEmpty: boolean;
  readonly #whenEmpty: Format | undefined;
  #columns: Column[] = [];
  #hasHead = false;

  constructor(
    out: OutputBuffer,
    options: { columnNames: boolean; showEmpty: boolean; whenEmpty: Format | undefined },
  ) {
    this.#out = out;
    this.#whenEmpty = options.whenEmpty;
    this.#columnNames = options.columnNames;
    this.#showEmpty = options.showEmpty;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    this.#hasHead = false;
    if (this.#showEmpty) this.#writeHead();
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#hasHead) this.#writeHead();
    const out = this.#out;
    out.appendText('<TR>');
    forEachCell(bytes, start, end, (cellStart, cellEnd) => {
      out.appendText('<TD>');
      if (cellStart < 0) out.appendText('NULL');
      else appendMarkup(out, bytes, cellStart, cellEnd);
      out.appendText('</TD>');
    });
    out.appendText('</TR>');
  }

  end(isComplete: boolean): void {
    if (this.#hasHead) this.#out.appendText('</TABLE>');
    else if (isComplete && this.#whenEmpty !== undefined) {
      this.#whenEmpty.begin(this.#columns);
      this.#whenEmpty.end(true);
    }
  }

  #writeHead(): void {
    const out = this.#out;
    this.#hasHead = true;
    out.appendText('<TABLE BORDER=1>');
    if (!this.#columnNames) return;
    out.appendText('<TR>');
    for (const { name } of this.#columns) {
      out.appendText('<TH>');
      if (name.length === 0) out.appendText(' &nbsp; ');
      else appendMarkup(out, name);
      out.appendText('</TH>');
    }
    out.appendText('</TR>');
  }
}
