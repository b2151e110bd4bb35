import type { FanoutSettings, Settings } from '../cli/settings.js';
import { chooseCharacterSet } from '../replica/character-set.js';
import { makePlan } from './plan/make-plan.js';
import { type Shown, shownPlan } from './plan/show-plan.js';
import { readScript } from './read-script.js';

/**
 * What --dry-run and --plan print: all that a run would do, without a connection; undefined: neither
 * was asked for. Throws Failure.
 */
export async function describeRun(
  settings: Settings,
  fanout: FanoutSettings,
): Promise<Shown | undefined> {
  if (!fanout.dryRun && fanout.plan === undefined) return undefined;
  const { name } = await chooseCharacterSet(settings.connect.characterSet, process.env);
  const { statements } = await readScript(settings.input, name);
  const plan = await makePlan(settings, fanout, statements);
  return shownPlan(plan, fanout, settings);
}
