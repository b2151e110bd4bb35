import type { FanoutSettings, Settings } from '../../cli/settings.js';
import { Failure } from '../../failure.js';
import { getFirstEndpoint } from '../../target/address.js';
import { resolveTarget } from '../../target/resolve-target.js';
import { getDatabaseOfWiki, type Target, type TargetRequest } from '../../target/target.js';
import { Dblists } from '../../wikis/dblists.js';
import type { Section } from '../../wikis/section.js';
import { chooseWikis } from '../../wikis/selection.js';
import { readWikiFields } from '../../wikis/wiki-fields.js';
import type {
  Plan,
  PlannedStatement,
  PlannedWiki,
  SectionPlan,
  UnresolvedSection,
} from './plan.js';

/** Plans a run: chooses the wikis and resolves the servers of their sections. */

/** The wikis of one section, before its server is resolved. */
interface WikiGroup {
  name: string;
  wikis: PlannedWiki[];
  /** How the section was found; undefined if the user gave the section, host or socket. */
  found: Section | undefined;
}

/** The options that choose the wikis of a run, and what is known of each. */
export type WikiChoice = Pick<FanoutSettings, 'wikis' | 'except'> &
  Partial<Pick<FanoutSettings, 'wikiFields'>>;

/**
 * Chooses the wikis of --wikis and resolves the target of each of their sections, in parallel and
 * with one look-up per section. With --section, --host or --socket all wikis share that target, and
 * the plan has one section named after the section or the host.
 *
 * A section whose server cannot be found is not an error if there are others.
 *
 * Warnings stay on the targets; a warning that concerns several sections appears only on the first.
 *
 * @throws Failure as chooseWikis, resolveTarget and getDatabaseOfWiki do
 */
export async function makePlan(
  settings: Pick<Settings, 'target'>,
  fanout: WikiChoice,
  statements: PlannedStatement[],
): Promise<Plan> {
  const request = { ...settings.target, wiki: undefined };
  const groups = groupWikis(fanout, request);
  const resolved = await Promise.all(
    groups.map(async (group): Promise<SectionPlan | UnresolvedSection> => {
      const { name, wikis } = group;
      try {
        return { name, wikis, target: await resolveGroup(group, request) };
      } catch (failure) {
        if (failure instanceof Failure) return { name, wikis, failure };
        throw failure;
      }
    }),
  );
  const sections = resolved.filter((section) => 'target' in section);
  const unresolved = resolved.filter((section) => 'failure' in section);
  const [first] = unresolved;
  if (first !== undefined && sections.length === 0) throw first.failure;
  return {
    wikis: sortWikis(groups),
    sections: mergeWarnings(sections),
    unresolved,
    statements,
  };
}

/**
 * Returns the wikis of --wikis, sorted by code point, without resolving their servers. Throws Failure
 * as chooseWikis and getDatabaseOfWiki do.
 */
export function planWikis(request: TargetRequest, fanout: WikiChoice): PlannedWiki[] {
  return sortWikis(groupWikis(fanout, { ...request, wiki: undefined }));
}

function sortWikis(groups: readonly Pick<WikiGroup, 'wikis'>[]): PlannedWiki[] {
  return groups.flatMap(({ wikis }) => wikis).sort((a, b) => (a.wiki < b.wiki ? -1 : 1));
}

function groupWikis(fanout: WikiChoice, request: TargetRequest): WikiGroup[] {
  const name = givenTargetName(request);
  const redacted = request.redactedHost !== undefined;
  const lists = new Dblists(request.mwConfigPath);
  const planWiki = (wiki: string, name: string, section: string | undefined): PlannedWiki => ({
    wiki,
    database: getDatabaseOfWiki(wiki, { redacted }),
    section: name,
    fields: readWikiFields(fanout.wikiFields ?? [], wiki, section, lists),
  });
  const chosen = chooseWikis({
    wikis: fanout.wikis,
    except: fanout.except,
    mwConfigPath: request.mwConfigPath,
    useX1: request.useX1,
    locationGiven: name !== undefined,
  });
  if (name !== undefined) {
    const wikis = [...chosen.keys()].map((wiki) => planWiki(wiki, name, request.section));
    return [{ name, wikis, found: undefined }];
  }
  const groups = new Map<string, WikiGroup>();
  for (const [wiki, found] of chosen) {
    if (found === undefined) continue;
    const { section } = found;
    const planned = planWiki(wiki, section, section);
    const group = groups.get(section);
    if (group === undefined) {
      groups.set(section, { name: section, wikis: [planned], found });
    } else {
      group.wikis.push(planned);
      // A dblist, which covers most wikis of a section, explains more than a rule for one name.
      if (found.source === 'dblist') group.found = found;
    }
  }
  return [...groups.values()].sort((a, b) => compareSections(a.name, b.name));
}

/** Returns the section or host that the user gave for all wikis; undefined if none. */
function givenTargetName({ address, section }: TargetRequest): string | undefined {
  return address === undefined ? section : (getFirstEndpoint(address)?.host ?? 'localhost');
}

/** Compares sections: s1 … s8, s10, then the others by name. */
function compareSections(one: string, other: string): number {
  const [first, second] = [one, other].map((name) => /^s(\d+)$/.exec(name)?.[1]);
  if (first !== undefined && second !== undefined) return Number(first) - Number(second);
  if (first !== undefined || second !== undefined) return first === undefined ? 1 : -1;
  return one < other ? -1 : 1;
}

async function resolveGroup({ name, found }: WikiGroup, request: TargetRequest): Promise<Target> {
  if (found === undefined) return resolveTarget(request);
  // The section is already resolved, so useX1 no longer applies.
  const target = await resolveTarget({ ...request, section: name, useX1: false });
  return { ...target, sectionSource: found.source, sectionDetail: found.detail };
}

/**
 * If DNS is down each section has the same warning: keeps that of the first section, which then
 * names the others.
 */
function mergeWarnings(sections: SectionPlan[]): SectionPlan[] {
  const sectionsByWarning = new Map<string, SectionPlan[]>();
  for (const section of sections) {
    for (const warning of section.target.warnings) {
      const key = removeSectionDetails(warning, section);
      sectionsByWarning.set(key, [...(sectionsByWarning.get(key) ?? []), section]);
    }
  }
  return sections.map((section) => {
    const warnings = section.target.warnings.flatMap((warning) => {
      const [first, ...others] =
        sectionsByWarning.get(removeSectionDetails(warning, section)) ?? [];
      if (first !== section) return [];
      return [others.length === 0 ? warning : `${warning} ${formatOtherSections(others)}`];
    });
    return { ...section, target: { ...section.target, warnings } };
  });
}

function removeSectionDetails(warning: string, { name, target }: SectionPlan): string {
  const first = getFirstEndpoint(target.address);
  const text = warning.replaceAll(`_${name}-`, '_-');
  return first === undefined ? text : text.replace(`${first.host}:${first.port}`, '');
}

function formatOtherSections(others: SectionPlan[]): string {
  return `(The same for ${others.map(({ name }) => name).join(', ')}.)`;
}
