import type { Column } from '../protocol/column.js';
import type { TakeRows } from '../protocol/packets.js';

/** Writes result sets in one form. Rows come as the server sent them: text protocol, undecoded. */
export interface Format {
  /**
   * A result set begins. `longest`: of each column the longest value, in bytes or in what it
   * was measured by, where the rows were stored first; undefined where they come as the server sends them.
   */
  begin(columns: Column[], longest?: ArrayLike<number>): void;
  /** One row: `bytes[start … end)`, which is lent only until this returns. */
  row(bytes: Uint8Array, start: number, end: number): void;
  /** Rows by the chunk, for formats that can; what it leaves comes by `row`. */
  readonly takeRows: TakeRows;
  /** The result set is complete; `whole` is false when an error ended it. */
  end(whole: boolean): void;
}

/** How names and NULL are shown where it is not as the client does. */
export interface ShownTexts {
  /** How wide a name counts; without it as in the client, by its bytes. */
  nameWidth?: (name: Uint8Array) => number;
  /** What stands for NULL, if not that word. */
  nullText?: Uint8Array;
}

/** NULL as the client shows it among values. */
export const plainNull = Buffer.from('NULL');

/** The same format, but for how a result set begins. */
export function beginningWith(format: Format, begin: Format['begin']): Format {
  return {
    begin,
    row: (bytes, start, end) => format.row(bytes, start, end),
    takeRows: (...chunk) => format.takeRows(...chunk),
    end: (whole) => format.end(whole),
  };
}

/** A format that sees all results of a run, and says what stands behind the last of them. */
export interface RunFormat extends Format {
  /** All went well, and no more results are going to come. */
  finish?(): void;
}
