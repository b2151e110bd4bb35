import { jdbcUrl } from '../../target/explain.js';
import type { Plan, PlannedWiki, SectionPlan } from './plan.js';

/** A wiki of a plan, and where it is, as programs read it. */
export interface WikiPlace {
  wiki: string;
  /** null: the user named a host or a socket. */
  section: string | null;
  /** Of the place to try first; null: a socket. */
  host: string | null;
  port: number | null;
  socket: string | null;
}

/** The wikis of a plan in its order, each with its place. */
export function placesOf(plan: Plan): { place: WikiPlace; section: SectionPlan }[] {
  const sections = new Map(plan.sections.map((section) => [section.name, section]));
  return plan.wikis.flatMap((planned) => {
    const section = sections.get(planned.section);
    return section === undefined ? [] : [{ place: placeOf(planned, section), section }];
  });
}

/**
 * What --print-target prints with --wikis: a line for each wiki. text: wiki, section, host, port,
 * tab-separated (no section with --host; with a socket its path in the host's place, and no port);
 * json: an object a line; jdbc: the wiki, a tab, the URL.
 * @throws Failure `no-jdbc` for a socket
 */
export function targetsText(plan: Plan, format: 'text' | 'json' | 'jdbc'): string {
  const lines = placesOf(plan).map(({ place, section }) => {
    const { wiki, host, port, socket } = place;
    if (format === 'json') return JSON.stringify(place);
    if (format === 'jdbc') return `${wiki}\t${jdbcUrl({ ...section.target, database: wiki })}`;
    return [wiki, place.section ?? '', host ?? socket, port ?? ''].join('\t');
  });
  return lines.map((line) => `${line}\n`).join('');
}

function placeOf({ wiki }: PlannedWiki, { target }: SectionPlan): WikiPlace {
  const [first] = target.endpoints;
  return {
    wiki,
    section: target.section ?? null,
    host: first?.host ?? null,
    port: first?.port ?? null,
    socket: target.socketPath ?? null,
  };
}
