import type { ReplicaConnection } from '../replica/connection.js';
import { findClosestTables } from '../session/closest-tables.js';
import {
  explainUnknownName,
  findUnknownNameKind,
  type UnknownNameKind,
} from '../session/explain-unknown-name.js';
import type { Target } from '../target/target.js';
import { joinWithOr } from '../text/join-with-or.js';
import { printable } from '../text/printable.js';
import { groupFailures } from './failure-groups.js';
import type { FailureReason, WikiOutcome } from './outcome.js';
import type { Plan } from './plan/plan.js';
import type { RunStats } from './run-stats.js';

/** Explains a run that failed because tables, databases or servers are unknown. */

/**
 * Returns a message if no wiki has a result because tables are missing, with where the table is or
 * with the closest names of tables on one of these wikis. Returns no line for other runs. Never rejects.
 */
export async function explainMissingTable(
  stats: RunStats,
  plan: Plan,
  mwConfigPath: string | undefined,
  connect: (target: Target) => Promise<ReplicaConnection>,
): Promise<string[]> {
  if (stats.withResult > 0 || stats.skipped === 0) return [];
  const missing = findMissingTable(stats);
  if (missing === undefined) {
    return [`no wiki succeeded: ${stats.skipped} of ${stats.total} lack a table of the script`];
  }
  const { wikis } = missing;
  const explanation = await explainMissing(missing, plan, mwConfigPath, connect);
  const description = `the table '${printable(missing.nameInStatement)}'`;
  const text =
    wikis === stats.total
      ? `no wiki has ${description}`
      : `no wiki succeeded: ${wikis} of ${stats.total} lack ${description}`;
  return [explanation === undefined ? text : `${text}; ${explanation}`];
}

async function explainMissing(
  { reason, wiki, table, database, section }: MissingTable,
  plan: Plan,
  mwConfigPath: string | undefined,
  connect: (target: Target) => Promise<ReplicaConnection>,
): Promise<string | undefined> {
  const target = plan.sections.find(({ name }) => name === section)?.target;
  if (target === undefined) return undefined;
  const findClosest = () => findClosestTables(table, database, () => connect(target));
  if (mwConfigPath === undefined || findUnknownNameKind(reason, target) === undefined) {
    const closest = await findClosest();
    return closest.length > 0 ? `did you mean ${joinWithOr(closest)}?` : undefined;
  }
  return explainUnknownName(reason, {
    target: { ...target, wiki, database },
    mwConfigPath,
    isMany: true,
    findClosestTables: findClosest,
  });
}

/**
 * Returns lines that say where tables, databases or servers are that a run did not find, one for
 * each kind. Tables that no wiki has are left to explainMissingTable. Never rejects.
 */
export async function explainFailures(
  stats: RunStats,
  plan: Plan,
  mwConfigPath: string,
  silent: boolean,
): Promise<string[]> {
  const lines = new Map<UnknownNameKind, string>();
  for (const { outcome, wikis } of groupFailures(stats.outcomes)) {
    if (outcome === 'skipped' && (silent || stats.withResult === 0)) continue;
    const first = stats.outcomes.find(({ wiki }) => wiki === wikis[0]);
    const target = plan.sections.find(({ name }) => name === first?.section)?.target;
    if (first?.reason === undefined || target === undefined) continue;
    const kind = findUnknownNameKind(first.reason, target);
    if (kind === undefined || lines.has(kind)) continue;
    const { wiki, database } = first;
    const line = await explainUnknownName(first.reason, {
      target: { ...target, wiki, database },
      mwConfigPath,
      isMany: true,
    });
    if (line !== undefined) lines.set(kind, line);
  }
  return [...lines.values()];
}

interface MissingTable {
  /** The table's name in the statement; includes the database if it is not the wiki's own. */
  nameInStatement: string;
  table: string;
  database: string;
  section: string;
  /** The first wiki without this table, and what its server says. */
  wiki: string;
  reason: FailureReason;
  /** The number of wikis without this table. */
  wikis: number;
}

/** Finds the table that is missing on most wikis. */
function findMissingTable({ outcomes }: RunStats): MissingTable | undefined {
  const lacking = new Map<string, (WikiOutcome & { reason: FailureReason })[]>();
  for (const outcome of outcomes) {
    const { reason } = outcome;
    const name = outcome.outcome === 'skipped' && reason && parseMissingTable(reason, outcome);
    if (!name) continue;
    lacking.set(name, [...(lacking.get(name) ?? []), { ...outcome, reason }]);
  }
  const [largest] = [...lacking].sort(([, one], [, other]) => other.length - one.length);
  const [first] = largest?.[1].toSorted((a, b) => (a.wiki < b.wiki ? -1 : 1)) ?? [];
  if (largest === undefined || first === undefined) return undefined;
  const [nameInStatement, wikis] = largest;
  const dot = nameInStatement.indexOf('.');
  return {
    nameInStatement,
    table: nameInStatement.slice(dot + 1),
    database: dot < 0 ? first.database : nameInStatement.slice(0, dot),
    section: first.section,
    wiki: first.wiki,
    reason: first.reason,
    wikis: wikis.length,
  };
}

/** Returns the name of the missing table, without the wiki's own database. */
function parseMissingTable({ text }: FailureReason, { database }: WikiOutcome): string | undefined {
  // "Table 'itwiki.page' doesn't exist". Observed: German, French and Russian messages quote it,
  // too.
  const [, name] = /'(.+?)'/s.exec(text) ?? [];
  return name?.startsWith(`${database}.`) ? name.slice(database.length + 1) : name;
}
