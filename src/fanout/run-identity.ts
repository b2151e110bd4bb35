import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';

/** A name for a run that no other has: its start in UTC and six random digits. */
export function newRunId(now = new Date()): string {
  const start = now.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${start}-${randomBytes(3).toString('hex')}`;
}

/** What stands in front of each statement, so that whoever sees it on a server knows whom to ask. */
export function runComment(run: string): string {
  return `/* analytics-mysql user=${userName()} run=${run} */`;
}

function userName(): string {
  try {
    // Nothing that could end the comment.
    return userInfo().username.replace(/[^\w.@-]/g, '_');
  } catch {
    // A number without a name.
    return String(process.getuid?.() ?? 'unknown');
  }
}
