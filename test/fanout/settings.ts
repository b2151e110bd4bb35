import { readSettings } from '../../src/cli/read-settings.js';
import type { FanoutSettings, Settings } from '../../src/cli/settings.js';

/** Returns the settings of a run with these options, without option files or environment. */
export function settingsOf(...options: string[]): Settings & { fanout: FanoutSettings } {
  const system = { interactive: () => false, optionFiles: [] };
  const settings = readSettings(['--wikis=all', '-e', 'select 1', ...options], {}, system);
  const { fanout } = settings;
  if (fanout === undefined) throw new Error('no --wikis');
  return { ...settings, fanout };
}
