import { readSettings } from '../../src/cli/read-settings.js';
import type { FanoutSettings, OutputSettings, Settings } from '../../src/cli/settings.js';

/** Of a script with the given options, where nothing else says anything. */
export function settingsOf(...options: string[]): Settings {
  const system = { interactive: () => false, optionFiles: [] };
  return readSettings(['-e', 'select 1', ...options], {}, system);
}

/** Of a script without options, but for what is `given`. */
export function outputSettings(given: Partial<OutputSettings> = {}): OutputSettings {
  return { ...settingsOf().output, ...given };
}

/** Of a run over many wikis without further options, but for what is `given`. */
export function fanoutSettings(given: Partial<FanoutSettings> = {}): FanoutSettings {
  return {
    ...{ wikis: 'all', except: undefined, dryRun: false, plan: undefined, perSection: 1 },
    ...{ readOnly: true, maxStatementTime: 0, throttle: 0, wikiColumn: 'wiki' },
    ...{ wikiColumnGiven: false, unordered: false, unionColumns: false, failFast: false },
    ...{ resume: false, retries: 0 },
    ...given,
  };
}
