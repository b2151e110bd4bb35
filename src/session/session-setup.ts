import type { SafeUpdates } from '../cli/settings.js';
import type { ResultHandler } from '../protocol/response.js';
import { ignoreResults, type ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import { toExactBytes } from '../text/exact-bytes.js';

/**
 * Runs the setup statements of a new connection: --max-statement-time, --init-command, which can
 * override it, then --safe-updates. Rejects with an SqlError.
 *
 * Observed (10.11.19): the client uses the character set that --init-command sets, for example for
 * the widths of columns, but not one that a later statement sets.
 */
export async function runSetupStatements(
  connection: ReplicaConnection,
  { maxStatementTime, initCommands, safeUpdates }: Login,
): Promise<void> {
  if (maxStatementTime > 0) {
    await connection.query(Buffer.from(formatMaxStatementTime(maxStatementTime)), ignoreResults);
  }
  let characterSet: Uint8Array | undefined;
  const handler: ResultHandler = {
    ...ignoreResults,
    ok(ok) {
      characterSet = ok.characterSet ?? characterSet;
    },
  };
  for (const command of initCommands) await connection.query(toExactBytes(command), handler);
  if (characterSet !== undefined) {
    connection.assumeCharacterSet(Buffer.from(characterSet).toString('latin1'));
  }
  if (!safeUpdates.on) return;
  await connection.query(Buffer.from(buildSafeUpdatesSql(safeUpdates)), ignoreResults);
}

/** Returns the statement that limits the time of statements, in seconds. */
export function formatMaxStatementTime(seconds: number): string {
  return `SET SESSION max_statement_time=${seconds}`;
}

function buildSafeUpdatesSql({ selectLimit, maxJoinSize }: SafeUpdates): string {
  const [select, join] = [selectLimit, maxJoinSize].map(clampToUint64);
  return `SET SQL_SAFE_UPDATES=1,SQL_SELECT_LIMIT=${select},MAX_JOIN_SIZE=${join}`;
}

const maxUint64 = 2n ** 64n - 1n;

/** Clamps, because the largest 64-bit integer, as a JavaScript number, rounds up to 2^64. */
function clampToUint64(number: number): bigint {
  const integer = BigInt(number);
  return integer > maxUint64 ? maxUint64 : integer;
}
