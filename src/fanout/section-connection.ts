import type { FanoutSettings } from '../cli/settings.js';
import { ignoreResults, ReplicaConnection } from '../replica/connection.js';
import type { Login } from '../replica/log-in.js';
import { formatMaxStatementTime, runSetupStatements } from '../session/session-setup.js';
import type { Target } from '../target/target.js';
import { answerLimitMs, getSilenceLimitMs, ServerTimer } from './server-timer.js';

/** Opens the connections of a run. */

/** The limits that a session sets on the server. */
export type SessionLimits = Pick<FanoutSettings, 'readOnly' | 'maxStatementTime'>;

/** Connects to a section and sets up the session. Rejects with SqlError. */
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

/** Resets a session and sets it up again. Rejects with SqlError. */
export async function resetSession(
  connection: ReplicaConnection,
  limits: SessionLimits,
): Promise<void> {
  await giveUpSilent(connection, answerLimitMs, connection.reset());
  await setUpSession(connection, limits);
}

/**
 * Sets the session's limits. The user's --init-command runs last, so that it can override them. Gives
 * up a server that does not answer.
 */
function setUpSession(connection: ReplicaConnection, limits: SessionLimits): Promise<void> {
  const hasCommands = connection.login.initCommands.length > 0;
  const limitMs = hasCommands ? getSilenceLimitMs(limits.maxStatementTime) : answerLimitMs;
  return giveUpSilent(connection, limitMs, runSetup(connection, limits));
}

async function runSetup(
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

/** Closes the connection if the server is silent for longer; `setup` then rejects. */
async function giveUpSilent(
  connection: ReplicaConnection,
  silenceMs: number,
  setup: Promise<void>,
): Promise<void> {
  const limits = { wikiMs: Number.POSITIVE_INFINITY, silenceMs };
  const timer = new ServerTimer(connection, limits, () => connection.destroy());
  return setup.finally(() => timer.stop());
}
