import type { FanoutSettings } from '../cli/settings.js';
import { ignoreResults, ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import { formatMaxStatementTime, runSetupStatements } from '../session/session-setup.js';
import type { Target } from '../target/target.js';

/** Opens the connections of a run. */

/** The limits that a session sets on the server. */
export type SessionLimits = Pick<FanoutSettings, 'readOnly' | 'maxStatementTime'>;

/** Connects to a section and sets up the session. Rejects with ReplicaError. */
export async function connectToSection(
  target: Target,
  login: Login,
  limits: SessionLimits,
): Promise<ReplicaConnection> {
  const connection = await ReplicaConnection.open(target, login, process.env);
  try {
    await setUpSession(connection, limits);
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Sets the session's limits. The user's --init-command runs last, so that it can override them. */
export async function setUpSession(
  connection: ReplicaConnection,
  { readOnly, maxStatementTime }: SessionLimits,
): Promise<void> {
  const limits = [
    ...(readOnly ? ['SET SESSION TRANSACTION READ ONLY'] : []),
    ...(maxStatementTime > 0 ? [formatMaxStatementTime(maxStatementTime)] : []),
  ];
  if (limits.length > 0) await connection.query(Buffer.from(limits.join(';')), ignoreResults);
  await runSetupStatements(connection, connection.login);
}
