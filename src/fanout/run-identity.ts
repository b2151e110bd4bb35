import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';

/** Returns a unique id for a run: its start in UTC and six random hexadecimal digits. */
export function createRunId(now = new Date()): string {
  const start = now.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${start}-${randomBytes(3).toString('hex')}`;
}

/**
 * Returns the SQL comment before each statement: it tells administrators who runs the statement.
 */
export function buildRunComment(run: string): string {
  return `/* analytics-mysql user=${currentUserName()} run=${run} */`;
}

function currentUserName(): string {
  try {
    // Replaces characters that could end the comment.
    return userInfo().username.replace(/[^\w.@-]/g, '_');
  } catch {
    // The user id has no name.
    return String(process.getuid?.() ?? 'unknown');
  }
}
