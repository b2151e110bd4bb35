import { ignoreResults, ReplicaConnection } from '../replica/connection.js';

/** How long the server may take to hear of it, in seconds. */
const patience = 3;

/**
 * Ends the statement that runs on `connection`, which stays; over a second connection to the same
 * address, since the first is busy. Never throws: where it does not work the statement goes on.
 */
export async function killStatement(connection: ReplicaConnection): Promise<void> {
  await say(connection, `KILL QUERY ${connection.threadId}`);
}

/**
 * Ends `connection` and what runs on it, on the server too: over a second connection to the same
 * address, since the first is busy. If that does not work within a few seconds the socket alone is
 * closed, and the server finds out when it next writes.
 */
export async function killConnection(connection: ReplicaConnection): Promise<void> {
  await say(connection, `KILL ${connection.threadId}`);
  connection.destroy();
}

async function say(connection: ReplicaConnection, sql: string): Promise<void> {
  const kill = async () => {
    const login = { ...connection.login, connectTimeout: patience };
    const second = await ReplicaConnection.open(connection.sameServer(), login, process.env);
    try {
      await second.query(Buffer.from(sql), ignoreResults);
    } finally {
      second.close();
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience * 1000);
  });
  // A statement that has just ended leaves nothing to kill (error 1094): no reason to complain.
  await Promise.race([kill().catch(() => {}), timeout]);
  clearTimeout(timer);
}
