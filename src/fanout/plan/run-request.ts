import type { FanoutSettings, Settings } from '../../cli/settings.js';
import type { Plan } from './plan.js';

/** What the results of a run are gathered for. */
export interface RunRequest {
  settings: Settings;
  fanout: FanoutSettings;
  plan: Plan;
  /** Of the connections, its name. */
  characterSet: string;
  /** Id of the run. */
  run: string;
}
