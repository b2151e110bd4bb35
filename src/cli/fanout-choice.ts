import { Failure } from '../failure.js';
import { isManyFiles, isPattern } from './output-choice.js';
import type { FanoutSettings, OutputSettings, Settings } from './settings.js';
import type { Walk } from './walk.js';
import type { WrapperValues } from './wrapper.js';

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

/** As MariaDB 10.11 limits max_statement_time. */
const longestStatement = 31_536_000;
const longestThrottle = 3600;

/**
 * What --wikis and the options beside it add up to; undefined: one wiki, or none.
 *
 * @param output all that is known of it
 * @throws Failure for options that need --wikis, or that it does not go with
 */
export function fanoutChoiceOf(
  own: WrapperValues,
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
    perSection: wholeNumber(own, 'per-section', 1, 1, 16),
    readOnly: !own.flags.has('skip-read-only'),
    maxStatementTime: seconds(own, 'max-statement-time', 3600, longestStatement),
    throttle: seconds(own, 'throttle', 0, longestThrottle),
    wikiColumn: own.values.get('wiki-column') ?? 'wiki',
    wikiColumnGiven: own.values.has('wiki-column'),
    unordered: own.flags.has('unordered'),
    unionColumns: own.flags.has('union-columns'),
    failFast: own.flags.has('fail-fast'),
    resume: own.flags.has('resume'),
    retries: wholeNumber(own, 'retries', 3, 0, 100),
  };
  checkTogether(settings, output);
  return { ...settings, wikiColumn: settings.wikiColumn || undefined };
}

function checkWikis(wikis: string, except: string | undefined): void {
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
function checkOneTarget(own: WrapperValues, line: Walk): void {
  if (own.values.has('client')) throw clash('--client', '--wikis');
  if (line.positionals.length > 0) {
    const text =
      'a name alone does not go with --wikis: put it into the expression, and that into quotes';
    throw new Failure('fanout-clash', text);
  }
  for (const use of line.uses) {
    if (!use.option || use.off) continue;
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
    format.name === 'parquet' && file !== undefined && isManyFiles(file) && !isPattern(file);
  if (hive && fanout.wikiColumnGiven && fanout.wikiColumn) {
    const instead = "its folders' names are a column, wiki_db";
    throw clash('--wiki-column', 'a folder of Parquet files', instead);
  }
}

function planOf(given: string | undefined): FanoutSettings['plan'] {
  if (given === undefined || given === 'json') return given;
  throw new Failure('bad-plan', `unknown --plan '${given}'; known is json`);
}

function wholeNumber(
  own: WrapperValues,
  name: string,
  initial: number,
  least: number,
  most: number,
): number {
  const given = own.values.get(name);
  if (given === undefined) return initial;
  const number = /^\d{1,9}$/.test(given) ? Number(given) : -1;
  if (number >= least && number <= most) return number;
  const text = `--${name} ${given}: not a whole number from ${least} to ${most}`;
  throw new Failure('bad-number', text);
}

/** Decimals are allowed, as in the server's own setting. */
function seconds(own: WrapperValues, name: string, initial: number, most: number): number {
  const given = own.values.get(name);
  if (given === undefined) return initial;
  const number = /^(\d{1,9}(\.\d{0,6})?|\.\d{1,6})$/.test(given) ? Number(given) : -1;
  if (number >= 0 && number <= most) return number;
  throw new Failure('bad-number', `--${name} ${given}: not a number of seconds from 0 to ${most}`);
}

function clash(option: string, other: string, instead?: string): Failure {
  const text = `${option} does not go with ${other}`;
  return new Failure('fanout-clash', instead === undefined ? text : `${text}: ${instead}`);
}

function isGiven({ values, flags }: WrapperValues, name: string): boolean {
  return values.has(name) || flags.has(name);
}
