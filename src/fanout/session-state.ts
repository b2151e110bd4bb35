import type { PlannedStatement } from './plan/plan.js';

const readsOnly = /^\s*(?:\(\s*)*(?:select|with|show|desc|describe|explain|values|table)\b/i;
/** User variables, system variables and what else a SELECT can leave in the session. */
const leavesSomething = /@|\bget_lock\b|\bsql_calc_found_rows\b|\bprocedure\b|\bset_|\/\*[!M]/i;

/**
 * Whether a script may leave something in the session (variables, temporary tables, an open
 * transaction), so that the session has to be made new before another wiki runs it: results must
 * not depend on which wiki was asked before. When in doubt it may.
 */
export function mayLeaveState(statements: readonly PlannedStatement[]): boolean {
  const [only, more] = statements;
  if (only === undefined || more !== undefined) return true;
  const text = Buffer.from(only.sql).toString('latin1');
  return !readsOnly.test(text) || leavesSomething.test(text) || text.includes(';');
}
