import type { Column } from '../protocol/column.js';
import { leaveRows } from '../protocol/packets.js';
import { eachCell } from '../protocol/row.js';
import type { Format } from './format.js';
import { appendMarkup } from './markup.js';
import type { OutputBuffer } from './output-buffer.js';

/**
 * An HTML table for each result set, as `mariadb --html` writes it (10.11, observed): all on one
 * line, without a newline at its end. A result set without rows writes its head if `showEmpty`; if not,
 * `whenEmpty` writes it, or nothing.
 */
export class HtmlFormat implements Format {
  readonly takeRows = leaveRows;
  readonly #out: OutputBuffer;
  readonly #columnNames: boolean;
  readonly #showEmpty: boolean;
  readonly #whenEmpty: Format | undefined;
  #columns: Column[] = [];
  #begun = false;

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
    this.#begun = false;
    if (this.#showEmpty) this.#head();
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#begun) this.#head();
    const out = this.#out;
    out.appendText('<TR>');
    eachCell(bytes, start, end, (cellStart, cellEnd) => {
      out.appendText('<TD>');
      if (cellStart < 0) out.appendText('NULL');
      else appendMarkup(out, bytes, cellStart, cellEnd);
      out.appendText('</TD>');
    });
    out.appendText('</TR>');
  }

  end(whole: boolean): void {
    if (this.#begun) this.#out.appendText('</TABLE>');
    else if (whole && this.#whenEmpty !== undefined) {
      this.#whenEmpty.begin(this.#columns);
      this.#whenEmpty.end(true);
    }
  }

  #head(): void {
    const out = this.#out;
    this.#begun = true;
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
