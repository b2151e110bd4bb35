import { Failure } from '../failure.js';
import { factsOf } from '../output/formats.js';
import { isFilePerWiki, isPattern } from './file-name.js';
import { ownOptions } from './own-options.js';
import type { OwnValues } from './own-values.js';
import type { ParsedArgv } from './parse-argv.js';
import type { FanoutSettings, OutputSettings, Settings } from './settings.js';

/** The options that mean something only beside --wikis. */
const wikisOptions = ownOptions.filter(({ needs }) => needs === 'wikis' || needs === 'wikis-run');

/**
 * What --wikis and the options beside it add up to; undefined: one wiki, or none.
 *
 * @param output all that is known of it
 * @throws Failure for options that need --wikis, or that it does not go with
 */
export function readFanoutOptions(
  own: OwnValues,
  action: Settings['action'],
  line: ParsedArgv,
  output: OutputSettings,
): FanoutSettings | undefined {
  if (action !== 'run' && action !== 'print-target') return undefined;
  const wikis = own.value('wikis');
  if (wikis === undefined) {
    const alone = wikisOptions.find(({ name }) => own.has(name));
    if (alone === undefined) return undefined;
    throw new Failure('needs-wikis', `--${alone.name} needs --wikis`);
  }
  checkWikis(wikis, own.value('except'));
  checkOneTarget(own, line);
  if (action === 'print-target') {
    const toRun = wikisOptions.find(({ name, needs }) => needs === 'wikis-run' && own.has(name));
    if (toRun !== undefined) throw clash(`--${toRun.name}`, '--print-target');
  } else if (!output.batch) {
    throw new Failure('fanout-alone', '--wikis needs -e or standard input');
  }
  const settings: FanoutSettings = {
    wikis,
    except: own.value('except'),
    dryRun: own.has('dry-run'),
    plan: own.value('plan') === undefined ? undefined : 'json',
    perSection: own.number('per-section'),
    readOnly: !own.has('skip-read-only'),
    maxStatementTime: own.number('max-statement-time'),
    throttle: own.number('throttle'),
    wikiColumn: own.value('wiki-column') ?? 'wiki',
    wikiColumnGiven: own.has('wiki-column'),
    unordered: own.has('unordered'),
    unionColumns: own.has('union-columns'),
    failFast: own.has('fail-fast'),
    resume: own.has('resume'),
    retries: own.number('retries'),
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
function checkOneTarget(own: OwnValues, line: ParsedArgv): void {
  if (own.has('client')) throw clash('--client', '--wikis');
  if (line.positionals.length > 0) {
    const text =
      'a name alone does not go with --wikis: put it into the expression, and that into quotes';
    throw new Failure('fanout-clash', text);
  }
  for (const use of line.uses) {
    if (use.kind !== 'client' || use.off) continue;
    const instead = use.option.insteadWithWikis;
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
    isFilePerWiki(file) &&
    !isPattern(file);
  if (hive && fanout.wikiColumnGiven && fanout.wikiColumn) {
    const instead = "its directories' names are a column, wiki_db";
    throw clash('--wiki-column', 'a directory of Parquet files', instead);
  }
}

function clash(option: string, other: string, instead?: string): Failure {
  const text = `${option} does not go with ${other}`;
  return new Failure('fanout-clash', instead === undefined ? text : `${text}: ${instead}`);
}
