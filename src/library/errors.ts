import { explainDenied } from '../cli/explain-denied.js';
import type { Settings } from '../cli/settings.js';
import { ReplicaError as InnerError } from '../replica/replica-error.js';
import { ReplicaError } from './replica-error.js';

/** The server's errors that mean "not with this user and password". */
const denied: ReadonlySet<number> = new Set([1044, 1045, 1698]);

/** An error as a program gets it; `settings` those that were logged in with. */
export function errorForPrograms(error: unknown, settings: Settings | undefined): unknown {
  if (!(error instanceof InnerError)) return error;
  const explains = settings !== undefined && denied.has(error.errno);
  const hint = (explains && explainDenied(settings)) || undefined;
  return new ReplicaError(error.errno, error.sqlState, Buffer.from(error.text).toString(), hint);
}
