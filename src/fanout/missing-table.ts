import type { ReplicaConnection } from '../replica/connection.js';
import { fetchRows } from '../session/fetch-rows.js';
import type { Target } from '../target/target.js';
import { printable } from '../text/printable.js';
import { joinWithOr } from '../wikis/section.js';
import { findClosestNames } from '../wikis/suggest-names.js';
import { groupFailures } from './failure-groups.js';
import type { Plan } from './plan/plan.js';
import type { RunStats } from './run-stats.js';

/** Explains a run that failed because no wiki has the table: suggests similar names. */

/** Milliseconds to wait for a server's list of tables; after that the message has no suggestion. */
const timeoutMilliseconds = 5000;

/**
 * Returns a message if no wiki has a result because tables are missing, with the closest names of
 * tables on one of these wikis. Returns no line for other runs. Never rejects.
 */
export async function explainMissingTable(
  stats: RunStats,
  plan: Plan,
  connect: (target: Target) => Promise<ReplicaConnection>,
): Promise<string[]> {
  if (stats.withResult > 0 || stats.skipped === 0) return [];
  const missing = findMissingTable(stats);
  if (missing === undefined) {
    return [`no wiki succeeded: ${stats.skipped} of ${stats.total} lack a table of the script`];
  }
  const { table, database, section, wikis } = missing;
  const target = plan.sections.find(({ name }) => name === section)?.target;
  const closest =
    target === undefined ? [] : await findClosestTables(table, database, target, connect);
  const description = `the table '${printable(missing.nameInStatement)}'`;
  const text =
    wikis === stats.total
      ? `no wiki has ${description}`
      : `no wiki succeeded: ${wikis} of ${stats.total} lack ${description}`;
  const hint = closest.length > 0 ? `; did you mean ${joinWithOr(closest)}?` : '';
  return [`${text}${hint}`];
}

interface MissingTable {
  /** The table's name in the statement; includes the database if it is not the wiki's own. */
  nameInStatement: string;
  table: string;
  database: string;
  section: string;
  /** The number of wikis without this table. */
  wikis: number;
}

/** Finds the table that is missing on most wikis. */
function findMissingTable({ outcomes }: RunStats): MissingTable | undefined {
  const group = groupFailures(outcomes).find(({ outcome }) => outcome === 'skipped');
  const wiki = group?.wikis[0];
  const first = outcomes.find((outcome) => outcome.wiki === wiki);
  // "Table 'itwiki.page' doesn't exist". Observed: German, French and Russian messages quote it,
  // too.
  const [, name] = /'(.+?)'/s.exec(group?.text ?? '') ?? [];
  if (first === undefined || name === undefined) return undefined;
  const dot = name.indexOf('.');
  return {
    nameInStatement: name,
    table: name.slice(dot + 1),
    database: dot < 0 ? first.database : name.slice(0, dot),
    section: first.section,
    wikis: group?.wikis.length ?? 0,
  };
}

async function findClosestTables(
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
    timer = setTimeout(() => resolve([]), timeoutMilliseconds);
  });
  const tables = await Promise.race([read().catch(() => []), timeout]);
  clearTimeout(timer);
  isLate = true;
  connection?.destroy();
  return findClosestNames(table.toLowerCase(), tables).map(printable);
}
