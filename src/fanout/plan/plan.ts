import type { FanoutSettings, Settings } from '../../cli/settings.js';
import type { Target } from '../../target/target.js';

/** One wiki of a run, and where it is. */
export interface PlannedWiki {
  /** Its name in the dblists, and in the results. */
  wiki: string;
  /** The name of its database on the server. */
  database: string;
  /** As in `SectionPlan.name`. */
  section: string;
}

/** The wikis that share connections: those of one section. */
export interface SectionPlan {
  /** `s1` …, `x1`; the host's name where the user named a host or a socket. */
  name: string;
  /** Its `database` is undefined. */
  target: Target;
  /** In the order in which they are asked, which is that of `Plan.wikis`. */
  wikis: PlannedWiki[];
}

/** What a run over many wikis asks, and where: all that is decided before a connection is made. */
export interface Plan {
  /** All wikis, sorted by code point, without repeats. */
  wikis: PlannedWiki[];
  /** Sorted as sections are: s1 … s8, others by name. None is empty. */
  sections: SectionPlan[];
  /** What is run on each wiki, in order. */
  statements: PlannedStatement[];
}

/** One statement of the script. */
export interface PlannedStatement {
  /** Without the delimiter. */
  sql: Uint8Array;
  /** Where it begins in the script. */
  line: number;
}

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
