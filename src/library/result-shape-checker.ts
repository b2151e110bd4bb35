import { WikiFailure } from '../fanout/outcome.js';
import type { Column as ProtocolColumn } from '../protocol/column.js';
import { printable } from '../text/printable.js';
import { valueTypeOf } from './cells.js';
import { describeColumn } from './columns.js';
import type { ValueOptions } from './options.js';

/**
 * Checks that the rows of all wikis have the same shape: the names of the columns, their order, and the
 * types of their values.
 */
export class ResultShapeChecker {
  readonly #options: ValueOptions;
  #first: { wiki: string; columns: string[] } | undefined;
  /** Whether another wiki has the same columns as the first. */
  #isConfirmed = false;

  constructor(options: ValueOptions) {
    this.#options = options;
  }

  /** Throws WikiFailure if the columns differ from those of the first wiki; it names that wiki. */
  check(wiki: string, protocolColumns: readonly ProtocolColumn[]): void {
    const columns = protocolColumns.map((protocolColumn) => {
      const column = describeColumn(protocolColumn);
      return `${printable(column.name)} (${valueTypeOf(protocolColumn, column, this.#options)})`;
    });
    this.#first ??= { wiki, columns };
    const { wiki: other, columns: expectedColumns } = this.#first;
    const count = Math.max(columns.length, expectedColumns.length);
    for (let index = 0; index < count; index++) {
      const [own, expected] = [columns[index] ?? 'missing', expectedColumns[index] ?? 'missing'];
      if (own === expected) continue;
      throw new WikiFailure(
        `its column ${index + 1} is ${own}, but ${expected} in ${other}: use AS or CAST, or { unionColumns: true }`,
      );
    }
    if (wiki !== other) this.#isConfirmed = true;
  }

  /**
   * Called for a wiki that has failed. If it was the first one and no other wiki has the same columns,
   * the next wiki becomes the first.
   */
  forget(wiki: string): void {
    if (this.#first?.wiki === wiki && !this.#isConfirmed) this.#first = undefined;
  }
}
