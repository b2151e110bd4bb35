import { eachCell } from '../protocol/row.js';
import { SqlError } from '../protocol/sql-error.js';
import { ignoreResults, type ReplicaConnection } from '../replica/connection.js';
import type { SummaryOutput } from './results.js';

/**
 * Asks the server for the warnings of the last statement and writes a line for each, as
 * --show-warnings has them: `Warning (Code 1365): Division by 0`.
 *
 * `error`: the number of the error that the statement ended in; where that is all that the server
 * has to say, nothing is written.
 */
export async function writeWarnings(
  connection: ReplicaConnection,
  out: SummaryOutput,
  error: number | undefined,
): Promise<void> {
  const warnings: Buffer[][] = [];
  try {
    await connection.query(Buffer.from('show warnings'), {
      ...ignoreResults,
      row(bytes, start, end) {
        const cells: Buffer[] = [];
        eachCell(bytes, start, end, (from, to) => cells.push(Buffer.from(bytes.slice(from, to))));
        warnings.push(cells);
      },
    });
  } catch (failure) {
    if (!(failure instanceof SqlError)) throw failure;
    return;
  }
  if (warnings.length === 1 && warnings[0]?.[1]?.toString() === String(error)) return;
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
