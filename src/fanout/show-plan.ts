import type { FanoutSettings, Settings } from '../cli/settings.js';
import { dryRunText } from './dry-run.js';
import { makePlan } from './make-plan.js';
import type { Plan } from './plan.js';
import { planJson } from './plan-json.js';
import { targetsText } from './targets-text.js';

/** What is printed in the place of a run, and what is told beside it, on standard error. */
export interface Shown {
  text: string;
  /** Lines without the program's name. */
  warnings: string[];
}

/** --print-target --wikis. Throws Failure as makePlan and targetsText do. */
export async function printTargets(settings: Settings, fanout: FanoutSettings): Promise<Shown> {
  const plan = await makePlan(settings, fanout, []);
  const text = targetsText(plan, settings.printTargetFormat);
  return { text, warnings: warningsOf(plan) };
}

/** --dry-run or --plan; undefined: neither was asked for. Throws Failure as planJson does. */
export function shownPlan(
  plan: Plan,
  fanout: FanoutSettings,
  { output }: Settings,
): Shown | undefined {
  const warnings = warningsOf(plan);
  if (fanout.plan === 'json') return { text: planJson(plan, fanout), warnings };
  return fanout.dryRun ? { text: dryRunText(plan, fanout, output), warnings } : undefined;
}

/** What the look-ups of a plan had to say. */
export function warningsOf({ sections }: Plan): string[] {
  return sections.flatMap(({ target }) => target.warnings);
}
