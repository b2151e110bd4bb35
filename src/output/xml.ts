import type { Column } from '../protocol/column.js';
import { leaveRows } from '../protocol/packets.js';
import { eachCell } from '../protocol/row.js';
import type { Format } from './format.js';
import { appendMarkup } from './markup.js';
import type { OutputBuffer } from './output-buffer.js';

const head = '<?xml version="1.0"?>\n\n<resultset statement="';
const schema = '" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">';

/**
 * A `resultset` element for each result set, as `mariadb --xml` writes it (10.11, observed): with an
 * XML declaration of its own, with its columns' names whatever --skip-column-names says, and also
 * when there are no rows.
 */
export class XmlFormat implements Format {
  readonly takeRows = leaveRows;
  readonly #out: OutputBuffer;
  readonly #statement: Uint8Array;
  readonly #quick: boolean;
  #columns: Column[] = [];
  #begun = false;

  /** `statement`: what the element says it answers. */
  constructor(out: OutputBuffer, options: { statement: Uint8Array; quick: boolean }) {
    this.#out = out;
    this.#statement = options.statement;
    this.#quick = options.quick;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    this.#begun = false;
    if (this.#quick) this.#head();
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#begun) this.#head();
    const out = this.#out;
    out.appendText('\n  <row>\n');
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
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

  end(whole: boolean): void {
    if (!this.#begun && whole) this.#head();
    if (this.#begun) this.#out.appendText('</resultset>\n');
  }

  #head(): void {
    this.#begun = true;
    this.#out.appendText(head);
    appendMarkup(this.#out, this.#statement);
    this.#out.appendText(schema);
  }
}
