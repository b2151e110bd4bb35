import type { Column } from '../protocol/column.js';
import { takeNoRows } from '../protocol/packets.js';
import { forEachCell } from '../protocol/row.js';
import type { Format } from './format.js';
import { appendMarkup } from './markup.js';
import type { OutputBuffer } from './output-buffer.js';

const head = '<?xml version="1.0"?>\n\n<resultset statement="';
const schema = '" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">';

/**
 * Writes a `resultset` element per result set as `mariadb --xml` does (observed: 10.11): each with
 * its own XML declaration, with column names even if --skip-column-names is given, and also for
 * result sets without rows.
 */
export class XmlFormat implements Format {
  readonly takeRows = takeNoRows;
  readonly #out: OutputBuffer;
  readonly #statement: Uint8Array;
  readonly #quick: boolean;
  #columns: Column[] = [];
  #hasHead = false;

  /** `statement`: the value of the element's `statement` attribute. */
  constructor(out: OutputBuffer, options: { statement: Uint8Array; quick: boolean }) {
    this.#out = out;
    this.#statement = options.statement;
    this.#quick = options.quick;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    this.#hasHead = false;
    if (this.#quick) this.#writeHead();
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#hasHead) this.#writeHead();
    const out = this.#out;
    out.appendText('\n  <row>\n');
    forEachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      out.appendText('\t<field name="');
      appendMarkup(out, (this.#columns[index] as Column).name);
      if (cellStart < 0) {
        out.appendText('" xsi:nil="true" />\n');
        return;
      }
      out.appendText('">');
      appendMarkup(out, bytes, cellStart, cellEnd);
      out.appendText('</field>\n');
    });
    out.appendText('  </row>\n');
  }

  end(isComplete: boolean): void {
    if (!this.#hasHead && isComplete) this.#writeHead();
    if (this.#hasHead) this.#out.appendText('</resultset>\n');
  }

  #writeHead(): void {
    this.#hasHead = true;
    this.#out.appendText(head);
    appendMarkup(this.#out, this.#statement);
    this.#out.appendText(schema);
  }
}
