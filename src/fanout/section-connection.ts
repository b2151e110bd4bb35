import type { FanoutSettings } from '../cli/settings.js';
import { ignoreResults, ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import { runSetupStatements } from '../session/session-setup.js';
import type { Target } from '../target/target.js';

/** What a run may do to the servers. */
export type SessionLimits = Pick<FanoutSettings, 'readOnly' | 'maxStatementTime'>;

/** Connects to a section, as the run's sessions are. Throws ReplicaError. */
export async function openSection(
  target: Target,
  login: Login,
  limits: SessionLimits,
): Promise<ReplicaConnection> {
  const connection = await ReplicaConnection.open(target, login, process.env);
  try {
    await beginSession(connection, limits);
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Says what holds for the session; the user's own --init-command comes last, and wins. */
export async function beginSession(
  connection: ReplicaConnection,
  { readOnly, maxStatementTime }: SessionLimits,
): Promise<void> {
  const limits = [
    ...(readOnly ? ['SET SESSION TRANSACTION READ ONLY'] : []),
    ...(maxStatementTime > 0 ? [`SET SESSION max_statement_time=${maxStatementTime}`] : []),
  ];
  if (limits.length > 0) await connection.query(Buffer.from(limits.join(';')), ignoreResults);
  await runSetupStatements(connection, connection.login);
}
