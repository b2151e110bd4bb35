import { Failure } from '../failure.js';
import { factsOf } from '../output/formats.js';
import { type FanoutNumber, fanoutNumber } from './fanout-numbers.js';
import { isManyFiles, isPattern } from './output-choice.js';
import { isGiven, type OwnValues } from './own-values.js';
import type { FanoutSettings, OutputSettings, Settings } from './settings.js';
import type { Walk } from './walk.js';

/** The options that mean something with --wikis only. */
const running = [
  'dry-run',
  'plan',
  'per-section',
  'skip-read-only',
  'max-statement-time',
  'throttle',
  'wiki-column',
  'unordered',
  'union-columns',
  'fail-fast',
  'resume',
  'retries',
] as const;

/** The client's options that do not go with --wikis on the command line, and what to do instead. */
const refused: Readonly<Record<string, string>> = {
  database: 'name the wikis in --wikis alone',
  'one-database': 'name the wikis in --wikis alone',
  tee: 'use --output',
  force: 'the other wikis go on anyway',
  'column-type-info': 'ask one wiki',
  'show-warnings': 'ask one wiki',
};

/**
 * What --wikis and the options beside it add up to; undefined: one wiki, or none.
 *
 * @param output all that is known of it
 * @throws Failure for options that need --wikis, or that it does not go with
 */
export function fanoutChoiceOf(
  own: OwnValues,
  action: Settings['action'],
  line: Walk,
  output: OutputSettings,
): FanoutSettings | undefined {
  if (action !== 'run' && action !== 'print-target') return undefined;
  const wikis = own.values.get('wikis');
  if (wikis === undefined) {
    const alone = ['except', ...running].find((name) => isGiven(own, name));
    if (alone === undefined) return undefined;
    throw new Failure('needs-wikis', `--${alone} needs --wikis`);
  }
  checkWikis(wikis, own.values.get('except'));
  checkOneTarget(own, line);
  if (action === 'print-target') {
    const toRun = running.find((name) => isGiven(own, name));
    if (toRun !== undefined) throw clash(`--${toRun}`, '--print-target');
  } else if (!output.batch) {
    throw new Failure('fanout-alone', '--wikis needs -e or standard input');
  }
  const settings: FanoutSettings = {
    wikis,
    except: own.values.get('except'),
    dryRun: own.flags.has('dry-run'),
    plan: planOf(own.values.get('plan')),
    perSection: numberOf(own, 'per-section', 'perSection'),
    readOnly: !own.flags.has('skip-read-only'),
    maxStatementTime: numberOf(own, 'max-statement-time', 'maxStatementTime'),
    throttle: numberOf(own, 'throttle', 'throttle'),
    wikiColumn: own.values.get('wiki-column') ?? 'wiki',
    wikiColumnGiven: own.values.has('wiki-column'),
    unordered: own.flags.has('unordered'),
    unionColumns: own.flags.has('union-columns'),
    failFast: own.flags.has('fail-fast'),
    resume: own.flags.has('resume'),
    retries: numberOf(own, 'retries', 'retries'),
  };
  checkTogether(settings, output);
  return { ...settings, wikiColumn: settings.wikiColumn || undefined };
}

/** Throws Failure `no-wikis` where no wikis are named. */
export function checkWikis(wikis: string, except: string | undefined): void {
  for (const [option, text] of [
    ['wikis', wikis],
    ['except', except],
  ]) {
    if (text === undefined) continue;
    if (text.trim() === '') {
      throw new Failure(
        'no-wikis',
        `--${option} needs the names of wikis or lists, such as s2,enwiki`,
      );
    }
  }
}

/** Nothing else may say which database. */
function checkOneTarget(own: OwnValues, line: Walk): void {
  if (own.values.has('client')) throw clash('--client', '--wikis');
  if (line.positionals.length > 0) {
    const text =
      'a name alone does not go with --wikis: put it into the expression, and that into quotes';
    throw new Failure('fanout-clash', text);
  }
  for (const use of line.uses) {
    if (use.kind !== 'client' || use.off) continue;
    const instead = refused[use.option.name];
    if (instead !== undefined) throw clash(`--${use.option.name}`, '--wikis', instead);
  }
}

function checkTogether(fanout: FanoutSettings, output: OutputSettings): void {
  const { file, format } = output;
  if (fanout.dryRun && fanout.plan !== undefined) throw clash('--plan', '--dry-run');
  if (fanout.resume && file === undefined) {
    const text = '--resume needs the --output of the run that did not end: a stream has no journal';
    throw new Failure('no-output', text);
  }
  if (fanout.unordered && file !== undefined) {
    throw clash('--unordered', '--output', 'files are in the order of the wikis');
  }
  if (/[\ud800-\udfff]/u.test(fanout.wikiColumn ?? '')) {
    throw new Failure('odd-name', '--wiki-column: the name is no UTF-8');
  }
  const hive =
    factsOf(format.name).alike === 'types' &&
    file !== undefined &&
    isManyFiles(file) &&
    !isPattern(file);
  if (hive && fanout.wikiColumnGiven && fanout.wikiColumn) {
    const instead = "its folders' names are a column, wiki_db";
    throw clash('--wiki-column', 'a folder of Parquet files', instead);
  }
}

function planOf(given: string | undefined): FanoutSettings['plan'] {
  if (given === undefined || given === 'json') return given;
  throw new Failure('bad-plan', `unknown --plan '${given}'; known is json`);
}

function numberOf({ values }: OwnValues, option: string, name: FanoutNumber): number {
  const text = values.get(option);
  const isNumber = text !== undefined && /^(\d{1,9}(\.\d{0,6})?|\.\d{1,6})$/.test(text);
  const given = text === undefined ? undefined : isNumber ? Number(text) : Number.NaN;
  return fanoutNumber(name, given, `--${option} ${text}`);
}

function clash(option: string, other: string, instead?: string): Failure {
  const text = `${option} does not go with ${other}`;
  return new Failure('fanout-clash', instead === undefined ? text : `${text}: ${instead}`);
}
