import type { FanoutSettings, Settings } from '../../cli/settings.js';
import { firstEndpoint } from '../../target/address.js';
import { resolveTarget } from '../../target/resolve.js';
import { databaseOf, type Target, type TargetRequest } from '../../target/target.js';
import type { Section } from '../../wikis/section.js';
import { chooseWikis } from '../../wikis/selection.js';
import type { Plan, PlannedStatement, PlannedWiki, SectionPlan } from './plan.js';

/** The wikis of one section, before it is known where that is. */
interface Group {
  name: string;
  wikis: PlannedWiki[];
  /** How the section was found; undefined: the user said where. */
  found: Section | undefined;
}

/** Which wikis are chosen. */
export type WikiChoice = Pick<FanoutSettings, 'wikis' | 'except'>;

/**
 * Chooses the wikis of --wikis, and finds the place of each of their sections, all at the same time,
 * with one look-up each. With --section, --host or --socket all wikis are there; the group is then
 * called by the section or the host.
 *
 * Warnings stay on the targets; what several would say the first says for all.
 *
 * @throws Failure as chooseWikis and resolveTarget do
 */
export async function makePlan(
  settings: Pick<Settings, 'target'>,
  fanout: WikiChoice,
  statements: PlannedStatement[],
): Promise<Plan> {
  const request = { ...settings.target, wiki: undefined };
  const groups = groupsOf(fanout, request);
  const sections = await Promise.all(
    groups.map(async (group): Promise<SectionPlan> => {
      const { name, wikis } = group;
      return { name, wikis, target: await targetOf(group, request) };
    }),
  );
  return {
    wikis: sections.flatMap(({ wikis }) => wikis).sort((a, b) => (a.wiki < b.wiki ? -1 : 1)),
    sections: withWarningsOnce(sections),
    statements,
  };
}

function groupsOf(fanout: WikiChoice, request: TargetRequest): Group[] {
  const name = placeOfUser(request);
  const chosen = chooseWikis({
    wikis: fanout.wikis,
    except: fanout.except,
    mwConfigPath: request.mwConfigPath,
    useX1: request.useX1,
    placed: name !== undefined,
  });
  if (name !== undefined) {
    const wikis = [...chosen.keys()].map((wiki) => planned(wiki, name));
    return [{ name, wikis, found: undefined }];
  }
  const groups = new Map<string, Group>();
  for (const [wiki, found] of chosen) {
    if (found === undefined) continue;
    const group = groups.get(found.section);
    if (group === undefined) {
      const wikis = [planned(wiki, found.section)];
      groups.set(found.section, { name: found.section, wikis, found });
    } else {
      group.wikis.push(planned(wiki, group.name));
      // What most of them were found by says more of the group than a rule for one name.
      if (found.source === 'dblist') group.found = found;
    }
  }
  return [...groups.values()].sort((a, b) => inOrder(a.name, b.name));
}

function planned(wiki: string, section: string): PlannedWiki {
  return { wiki, database: databaseOf(wiki), section };
}

/** The name for all wikis together where the user said in which place they are. */
function placeOfUser({ address, section }: TargetRequest): string | undefined {
  return address === undefined ? section : (firstEndpoint(address)?.host ?? 'localhost');
}

/** s1 … s8, s10, then others by name. */
function inOrder(one: string, other: string): number {
  const [first, second] = [one, other].map((name) => /^s(\d+)$/.exec(name)?.[1]);
  if (first !== undefined && second !== undefined) return Number(first) - Number(second);
  if (first !== undefined || second !== undefined) return first === undefined ? 1 : -1;
  return one < other ? -1 : 1;
}

async function targetOf({ name, found }: Group, request: TargetRequest): Promise<Target> {
  if (found === undefined) return resolveTarget(request);
  // --use-x1 has had its say.
  const target = await resolveTarget({ ...request, section: name, useX1: false });
  return { ...target, sectionSource: found.source, sectionDetail: found.detail };
}

/**
 * Where DNS is down each section has the same to say: the first says it, and names the others.
 */
function withWarningsOnce(sections: SectionPlan[]): SectionPlan[] {
  const alike = new Map<string, SectionPlan[]>();
  for (const section of sections) {
    for (const warning of section.target.warnings) {
      const key = withoutPlace(warning, section);
      alike.set(key, [...(alike.get(key) ?? []), section]);
    }
  }
  return sections.map((section) => {
    const warnings = section.target.warnings.flatMap((warning) => {
      const [first, ...others] = alike.get(withoutPlace(warning, section)) ?? [];
      if (first !== section) return [];
      return [others.length === 0 ? warning : `${warning} ${theSame(others)}`];
    });
    return { ...section, target: { ...section.target, warnings } };
  });
}

function withoutPlace(warning: string, { name, target }: SectionPlan): string {
  const first = firstEndpoint(target.address);
  const text = warning.replaceAll(`_${name}-`, '_-');
  return first === undefined ? text : text.replace(`${first.host}:${first.port}`, '');
}

function theSame(others: SectionPlan[]): string {
  return `(The same for ${others.map(({ name }) => name).join(', ')}.)`;
}
