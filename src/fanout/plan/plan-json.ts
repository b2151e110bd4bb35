import type { FanoutSettings } from '../../cli/settings.js';
import { Failure } from '../../failure.js';
import { formatJdbcUrl } from '../../target/format-target.js';
import type { Plan, PlannedStatement, SectionPlan } from './plan.js';
import { wikiTargetsOf } from './wiki-targets.js';

/**
 * Returns what --plan json prints: the run as one JSON value that another program can execute. Each
 * section and wiki is on its own line, so that it is readable. It contains neither user nor
 * password.
 *
 * - `statements`: the statements to run on each wiki, in order: `{line, sql}`
 * - `session`: a statement that sets the run's limits in a session, or null
 * - `limits`: perSection, maxStatementTime, wikiTimeout and throttle in seconds, readOnly, retries
 * - `sections`: `{section, host, port, socket, wikis}`, with the wikis' names
 * - `wikis`: `{wiki, section, host, port, socket, database, jdbcUrl}`
 *
 * Missing values are null: the section with --host, host and port with a socket.
 *
 * @throws Failure `odd-statement` for a statement that is not UTF-8
 */
export function formatPlanJson(plan: Plan, fanout: FanoutSettings): string {
  const { perSection, readOnly, maxStatementTime, wikiTimeout, throttle, retries } = fanout;
  const limits = { perSection, readOnly, maxStatementTime, wikiTimeout, throttle, retries };
  const wikiTargets = wikiTargetsOf(plan);
  const wikis = wikiTargets.map(({ wikiTarget, planned: { database }, section }) => {
    return { ...wikiTarget, database, jdbcUrl: jdbcUrlOf(section, database) };
  });
  const sections = plan.sections.map((section) => {
    const wikiTarget = wikiTargets.find((entry) => entry.section === section)?.wikiTarget;
    return { ...wikiTarget, wiki: undefined, wikis: section.wikis.map(({ wiki }) => wiki) };
  });
  const members = [
    `"statements":${JSON.stringify(plan.statements.map(toJsonStatement))}`,
    `"session":${JSON.stringify(buildSessionStatement(fanout))}`,
    `"limits":${JSON.stringify(limits)}`,
    `"sections":${formatLines(sections)}`,
    `"wikis":${formatLines(wikis)}`,
  ];
  return `{${members.join(',\n')}}\n`;
}

function formatLines(values: readonly object[]): string {
  return `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]`;
}

function toJsonStatement({ sql, line }: PlannedStatement): { line: number; sql: string } {
  try {
    return { line, sql: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(sql) };
  } catch {
    throw new Failure('odd-statement', `--plan json: the statement at line ${line} is not UTF-8`);
  }
}

/** Builds a single statement, since some drivers do not support several at a time. */
function buildSessionStatement({ readOnly, maxStatementTime }: FanoutSettings): string | null {
  const parts = [
    ...(readOnly ? ['tx_read_only=1'] : []),
    ...(maxStatementTime > 0 ? [`max_statement_time=${maxStatementTime}`] : []),
  ];
  return parts.length === 0 ? null : `SET SESSION ${parts.join(', SESSION ')}`;
}

function jdbcUrlOf({ target }: SectionPlan, database: string): string | null {
  return target.address.kind === 'tcp' ? formatJdbcUrl({ ...target, database }) : null;
}
