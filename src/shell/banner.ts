import type { ReplicaConnection } from '../replica/connection.js';
import { addressText } from '../target/address.js';

/** What is said when a conversation begins; `comment` is the server's @@version_comment. */
export function banner(connection: ReplicaConnection, comment: string): string {
  const { address, serverVersion, target, threadId } = connection;
  const place = addressText(address);
  const where =
    target.section === undefined ? `You are at ${place}` : `Section ${target.section}, at ${place}`;
  return `Welcome to analytics-mysql.  Commands end with ; or \\g.
Your MariaDB connection id is ${threadId}
Server version: ${serverVersion} ${comment}
${where}

Type 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.

`;
}
