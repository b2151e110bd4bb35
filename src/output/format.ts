import type { Column } from '../protocol/column.js';
import type { TakeRows } from '../protocol/packets.js';

/**
 * A result-set format: writes result sets to an output. Rows arrive as the server sent them, as
 * undecoded text-protocol packets.
 */
export interface Format {
  /**
   * Starts a result set. `maxLengths` holds the length of each column's longest value, in bytes or
   * in the units of the MeasureCell function of StoredResult. It is undefined if the rows are not
   * stored first but arrive as the server sends them; so is `rowCount`.
   */
  begin(columns: Column[], maxLengths?: ArrayLike<number>, rowCount?: number): void;
  /** Writes one row, `bytes[start … end)`. The bytes are valid only during the call. */
  row(bytes: Uint8Array, start: number, end: number): void;
  /** Writes many rows at once if the format can; the caller passes the remaining rows to `row`. */
  readonly takeRows: TakeRows;
  /** Ends the result set; `isComplete` is false if an error ended it. */
  end(isComplete: boolean): void;
}

/** Deviations from the client in how a format displays column names and NULL. */
export interface DisplayOptions {
  /** Returns the width of a name in cells; by default the number of its bytes, as in the client. */
  nameWidth?: (name: Uint8Array) => number;
  /** The text for NULL; by default `NULL`. */
  nullText?: Uint8Array;
}

/** The client's text for NULL. */
export const clientNullText = Buffer.from('NULL');

/** Returns a format that calls `begin` in place of `format.begin` and is otherwise `format`. */
export function overrideBegin(format: Format, begin: Format['begin']): Format {
  return {
    begin,
    row: (bytes, start, end) => format.row(bytes, start, end),
    takeRows: (...chunk) => format.takeRows(...chunk),
    end: (isComplete) => format.end(isComplete),
  };
}

/** A format that receives all result sets of a run and can write a trailer after the last one. */
export interface RunFormat extends Format {
  /** Writes the trailer: the run succeeded and has no more result sets. */
  finish?(): void;
}
