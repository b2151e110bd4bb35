import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Settings } from '../cli/settings.js';
import { programName, version } from '../cli/version.js';
import { dataOptions } from '../provenance/data-options.js';
import {
  type Provenance,
  statementText,
  totalsOf,
  type WikiProvenance,
} from '../provenance/document.js';
import { type DataFile, provenanceBeside, writeProvenance } from '../provenance/write.js';
import { type Endpoint, socketPathOf } from '../target/address.js';
import type { WikiOutcome } from './outcome.js';
import type { Plan, PlannedWiki, SectionPlan } from './plan/plan.js';
import type { RunStats } from './run-stats.js';

/** A run over many wikis that has ended, its files under their names. */
export interface ProvenanceRun {
  /** `output.file` is set. */
  settings: Settings;
  plan: Plan;
  /** All outcomes are in it. */
  stats: RunStats;
  /** Its id, as it stands in the statements' comments. */
  run: string;
  /** The name of the connections' character set. */
  characterSet: string;
  /** The directory that `Gathered.file` is relative to; undefined: all wikis share one file. */
  directory: string | undefined;
}

/** A placeholder of a pattern of --output. */
const placeholder = '{wiki}';

/**
 * Where the provenance of a run goes: `edits.csv.meta.json` beside a file, `edits.meta.json` beside a
 * directory, and for a pattern `_analytics-mysql.meta.json` in its deepest directory without a placeholder.
 *
 * @param directory as in ProvenanceRun
 */
export function provenancePath(output: string, directory: string | undefined): string {
  if (output.includes(placeholder)) {
    const parts = output.slice(0, output.indexOf(placeholder));
    return join(parts.slice(0, parts.lastIndexOf('/') + 1), '_analytics-mysql.meta.json');
  }
  if (directory === undefined) return provenanceBeside(output);
  // `.` and `..` have no name of their own.
  const named = /(?:^|\/)\.{1,2}\/*$/.test(output) ? resolve(output) : output;
  return join(dirname(named), `${basename(named)}.meta.json`);
}

/** Writes a run's provenance. Rejects with a Failure; the data stays as it is. */
export async function writeRunProvenance(run: ProvenanceRun): Promise<void> {
  const { output } = run.settings;
  if (output.file === undefined) return;
  const path = provenancePath(output.file, run.directory);
  await writeProvenance(
    path,
    documentOf(run, dirname(path), Date.now()),
    run.directory === undefined ? [{ path: output.file }] : filesOf(run, run.directory),
  );
}

function filesOf({ stats }: ProvenanceRun, directory: string): DataFile[] {
  return inOrder(stats.outcomes).flatMap(({ result: wikiResult }) => {
    const { file, sha256 } = wikiResult ?? {};
    return file === undefined ? [] : [{ path: join(directory, file), sha256 }];
  });
}

/** As the plan's: by code point. */
function inOrder(outcomes: readonly WikiOutcome[]): WikiOutcome[] {
  return [...outcomes].sort((a, b) => (a.wiki < b.wiki ? -1 : 1));
}

/** `place`: the directory of the document; `end`: milliseconds since 1970. */
function documentOf(run: ProvenanceRun, place: string, end: number): Omit<Provenance, 'files'> {
  const { plan, stats, directory = '' } = run;
  const outcomes = new Map<string, [WikiOutcome, ended: number]>();
  stats.outcomes.forEach((outcome, i) => {
    outcomes.set(outcome.wiki, [outcome, stats.endTimes[i] ?? end]);
  });
  const sections = new Map(plan.sections.map((section) => [section.name, section]));
  const wikis = plan.wikis.map((planned) => {
    const { wiki, section } = planned;
    const file = outcomes.get(wiki)?.[0].result?.file;
    return {
      ...wikiOf(planned, sections.get(section), outcomes.get(wiki)),
      ...(file !== undefined && { file: relative(place, join(directory, file)) }),
    };
  });
  const lasted = process.uptime() * 1000 - stats.started;
  return {
    tool: { name: programName, version },
    run: run.run,
    start: new Date(end - lasted).toISOString(),
    end: new Date(end).toISOString(),
    statements: plan.statements.map(({ sql }) => statementText(sql)),
    options: dataOptions(run),
    wikis,
    totals: totalsOf(wikis),
  };
}

function wikiOf(
  { wiki }: PlannedWiki,
  plan: SectionPlan | undefined,
  ended: [WikiOutcome, number] | undefined,
): WikiProvenance {
  const [outcome, at] = ended ?? [];
  const socket = plan && socketPathOf(plan.target.address);
  const ranHere = outcome !== undefined && outcome.outcome !== 'finished-before';
  const endpoint = ranHere ? (outcome.endpoint ?? onlyEndpoint(plan)) : undefined;
  const { rows, bytes } = outcome?.result ?? { rows: 0, bytes: 0 };
  const errno = outcome?.reason?.errno;
  return {
    wiki,
    section: plan?.target.section ?? null,
    host: endpoint?.host ?? null,
    port: endpoint?.port ?? null,
    ...(socket !== undefined && { socket }),
    serverVersion: outcome?.serverVersion ?? null,
    start: ranHere && at !== undefined ? timeText(at - outcome.seconds * 1000) : null,
    end: ranHere && at !== undefined ? timeText(at) : null,
    rows,
    bytes,
    outcome: outcome?.outcome ?? 'not-run',
    errors: errno === undefined ? [] : [errno],
  };
}

/** Where there are several, which one answered is not known here. */
function onlyEndpoint(plan: SectionPlan | undefined): Endpoint | undefined {
  const address = plan?.target.address;
  return address?.kind === 'tcp' && address.endpoints.length === 1
    ? address.endpoints[0]
    : undefined;
}

/** `milliseconds`: since 1970. */
function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
