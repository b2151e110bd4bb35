import { firstEndpoint, socketPathOf } from '../../target/address.js';
import { jdbcUrl } from '../../target/explain.js';
import { printable } from '../../text/printable.js';
import type { DrawTable } from '../../text/small-table.js';
import type { Plan, PlannedWiki, SectionPlan } from './plan.js';

/** A wiki of a plan, and where it is, as programs read it. */
export interface WikiTarget {
  wiki: string;
  /** null: the user named a host or a socket. */
  section: string | null;
  /** Of the place to try first; null: a socket. */
  host: string | null;
  port: number | null;
  socket: string | null;
}

/** The wikis of a plan in its order, each with its place. */
export function wikiTargetsOf(
  plan: Plan,
): { place: WikiTarget; database: string; section: SectionPlan }[] {
  const sections = new Map(plan.sections.map((section) => [section.name, section]));
  return plan.wikis.flatMap((planned) => {
    const section = sections.get(planned.section);
    return section === undefined
      ? []
      : [{ place: placeOf(planned, section), database: planned.database, section }];
  });
}

/**
 * What --print-target prints with --wikis: a line for each wiki. text: wiki, section, host, port,
 * tab-separated (no section with --host; with a socket its path in the host's place, and no port);
 * json: an object a line; jdbc: the wiki, a tab, the URL. `draw`: it is printed on a terminal, where text
 * is a table.
 * @throws Failure `no-jdbc` for a socket
 */
export function targetsText(
  plan: Plan,
  format: 'text' | 'json' | 'jdbc',
  draw?: DrawTable,
): string {
  const drawn = format === 'text' ? draw?.(head, printableCells(plan)) : undefined;
  if (drawn !== undefined) return drawn.map((line) => `${line}\n`).join('');
  const lines = wikiTargetsOf(plan).map(({ place, database, section }) => {
    if (format === 'json') return JSON.stringify(place);
    if (format === 'jdbc') return `${place.wiki}\t${jdbcUrl({ ...section.target, database })}`;
    return cellsOf({ place }).join('\t');
  });
  return lines.map((line) => `${line}\n`).join('');
}

const head = ['wiki', 'section', 'host', 'port'];

/** The user's own name for a host, or a name in a file, may have anything in it. */
function printableCells(plan: Plan): string[][] {
  return wikiTargetsOf(plan).map((one) => cellsOf(one).map(printable));
}

function cellsOf({ place }: { place: WikiTarget }): string[] {
  const { wiki, section, host, port, socket } = place;
  return [wiki, section ?? '', host ?? socket ?? '', `${port ?? ''}`];
}

function placeOf({ wiki }: PlannedWiki, { target }: SectionPlan): WikiTarget {
  const first = firstEndpoint(target.address);
  return {
    wiki,
    section: target.section ?? null,
    host: first?.host ?? null,
    port: first?.port ?? null,
    socket: socketPathOf(target.address) ?? null,
  };
}
