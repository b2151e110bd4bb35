import { forEachCell } from '../protocol/row.js';
import { SqlError } from '../protocol/sql-error.js';
import { ignoreResults, type ReplicaConnection } from '../replica/connection.js';
import type { SummaryOutput } from './results.js';

/** The statement that requests the warnings, as the client shows it above an error. */
export const showWarningsSql = Buffer.from('show warnings');

/**
 * Requests the warnings of the last statement from the server and writes a line for each, as
 * --show-warnings does: `Warning (Code 1365): Division by 0`.
 *
 * `errno`: the number of the error that ended the statement; if the server reports nothing else,
 * nothing is written.
 *
 * Returns the error if the server cannot be asked, because the connection is lost.
 */
export async function writeWarnings(
  connection: ReplicaConnection,
  out: SummaryOutput,
  errno: number | undefined,
): Promise<SqlError | undefined> {
  const warnings: Buffer[][] = [];
  try {
    await connection.query(showWarningsSql, {
      ...ignoreResults,
      row(bytes, start, end) {
        const cells: Buffer[] = [];
        forEachCell(bytes, start, end, (from, to) =>
          cells.push(Buffer.from(bytes.slice(from, to))),
        );
        warnings.push(cells);
      },
    });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return error;
  }
  if (warnings.length === 1 && warnings[0]?.[1]?.toString() === String(errno)) return undefined;
  for (const [level, code, message] of warnings) {
    if (level === undefined || code === undefined || message === undefined) continue;
    out.append(level);
    out.appendText(' (Code ');
    out.append(code);
    out.appendText('): ');
    out.append(message);
    out.appendText('\n');
  }
  return undefined;
}
