import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Settings } from '../cli/settings.js';
import { programName, version } from '../cli/version.js';
import { readDataOptions } from '../provenance/data-options.js';
import {
  type Provenance,
  sumTotals,
  toStatementText,
  type WikiProvenance,
} from '../provenance/document.js';
import {
  type DataFile,
  provenancePathForFile,
  writeProvenance,
} from '../provenance/write-provenance.js';
import { type Endpoint, getSocketPath } from '../target/address.js';
import type { WikiOutcome } from './outcome.js';
import type { Plan, PlannedWiki, SectionPlan } from './plan/plan.js';
import type { RunStats } from './run-stats.js';

/** Writes the provenance document of a run. */

/** A finished run; its files have their final names. */
export interface ProvenanceRun {
  /** The settings of the run; `output.file` is set. */
  settings: Settings;
  plan: Plan;
  /** The statistics, with the outcome of every wiki. */
  stats: RunStats;
  /** The run's id, as in the comments of its statements. */
  run: string;
  /** The name of the character set of the connections. */
  characterSet: string;
  /** The directory that `WikiResult.file` is relative to; undefined if all wikis share one file. */
  directory: string | undefined;
}

/** The placeholder for the wiki in a pattern of --output. */
const placeholder = '{wiki}';

/**
 * Returns the path of a run's provenance document: `edits.csv.meta.json` beside a file,
 * `edits.meta.json` beside a directory, and for a pattern `_analytics-mysql.meta.json` in its
 * deepest directory without a placeholder.
 *
 * @param directory as in ProvenanceRun
 */
export function provenancePathForRun(output: string, directory: string | undefined): string {
  if (output.includes(placeholder)) {
    const prefix = output.slice(0, output.indexOf(placeholder));
    return join(prefix.slice(0, prefix.lastIndexOf('/') + 1), '_analytics-mysql.meta.json');
  }
  if (directory === undefined) return provenancePathForFile(output);
  // `.` and `..` are not names that a suffix can be added to.
  const namedPath = /(?:^|\/)\.{1,2}\/*$/.test(output) ? resolve(output) : output;
  return join(dirname(namedPath), `${basename(namedPath)}.meta.json`);
}

/** Writes the provenance of a run. Rejects with Failure; the data files are not changed. */
export async function writeRunProvenance(run: ProvenanceRun): Promise<void> {
  const { output } = run.settings;
  if (output.file === undefined) return;
  const path = provenancePathForRun(output.file, run.directory);
  await writeProvenance(
    path,
    buildDocument(run, dirname(path), Date.now()),
    run.directory === undefined ? [{ path: output.file }] : listFiles(run, run.directory),
  );
}

function listFiles({ stats }: ProvenanceRun, directory: string): DataFile[] {
  return sortByWiki(stats.outcomes).flatMap(({ result: wikiResult }) => {
    const { file, sha256 } = wikiResult ?? {};
    return file === undefined ? [] : [{ path: join(directory, file), sha256 }];
  });
}

/** Sorts by code point, as the plan does. */
function sortByWiki(outcomes: readonly WikiOutcome[]): WikiOutcome[] {
  return [...outcomes].sort((a, b) => (a.wiki < b.wiki ? -1 : 1));
}

/** Paths are relative to `documentDirectory`. `end` is in milliseconds since 1970. */
function buildDocument(
  run: ProvenanceRun,
  documentDirectory: string,
  end: number,
): Omit<Provenance, 'files'> {
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
      ...describeWiki(planned, sections.get(section), outcomes.get(wiki)),
      ...(file !== undefined && { file: relative(documentDirectory, join(directory, file)) }),
    };
  });
  const duration = process.uptime() * 1000 - stats.startTime;
  return {
    tool: { name: programName, version },
    run: run.run,
    start: new Date(end - duration).toISOString(),
    end: new Date(end).toISOString(),
    statements: plan.statements.map(({ sql }) => toStatementText(sql)),
    options: readDataOptions(run),
    wikis,
    totals: sumTotals(wikis),
  };
}

function describeWiki(
  { wiki }: PlannedWiki,
  plan: SectionPlan | undefined,
  outcomeAndTime: [WikiOutcome, number] | undefined,
): WikiProvenance {
  const [outcome, endTime] = outcomeAndTime ?? [];
  const socket = plan && getSocketPath(plan.target.address);
  const isFromThisRun = outcome !== undefined && outcome.outcome !== 'finished-before';
  const endpoint = isFromThisRun ? (outcome.endpoint ?? onlyEndpoint(plan)) : undefined;
  const { rows, bytes } = outcome?.result ?? { rows: 0, bytes: 0 };
  const errno = outcome?.reason?.errno;
  return {
    wiki,
    section: plan?.target.section ?? null,
    host: endpoint?.host ?? null,
    port: endpoint?.port ?? null,
    ...(socket !== undefined && { socket }),
    serverVersion: outcome?.serverVersion ?? null,
    start:
      isFromThisRun && endTime !== undefined ? formatTime(endTime - outcome.seconds * 1000) : null,
    end: isFromThisRun && endTime !== undefined ? formatTime(endTime) : null,
    rows,
    bytes,
    outcome: outcome?.outcome ?? 'not-run',
    errors: errno === undefined ? [] : [errno],
  };
}

/** Returns the endpoint if there is only one; of several it is unknown which one responded. */
function onlyEndpoint(plan: SectionPlan | undefined): Endpoint | undefined {
  const address = plan?.target.address;
  return address?.kind === 'tcp' && address.endpoints.length === 1
    ? address.endpoints[0]
    : undefined;
}

/** `milliseconds` is the time since 1970. */
function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
