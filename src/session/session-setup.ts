import { exactBytes } from '../cli/exact-arguments.js';
import type { SafeUpdates } from '../cli/settings.js';
import { ignoreResults, type ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';

/** Says what has to be said first: --init-command, then --safe-updates. Throws ReplicaError. */
export async function runSetupStatements(
  connection: ReplicaConnection,
  { initCommands, safeUpdates }: Login,
): Promise<void> {
  for (const command of initCommands) await connection.query(exactBytes(command), ignoreResults);
  if (!safeUpdates.on) return;
  await connection.query(Buffer.from(safeUpdatesSql(safeUpdates)), ignoreResults);
}

function safeUpdatesSql({ selectLimit, maxJoinSize }: SafeUpdates): string {
  const [select, join] = [selectLimit, maxJoinSize].map(asUnsigned);
  return `SET SQL_SAFE_UPDATES=1,SQL_SELECT_LIMIT=${select},MAX_JOIN_SIZE=${join}`;
}

const largest = 2n ** 64n - 1n;

/** The largest number of 64 bits rounds up to one of 65. */
function asUnsigned(number: number): bigint {
  const whole = BigInt(number);
  return whole > largest ? largest : whole;
}
