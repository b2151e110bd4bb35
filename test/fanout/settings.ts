import { readSettings } from '../../src/cli/read-settings.js';
import type { FanoutSettings, Settings } from '../../src/cli/settings.js';

/** Of a run over many wikis with the given options, where nothing else says anything. */
export function settingsOf(...options: string[]): Settings & { fanout: FanoutSettings } {
  const system = { interactive: () => false, optionFiles: [] };
  const settings = readSettings(['--wikis=all', '-e', 'select 1', ...options], {}, system);
  const { fanout } = settings;
  if (fanout === undefined) throw new Error('--wikis says nothing');
  return { ...settings, fanout };
}
