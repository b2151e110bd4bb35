import { SqlError } from '../protocol/sql-error.js';
import { ignoreResults, ReplicaConnection } from '../replica/connection.js';
import { addressText } from '../target/address.js';
import { printable } from '../text/printable.js';
import { untilAborted } from '../until-aborted.js';
import { writeError } from './report.js';
import { fetchRows } from './rows.js';

/** How long the server may take to answer, in seconds. */
const patience = 3;

/** The statement has ended, and its connection too. */
const noSuchThread = 1094;

/** Why a server has not confirmed a KILL; undefined: it has, so that nothing runs there any more. */
export type KillProblem = string | undefined;

/** `had ended`: there was nothing to kill, since the server has sent the whole result. */
export type KillOutcome = 'killed' | 'had ended' | { problem: string };

/**
 * Ends the statement that runs on `connection`, which stays; over a second connection to the same
 * address, since the first is busy. Never throws: where it does not work the statement goes on.
 */
export async function killStatement(connection: ReplicaConnection): Promise<KillOutcome> {
  const { threadId } = connection;
  let hadEnded = false;
  const problem = await onSecondConnection(connection, async (second) => {
    // Rows that have been read ahead may be all that is left of the statement.
    const sql = `SELECT COMMAND FROM information_schema.PROCESSLIST WHERE ID = ${threadId}`;
    const [command] = (await fetchRows(second, Buffer.from(sql)))[0] ?? [];
    hadEnded = Buffer.from(command ?? []).toString() === 'Sleep';
    if (!hadEnded) await second.query(Buffer.from(`KILL QUERY ${threadId}`), ignoreResults);
  });
  if (problem !== undefined) return { problem };
  return hadEnded ? 'had ended' : 'killed';
}

/**
 * Ends `connection` and what runs on it, on the server too: over a second connection to the same
 * address, since the first is busy. If that does not work within a few seconds the socket alone is
 * closed, and the server finds out when it next writes.
 */
export async function killConnection(connection: ReplicaConnection): Promise<KillProblem> {
  const { busy } = connection;
  const sql = Buffer.from(`KILL ${connection.threadId}`);
  const problem = await onSecondConnection(connection, (second) =>
    second.query(sql, ignoreResults),
  );
  connection.destroy();
  return busy ? problem : undefined;
}

/**
 * The same, and tells on standard error if a statement may still be running. Waits no longer than
 * until `giveUp` is aborted.
 */
export async function killAndReport(
  connection: ReplicaConnection,
  giveUp?: AbortSignal,
): Promise<void> {
  const { busy } = connection;
  const killing = killConnection(connection).then((problem) => ({ problem }));
  const killed = giveUp === undefined ? await killing : await untilAborted(killing, giveUp);
  const problem = killed === undefined && busy ? 'interrupted' : killed?.problem;
  if (problem !== undefined) writeError(`analytics-mysql: ${stillRunning(connection, problem)}\n`);
}

/** What to tell of a statement that could not be ended. */
export function stillRunning(connection: ReplicaConnection, problem: string): string {
  const { threadId } = connection;
  return `a statement may still be running on ${addressText(connection.address)}, connection id ${threadId} (${printable(problem)}): 'KILL ${threadId}' there ends it`;
}

async function onSecondConnection(
  connection: ReplicaConnection,
  act: (second: ReplicaConnection) => Promise<void>,
): Promise<KillProblem> {
  const connectAndAct = async () => {
    const login = { ...connection.login, connectTimeout: patience };
    const second = await ReplicaConnection.open(connection.sameServer(), login, process.env);
    try {
      await act(second);
    } finally {
      second.close();
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<KillProblem>((resolve) => {
    timer = setTimeout(
      () => resolve(`no answer to KILL within ${patience} seconds`),
      patience * 1000,
    );
  });
  const problem = await Promise.race([connectAndAct().then(() => undefined, problemOf), timeout]);
  clearTimeout(timer);
  return problem;
}

function problemOf(error: unknown): KillProblem {
  if (!(error instanceof SqlError)) return String(error);
  return error.errno === noSuchThread ? undefined : Buffer.from(error.text).toString();
}
