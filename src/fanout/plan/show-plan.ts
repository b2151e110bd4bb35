import type { FanoutSettings, Settings } from '../../cli/settings.js';
import { pluralize } from '../../progress/units.js';
import { chooseCharacterSet } from '../../replica/character-set.js';
import { explainTarget } from '../../target/format-target.js';
import { createTableDrawer } from '../../text/small-table.js';
import { failedStatus } from '../outcome.js';
import { readScript } from '../read-script.js';
import { formatDryRun } from './dry-run.js';
import { makePlan } from './make-plan.js';
import type { Plan } from './plan.js';
import { formatPlanJson } from './plan-json.js';
import { formatTargets } from './wiki-targets.js';

/** Describes a run instead of starting it: --print-target, --dry-run and --plan. */

/** The text for standard output and the warnings for standard error. */
export interface PlanDescription {
  text: string;
  /** The exit status: 4 if the server of a section is unknown. */
  status: number;
  /** Lines without the program's name; with -v also how each target was found. */
  warnings: string[];
}

/**
 * Returns what --print-target prints with --wikis. Throws Failure as makePlan and formatTargets do.
 */
export async function describeTargets(
  settings: Settings,
  fanout: FanoutSettings,
): Promise<PlanDescription> {
  const plan = await makePlan(settings, fanout, []);
  const drawTable = await createTableDrawer(1);
  const text = await formatTargets(plan, settings, fanout.shownFields, drawTable);
  return { text, ...collectProblems(plan, settings) };
}

/**
 * Describes a plan for --dry-run or --plan; returns undefined without these options. Throws Failure
 * as formatPlanJson does.
 */
export async function describePlan(
  plan: Plan,
  fanout: FanoutSettings,
  settings: Settings,
): Promise<PlanDescription | undefined> {
  const problems = collectProblems(plan, settings);
  if (fanout.plan === 'json') return { text: formatPlanJson(plan, fanout), ...problems };
  if (!fanout.dryRun) return undefined;
  const drawTable = await createTableDrawer(1);
  return { text: formatDryRun(plan, fanout, settings.output, drawTable), ...problems };
}

/** Returns the warnings of the look-ups of a plan. */
export function targetWarningsOf({ sections }: Plan): string[] {
  return sections.flatMap(({ target }) => target.warnings);
}

function collectProblems(
  plan: Plan,
  { output }: Settings,
): Pick<PlanDescription, 'warnings' | 'status'> {
  const { sections, unresolved } = plan;
  // The first line names the database of a target; here a target has many.
  const explanations =
    output.verbose === 0 ? [] : sections.flatMap(({ target }) => explainTarget(target).slice(1));
  const failures = unresolved.map(
    ({ name, wikis, failure }) =>
      `${name} (${pluralize(wikis.length, 'wiki')}): ${failure.message}`,
  );
  return {
    warnings: [...targetWarningsOf(plan), ...explanations, ...failures],
    status: unresolved.length > 0 ? failedStatus : 0,
  };
}

/**
 * Returns what --dry-run and --plan print: what the run would do, found without a connection.
 * Returns undefined without these options. Throws Failure.
 */
export async function describeRun(
  settings: Settings,
  fanout: FanoutSettings,
): Promise<PlanDescription | undefined> {
  if (!fanout.dryRun && fanout.plan === undefined) return undefined;
  const { name } = await chooseCharacterSet(settings.connect.characterSet, process.env);
  const { statements } = await readScript(settings.input, name);
  const plan = await makePlan(settings, fanout, statements);
  return describePlan(plan, fanout, settings);
}
