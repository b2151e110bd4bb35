import { readSettings } from '../../src/cli/read-settings.js';
import type { FanoutSettings, Settings } from '../../src/cli/settings.js';
import { makePlan } from '../../src/fanout/make-plan.js';
import type { Plan } from '../../src/fanout/plan.js';

/** What the command line says, without option files or credentials. */
export function manySettings(argv: string[]): Settings & { fanout: FanoutSettings } {
  const system = { interactive: () => false, optionFiles: [] };
  const settings = readSettings(['--credentials=/dev/null', ...argv], {}, system);
  const { fanout } = settings;
  if (fanout === undefined) throw new Error('no --wikis');
  return { ...settings, fanout };
}

/** The plan of a command line with --wikis. */
export function planOf(argv: string[], statements: string[] = ['select 1']): Promise<Plan> {
  const settings = manySettings(argv);
  const planned = statements.map((sql, index) => ({ sql: Buffer.from(sql), line: index + 1 }));
  return makePlan(settings, settings.fanout, planned);
}
