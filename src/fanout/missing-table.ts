import type { ReplicaConnection } from '../replica/connection.js';
import { fetchRows } from '../session/rows.js';
import type { Target } from '../target/target.js';
import { printable } from '../text/printable.js';
import { closestNames } from '../wikis/nearest.js';
import { oneOf } from '../wikis/section.js';
import { groupFailures } from './failure-groups.js';
import type { Plan } from './plan/plan.js';
import type { RunStats } from './run-stats.js';

/** Milliseconds within which a server must have named its tables; without an answer there is no hint. */
const patience = 5000;

/**
 * Returns a line for the user of a run in which no wiki has a result because they lack a table, with
 * the nearest names of tables that one of these wikis has; none for other runs. Never rejects.
 */
export async function explainMissingTable(
  stats: RunStats,
  plan: Plan,
  connect: (target: Target) => Promise<ReplicaConnection>,
): Promise<string[]> {
  if (stats.withResult > 0 || stats.skipped === 0) return [];
  const missing = missingTable(stats);
  if (missing === undefined) {
    return [`no wiki succeeded: ${stats.skipped} of ${stats.total} lack a table of the script`];
  }
  const { table, database, section, wikis } = missing;
  const target = plan.sections.find(({ name }) => name === section)?.target;
  const near = target === undefined ? [] : await nearestTables(table, database, target, connect);
  const named = `the table '${printable(missing.named)}'`;
  const text =
    wikis === stats.total
      ? `no wiki has ${named}`
      : `no wiki succeeded: ${wikis} of ${stats.total} lack ${named}`;
  const hint = near.length > 0 ? `; did you mean ${oneOf(near)}?` : '';
  return [`${text}${hint}`];
}

interface MissingTable {
  /** As the statement names it: with its database, if that is another one than the wiki's. */
  named: string;
  table: string;
  database: string;
  section: string;
  /** How many wikis lack it. */
  wikis: number;
}

/** The table that most of the wikis lack. */
function missingTable({ outcomes }: RunStats): MissingTable | undefined {
  const group = groupFailures(outcomes).find(({ outcome }) => outcome === 'skipped');
  const wiki = group?.wikis[0];
  const first = outcomes.find((outcome) => outcome.wiki === wiki);
  // Table 'itwiki.page' doesn't exist; observed in German, French and Russian: between quotes, too.
  const [, named] = /'(.+?)'/s.exec(group?.text ?? '') ?? [];
  if (first === undefined || named === undefined) return undefined;
  const dot = named.indexOf('.');
  return {
    named,
    table: named.slice(dot + 1),
    database: dot < 0 ? first.database : named.slice(0, dot),
    section: first.section,
    wikis: group?.wikis.length ?? 0,
  };
}

async function nearestTables(
  table: string,
  database: string,
  target: Target,
  connect: (target: Target) => Promise<ReplicaConnection>,
): Promise<string[]> {
  let connection: ReplicaConnection | undefined;
  let isLate = false;
  const read = async () => {
    connection = await connect(target);
    if (isLate) connection.destroy();
    const sql = `SHOW TABLES FROM \`${database.replaceAll('`', '``')}\``;
    const rows = await fetchRows(connection, Buffer.from(sql));
    return rows.map(([name]) => Buffer.from(name ?? []).toString());
  };
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), patience);
  });
  const tables = await Promise.race([read().catch(() => []), timeout]);
  clearTimeout(timer);
  isLate = true;
  connection?.destroy();
  return closestNames(table.toLowerCase(), tables).map(printable);
}
