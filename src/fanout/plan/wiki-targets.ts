import { getFirstEndpoint, getSocketPath } from '../../target/address.js';
import { formatJdbcUrl } from '../../target/format-target.js';
import { printable } from '../../text/printable.js';
import type { TableDrawer } from '../../text/small-table.js';
import type { Plan, PlannedWiki, SectionPlan } from './plan.js';

/** Formats the targets of a plan's wikis. */

/** A wiki of a plan and its server, in the form of --print-target --format json and --plan json. */
export interface WikiTarget {
  wiki: string;
  /** null if the user gave a host or a socket. */
  section: string | null;
  /** The host to try first; null for a socket. */
  host: string | null;
  port: number | null;
  socket: string | null;
}

/** Returns the wikis of a plan in order, each with its target. */
export function wikiTargetsOf(
  plan: Plan,
): { wikiTarget: WikiTarget; database: string; section: SectionPlan }[] {
  const sections = new Map(plan.sections.map((section) => [section.name, section]));
  return plan.wikis.flatMap((planned) => {
    const section = sections.get(planned.section);
    return section === undefined
      ? []
      : [{ wikiTarget: toWikiTarget(planned, section), database: planned.database, section }];
  });
}

/**
 * Returns what --print-target prints with --wikis: one line for each wiki.
 *
 * - text: wiki, section, host and port, separated by tabs (no section with --host; with a socket
 *   its path instead of the host, and no port); a table if `drawTable` is set, which is on a
 *   terminal
 * - json: one object per line
 * - jdbc: the wiki, a tab, the URL
 *
 * @throws Failure `no-jdbc` for a socket
 */
export function formatTargets(
  plan: Plan,
  format: 'text' | 'json' | 'jdbc',
  drawTable?: TableDrawer,
): string {
  const table = format === 'text' ? drawTable?.(columnHeaders, toPrintableCells(plan)) : undefined;
  if (table !== undefined) return table.map((line) => `${line}\n`).join('');
  const lines = wikiTargetsOf(plan).map(({ wikiTarget, database, section }) => {
    if (format === 'json') return JSON.stringify(wikiTarget);
    if (format === 'jdbc')
      return `${wikiTarget.wiki}\t${formatJdbcUrl({ ...section.target, database })}`;
    return toCells({ wikiTarget }).join('\t');
  });
  return lines.map((line) => `${line}\n`).join('');
}

const columnHeaders = ['wiki', 'section', 'host', 'port'];

/**
 * Escapes cells: a host given by the user or a name read from a file may contain control
 * characters.
 */
function toPrintableCells(plan: Plan): string[][] {
  return wikiTargetsOf(plan).map((entry) => toCells(entry).map(printable));
}

function toCells({ wikiTarget }: { wikiTarget: WikiTarget }): string[] {
  const { wiki, section, host, port, socket } = wikiTarget;
  return [wiki, section ?? '', host ?? socket ?? '', `${port ?? ''}`];
}

function toWikiTarget({ wiki }: PlannedWiki, { target }: SectionPlan): WikiTarget {
  const first = getFirstEndpoint(target.address);
  return {
    wiki,
    section: target.section ?? null,
    host: first?.host ?? null,
    port: first?.port ?? null,
    socket: getSocketPath(target.address) ?? null,
  };
}
