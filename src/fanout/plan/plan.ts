import type { FanoutSettings, Settings } from '../../cli/settings.js';
import type { Failure } from '../../failure.js';
import type { Target } from '../../target/target.js';
import type { WikiFields } from '../../wikis/wiki-fields.js';

/** The plan of a run: its wikis, sections and statements. */

/** One wiki of a run, with its database and section. */
export interface PlannedWiki {
  /** The wiki's name in the dblists and in the results. */
  wiki: string;
  /** The name of its database on the server. */
  database: string;
  /** The name of its section, as in `SectionPlan.name`. */
  section: string;
  /** The fields that --wiki-fields names; undefined: none. */
  fields?: WikiFields;
}

/** The wikis of one section, which share connections. */
export interface SectionPlan {
  /** `s1` …, `x1`; the host's name if the user gave a host or a socket. */
  name: string;
  /** The server of the section; its `database` is undefined. */
  target: Target;
  /** The wikis in the order in which they run, which is that of `Plan.wikis`. */
  wikis: PlannedWiki[];
}

/** Everything about a run over many wikis that is decided before the first connection. */
export interface Plan {
  /** All wikis, sorted by code point, without repeats. */
  wikis: PlannedWiki[];
  /** The sections in order: s1 … s8, then others by name. Each has at least one wiki. */
  sections: SectionPlan[];
  /** The sections whose servers are unknown; there is a section whose server is known, too. */
  unresolved: UnresolvedSection[];
  /** The statements to run on each wiki, in order. */
  statements: PlannedStatement[];
}

/** A section whose server is unknown. */
export interface UnresolvedSection {
  name: string;
  wikis: PlannedWiki[];
  failure: Failure;
}

/** One statement of the script. */
export interface PlannedStatement {
  /** The statement without its delimiter. */
  sql: Uint8Array;
  /** The line in the script where it begins. */
  line: number;
}

/** What a collector needs to know of the run whose results it collects. */
export interface RunRequest {
  settings: Settings;
  fanout: FanoutSettings;
  plan: Plan;
  /** The name of the character set of the connections. */
  characterSet: string;
  /** The id of the run. */
  run: string;
}
