import type { FanoutSettings, Settings } from '../../cli/settings.js';
import { chooseCharacterSet } from '../../replica/character-set.js';
import { explainTarget } from '../../target/explain.js';
import { tableDrawer } from '../../text/small-table.js';
import { readScript } from '../read-script.js';
import { dryRunText } from './dry-run.js';
import { makePlan } from './make-plan.js';
import type { Plan } from './plan.js';
import { planJson } from './plan-json.js';
import { targetsText } from './wiki-targets.js';

/** What is printed in the place of a run, and what is told beside it, on standard error. */
export interface ShownPlan {
  text: string;
  /** Lines without the program's name; with -v also how each place was found. */
  warnings: string[];
}

/** --print-target --wikis. Throws Failure as makePlan and targetsText do. */
export async function printTargets(settings: Settings, fanout: FanoutSettings): Promise<ShownPlan> {
  const plan = await makePlan(settings, fanout, []);
  const text = targetsText(plan, settings.printTargetFormat, await tableDrawer(1));
  return { text, warnings: told(plan, settings) };
}

/** --dry-run or --plan; undefined: neither was asked for. Throws Failure as planJson does. */
export async function shownPlan(
  plan: Plan,
  fanout: FanoutSettings,
  settings: Settings,
): Promise<ShownPlan | undefined> {
  const warnings = told(plan, settings);
  if (fanout.plan === 'json') return { text: planJson(plan, fanout), warnings };
  if (!fanout.dryRun) return undefined;
  return { text: dryRunText(plan, fanout, settings.output, await tableDrawer(1)), warnings };
}

/** What the look-ups of a plan had to say. */
export function warningsOf({ sections }: Plan): string[] {
  return sections.flatMap(({ target }) => target.warnings);
}

function told(plan: Plan, { output }: Settings): string[] {
  if (output.verbose === 0) return warningsOf(plan);
  // The first line is about the one database that a target may be for.
  const found = plan.sections.flatMap(({ target }) => explainTarget(target).slice(1));
  return [...warningsOf(plan), ...found];
}

/**
 * What --dry-run and --plan print: all that a run would do, without a connection; undefined: neither
 * was asked for. Throws Failure.
 */
export async function describeRun(
  settings: Settings,
  fanout: FanoutSettings,
): Promise<ShownPlan | undefined> {
  if (!fanout.dryRun && fanout.plan === undefined) return undefined;
  const { name } = await chooseCharacterSet(settings.connect.characterSet, process.env);
  const { statements } = await readScript(settings.input, name);
  const plan = await makePlan(settings, fanout, statements);
  return shownPlan(plan, fanout, settings);
}
