import type { FanoutSettings, Settings, ShownField } from '../../cli/settings.js';
import { createOptionFailure } from '../../failure.js';
import { getFirstEndpoint, getSocketPath } from '../../target/address.js';
import { formatJdbcUrl } from '../../target/format-target.js';
import { printable } from '../../text/printable.js';
import type { TableDrawer } from '../../text/small-table.js';
import type { MadeCell } from '../rows/made-rows.js';
import { formatRows } from './format-rows.js';
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

/** A wiki of a plan with its server and section. */
export interface PlannedTarget {
  wikiTarget: WikiTarget;
  planned: PlannedWiki;
  section: SectionPlan;
}

/** Returns the wikis of a plan in order, each with its target. */
export function wikiTargetsOf(plan: Plan): PlannedTarget[] {
  const sections = new Map(plan.sections.map((section) => [section.name, section]));
  return plan.wikis.flatMap((planned) => {
    const section = sections.get(planned.section);
    return section === undefined
      ? []
      : [{ wikiTarget: toWikiTarget(planned, section), planned, section }];
  });
}

/** The columns of --print-target, if --wiki-fields does not choose others. */
const defaultFields = ['dbname', 'section', 'host', 'port'] as const satisfies ShownField[];

/**
 * Resolves to what --print-target prints with --wikis: one line for each wiki, and for `result` what
 * the format of the results writes besides.
 *
 * - text: wiki, section, host and port, separated by tabs (no section with --host; with a socket
 *   its path instead of the host, and no port), or the fields of --wiki-fields; a table if
 *   `drawTable` is set, which is on a terminal
 * - json: one object per line
 * - jdbc: the wiki, a tab, the URL
 * - result: the fields in the format of `output`
 *
 * Rejects with Failure: `no-jdbc` for a socket.
 */
export async function formatTargets(
  plan: Plan,
  { printTargetFormat: format, output }: Pick<Settings, 'printTargetFormat' | 'output'>,
  shownFields: FanoutSettings['shownFields'],
  drawTable?: TableDrawer,
): Promise<string> {
  const fields = shownFields ?? defaultFields;
  const targets = wikiTargetsOf(plan);
  if (format === 'result') {
    const rows = targets.map((target) => fields.map((field) => readValue(target, field)));
    return Buffer.from(await formatRows(fields, rows, output)).toString();
  }
  if (format === 'text') {
    const names = shownFields ?? ['wiki', ...defaultFields.slice(1)];
    const rows = targets.map((target) => fields.map((field) => toText(target, field)));
    // A host given by the user or a name read from a file may contain control characters.
    const table = drawTable?.(
      names,
      rows.map((row) => row.map(printable)),
    );
    return toLines(table ?? rows.map((row) => row.join('\t')));
  }
  if (format === 'jdbc') {
    if (shownFields !== undefined) {
      throw createOptionFailure(
        'bad-format',
        '--wiki-fields cannot be used with --format jdbc',
        'wiki-fields',
      );
    }
    return toLines(
      targets.map(
        ({ wikiTarget, planned, section }) =>
          `${wikiTarget.wiki}\t${formatJdbcUrl({ ...section.target, database: planned.database })}`,
      ),
    );
  }
  return toLines(
    targets.map((target) => {
      const { wiki, socket } = target.wikiTarget;
      const values = fields.map((field) => [field, readValue(target, field)]);
      const rest = shownFields === undefined ? { socket } : {};
      return JSON.stringify({ wiki, ...Object.fromEntries(values), ...rest });
    }),
  );
}

function toLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function readValue({ wikiTarget, planned }: PlannedTarget, field: ShownField): MadeCell {
  switch (field) {
    case 'dbname':
      return wikiTarget.wiki;
    case 'section':
    case 'host':
    case 'port':
      return wikiTarget[field];
    default:
      return planned.fields?.[field] ?? null;
  }
}

function toText(target: PlannedTarget, field: ShownField): string {
  const value = readValue(target, field);
  return String(value ?? (field === 'host' ? target.wikiTarget.socket : undefined) ?? '');
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
