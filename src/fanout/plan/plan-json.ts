import type { FanoutSettings } from '../../cli/settings.js';
import { Failure } from '../../failure.js';
import { jdbcUrl } from '../../target/explain.js';
import type { Plan, PlannedStatement, SectionPlan } from './plan.js';
import { wikiTargetsOf } from './wiki-targets.js';

/**
 * What --plan json prints: the run as one JSON value, for another program to run; a line for each
 * section and wiki, so that people can read it too. Neither user nor password is in it.
 *
 * - `statements`: what is run on each wiki, in order: `{line, sql}`
 * - `session`: a statement that gives a session the run's limits, or null
 * - `limits`: perSection, maxStatementTime and throttle in seconds, readOnly, retries
 * - `sections`: `{section, host, port, socket, wikis}`, with the wikis' names
 * - `wikis`: `{wiki, section, host, port, socket, database, jdbcUrl}`
 *
 * What there is not is null: the section with --host, host and port with a socket.
 *
 * @throws Failure `odd-statement` for one that is no UTF-8
 */
export function planJson(plan: Plan, fanout: FanoutSettings): string {
  const { perSection, readOnly, maxStatementTime, throttle, retries } = fanout;
  const limits = { perSection, readOnly, maxStatementTime, throttle, retries };
  const places = wikiTargetsOf(plan);
  const wikis = places.map(({ place, database, section }) => {
    return { ...place, database, jdbcUrl: urlOf(section, database) };
  });
  const sections = plan.sections.map((section) => {
    const place = places.find((one) => one.section === section)?.place;
    return { ...place, wiki: undefined, wikis: section.wikis.map(({ wiki }) => wiki) };
  });
  const members = [
    `"statements":${JSON.stringify(plan.statements.map(statementOf))}`,
    `"session":${JSON.stringify(sessionStatement(fanout))}`,
    `"limits":${JSON.stringify(limits)}`,
    `"sections":${linesOf(sections)}`,
    `"wikis":${linesOf(wikis)}`,
  ];
  return `{${members.join(',\n')}}\n`;
}

function linesOf(values: readonly object[]): string {
  return `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]`;
}

function statementOf({ sql, line }: PlannedStatement): { line: number; sql: string } {
  try {
    return { line, sql: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(sql) };
  } catch {
    throw new Failure('odd-statement', `--plan json: the statement at line ${line} is no UTF-8`);
  }
}

/** One statement, since not every driver takes several at a time. */
function sessionStatement({ readOnly, maxStatementTime }: FanoutSettings): string | null {
  const parts = [
    ...(readOnly ? ['tx_read_only=1'] : []),
    ...(maxStatementTime > 0 ? [`max_statement_time=${maxStatementTime}`] : []),
  ];
  return parts.length === 0 ? null : `SET SESSION ${parts.join(', SESSION ')}`;
}

function urlOf({ target }: SectionPlan, database: string): string | null {
  return target.address.kind === 'tcp' ? jdbcUrl({ ...target, database }) : null;
}
