import type { ReplicaConnection } from '../../replica/connection.js';
import { ReplicaError } from '../../replica/replica-error.js';
import { fetchRows } from '../rows.js';

/** What is shown where the server does not tell. */
const unknown = '?';

/**
 * How far a replica is behind, from the heartbeat that the primary writes into `heartbeat.heartbeat`
 * once a second (pt-heartbeat's table, with Wikimedia's column `shard`): `0.4 s`. `?` where it cannot
 * be read.
 */
export async function readLag(
  connection: ReplicaConnection,
  section: string | undefined,
): Promise<string> {
  if (section === undefined || !/^[\w-]+$/.test(section)) return unknown;
  const sql = `select timestampdiff(microsecond, max(ts), utc_timestamp(6)) from heartbeat.heartbeat where shard = '${section}'`;
  try {
    const [row] = await fetchRows(connection, Buffer.from(sql));
    const [cell] = row ?? [];
    if (cell == null) return unknown;
    const seconds = Number(Buffer.from(cell).toString()) / 1e6;
    return `${Math.max(0, seconds).toFixed(1)} s`;
  } catch (error) {
    if (error instanceof ReplicaError) return unknown;
    throw error;
  }
}
