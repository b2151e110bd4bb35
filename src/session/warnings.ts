import { forEachCell } from '../protocol/row.js';
import { SqlError } from '../protocol/sql-error.js';
import { ignoreResults, type ReplicaConnection } from '../replica/connection.js';
import type { SummaryOutput } from './results.js';

/**
 * Requests the warnings of the last statement from the server and writes a line for each, as
 * --show-warnings does: `Warning (Code 1365): Division by 0`.
 *
 * `errno`: the number of the error that ended the statement; if the server reports nothing else,
 * nothing is written.
 */
export async function writeWarnings(
  connection: ReplicaConnection,
  out: SummaryOutput,
  errno: number | undefined,
): Promise<void> {
  const warnings: Buffer[][] = [];
  try {
    await connection.query(Buffer.from('show warnings'), {
      ...ignoreResults,
      row(bytes, start, end) {
        const cells: Buffer[] = [];
        forEachCell(bytes, start, end, (from, to) =>
          cells.push(Buffer.from(bytes.slice(from, to))),
        );
        warnings.push(cells);
      },
    });
  } catch (queryError) {
    if (!(queryError instanceof SqlError)) throw queryError;
    return;
  }
  if (warnings.length === 1 && warnings[0]?.[1]?.toString() === String(errno)) return;
  for (const [level, code, message] of warnings) {
    if (level === undefined || code === undefined || message === undefined) continue;
    out.append(level);
    out.appendText(' (Code ');
    out.append(code);
    out.appendText('): ');
    out.append(message);
    out.appendText('\n');
  }
}
