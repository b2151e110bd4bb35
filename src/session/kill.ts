import { SqlError } from '../protocol/sql-error.js';
import { ignoreResults, ReplicaConnection } from '../replica/connection.js';
import { formatAddress } from '../target/address.js';
import { printable } from '../text/printable.js';
import { untilAborted } from '../until-aborted.js';
import { fetchRows } from './fetch-rows.js';
import { writeError } from './report.js';

/** How long to wait for the server's answer to a KILL. */
const timeoutSeconds = 3;

/** ER_NO_SUCH_THREAD: the connection to kill has already ended. */
const noSuchThread = 1094;

/**
 * The reason why a server did not confirm a KILL; undefined: it did, so nothing runs there any
 * more.
 */
export type KillProblem = string | undefined;

/** `had ended`: there was nothing to kill, because the server had already sent the whole result. */
export type KillOutcome = 'killed' | 'had ended' | { problem: string };

/**
 * Kills the statement that runs on `connection`, and keeps the connection. Uses a second connection
 * to the same address, because the first one is busy. Never throws; after a problem, the statement
 * may continue to run.
 */
export async function killStatement(connection: ReplicaConnection): Promise<KillOutcome> {
  const { threadId } = connection;
  let hadEnded = false;
  const problem = await withSecondConnection(connection, async (second) => {
    // The statement may have ended on the server while rows in local buffers are not processed yet.
    const sql = `SELECT COMMAND FROM information_schema.PROCESSLIST WHERE ID = ${threadId}`;
    const [command] = (await fetchRows(second, Buffer.from(sql)))[0] ?? [];
    hadEnded = Buffer.from(command ?? []).toString() === 'Sleep';
    if (!hadEnded) await second.query(Buffer.from(`KILL QUERY ${threadId}`), ignoreResults);
  });
  if (problem !== undefined) return { problem };
  return hadEnded ? 'had ended' : 'killed';
}

/**
 * Kills `connection` and its statement on the server, then closes its socket. Uses a second
 * connection to the same address, because the first one is busy. If the server does not answer
 * within a few seconds, only the socket is closed; the server notices when it next writes.
 */
export async function killConnection(connection: ReplicaConnection): Promise<KillProblem> {
  const { isBusy } = connection;
  const sql = Buffer.from(`KILL ${connection.threadId}`);
  const problem = await withSecondConnection(connection, (second) =>
    second.query(sql, ignoreResults),
  );
  connection.destroy();
  return isBusy ? problem : undefined;
}

/**
 * Kills `connection` like killConnection, and prints a warning on standard error if a statement may
 * still be running. Stops waiting when `abort` is aborted.
 */
export async function killAndReport(
  connection: ReplicaConnection,
  abort?: AbortSignal,
): Promise<void> {
  const { isBusy } = connection;
  const killResult = killConnection(connection).then((problem) => ({ problem }));
  const killed = abort === undefined ? await killResult : await untilAborted(killResult, abort);
  const problem = killed === undefined && isBusy ? 'interrupted' : killed?.problem;
  if (problem !== undefined)
    writeError(`analytics-mysql: ${formatStillRunning(connection, problem)}\n`);
}

/** Returns the warning about a statement that could not be killed. */
export function formatStillRunning(connection: ReplicaConnection, problem: string): string {
  const { threadId } = connection;
  return `a statement may still be running on ${formatAddress(connection.address)}, connection id ${threadId} (${printable(problem)}); use 'KILL ${threadId}' there to end it`;
}

async function withSecondConnection(
  connection: ReplicaConnection,
  act: (second: ReplicaConnection) => Promise<void>,
): Promise<KillProblem> {
  const connectAndAct = async () => {
    const login = { ...connection.login, connectTimeout: timeoutSeconds };
    const second = await ReplicaConnection.open(connection.getServerTarget(), login, process.env);
    try {
      await act(second);
    } finally {
      second.close();
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<KillProblem>((resolve) => {
    timer = setTimeout(
      () => resolve(`no answer to KILL within ${timeoutSeconds} seconds`),
      timeoutSeconds * 1000,
    );
  });
  const problem = await Promise.race([
    connectAndAct().then(() => undefined, describeKillError),
    timeout,
  ]);
  clearTimeout(timer);
  return problem;
}

function describeKillError(error: unknown): KillProblem {
  if (!(error instanceof SqlError)) return String(error);
  return error.errno === noSuchThread ? undefined : Buffer.from(error.text).toString();
}
