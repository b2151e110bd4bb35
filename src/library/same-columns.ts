import { WikiFailure } from '../fanout/outcome.js';
import type { Column as InnerColumn } from '../protocol/column.js';
import { printable } from '../text/printable.js';
import { valueTypeOf } from './cells.js';
import { describeColumn } from './columns.js';
import type { ValueOptions } from './options.js';

/** Sees to it that the rows of all wikis have one shape: the names of the columns, what their values are. */
export class SameColumns {
  readonly #options: ValueOptions;
  #first: { wiki: string; columns: string[] } | undefined;
  /** Another wiki has the same. */
  #agreed = false;

  constructor(options: ValueOptions) {
    this.#options = options;
  }

  /** Throws a WikiFailure that names the other wiki, and what differs. */
  check(wiki: string, inner: readonly InnerColumn[]): void {
    const columns = inner.map((one) => {
      const column = describeColumn(one);
      return `${printable(column.name)} (${valueTypeOf(one, column, this.#options)})`;
    });
    this.#first ??= { wiki, columns };
    const { wiki: other, columns: those } = this.#first;
    const count = Math.max(columns.length, those.length);
    for (let at = 0; at < count; at++) {
      const [own, expected] = [columns[at] ?? 'nothing', those[at] ?? 'nothing'];
      if (own === expected) continue;
      throw new WikiFailure(
        `its column ${at + 1} is ${own}, that of ${other} is ${expected}: use AS or CAST, or ask for { unionColumns: true }`,
      );
    }
    if (wiki !== other) this.#agreed = true;
  }

  /** The wiki has no rows after all: unless others are as it is, it sets nothing. */
  forget(wiki: string): void {
    if (this.#first?.wiki === wiki && !this.#agreed) this.#first = undefined;
  }
}
