import { createOptionFailure, type Failure } from '../failure.js';
import { formatPropertiesOf } from '../output/formats.js';
import { type WikiFieldName, wikiFieldNames } from '../wikis/wiki-fields.js';
import { createExtraWikiError } from './extra-argument.js';
import { isFilePerWiki, isPattern } from './file-name.js';
import { type OwnOptionName, ownOptions } from './own-options.js';
import type { OwnValues } from './own-values.js';
import type { ParsedArgv } from './parse-argv.js';
import type {
  EarlierRun,
  FanoutSettings,
  OutputSettings,
  Settings,
  ShownField,
} from './settings.js';

/*
 * Reads --wikis and the options that need it.
 */

/** The options that require --wikis. */
const wikisOptions = ownOptions.filter(({ needs }) => needs === 'wikis' || needs === 'wikis-run');

/** The default of --max-statement-time with --wikis, in seconds. */
export const wikisStatementTime = 3600;

/**
 * Returns the settings of a run over many wikis, or undefined without --wikis.
 *
 * @param output the complete settings of the output
 * @throws Failure for options that need --wikis, or that cannot be used with it
 */
export function readFanoutOptions(
  own: OwnValues,
  action: Settings['action'],
  commandLine: ParsedArgv,
  output: OutputSettings,
): FanoutSettings | undefined {
  if (action === 'list-lists') checkListLists(own, commandLine);
  if (action !== 'run' && action !== 'print-target' && action !== 'list-wikis') return undefined;
  const wikis = own.value('wikis');
  if (wikis === undefined) {
    const misplaced = wikisOptions.find(({ name }) => own.has(name));
    if (misplaced === undefined) return undefined;
    throw createOptionFailure('needs-wikis', `--${misplaced.name} needs --wikis`, misplaced.name);
  }
  checkWikis(wikis, own.value('except'));
  checkOneTarget(own, commandLine);
  if (action !== 'run') {
    const runOption = wikisOptions.find(
      ({ name, needs }) => needs === 'wikis-run' && own.has(name),
    );
    if (runOption !== undefined) throw createConflict(`--${runOption.name}`, `--${action}`);
  } else if (!output.batch) {
    throw createOptionFailure(
      'fanout-alone',
      '--wikis needs statements: use -e or standard input',
      'wikis',
    );
  }
  const settings: FanoutSettings = {
    wikis,
    except: own.value('except'),
    dryRun: own.has('dry-run'),
    plan: own.value('plan') === undefined ? undefined : 'json',
    perSection: own.number('per-section'),
    readOnly: !own.has('skip-read-only'),
    maxStatementTime: own.number('max-statement-time', wikisStatementTime),
    wikiTimeout: own.number('wiki-timeout'),
    throttle: own.number('throttle'),
    wikiColumn: own.value('wiki-column') ?? 'wiki',
    wikiColumnGiven: own.has('wiki-column'),
    wikiFields: readWikiFields(own, action),
    shownFields: readShownFields(own, action),
    unordered: own.has('unordered'),
    unionColumns: own.has('union-columns'),
    failFast: own.has('fail-fast'),
    earlierRun: readEarlierRun(own),
    quiet: own.has('quiet'),
    retries: own.number('retries'),
  };
  checkCombinations(settings, output);
  return { ...settings, wikiColumn: settings.wikiColumn || undefined };
}

/** Refuses the options and arguments that choose wikis, because --list-lists prints all lists. */
function checkListLists(own: OwnValues, { positionals }: ParsedArgv): void {
  const wikisOption = ['wikis', ...wikisOptions.map(({ name }) => name)].find((name) =>
    own.has(name as OwnOptionName),
  );
  if (wikisOption !== undefined) throw createConflict(`--${wikisOption}`, '--list-lists');
  if (positionals.length > 0) throw createConflict('a database name', '--list-lists');
}

const agePattern = /^(\d{1,6})([smhd])$/;
const secondsOfUnit = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Returns what --resume and --restart ask for.
 *
 * @throws Failure `bad-age`, `fanout-clash`
 */
function readEarlierRun(own: OwnValues): EarlierRun {
  const age = own.value('resume');
  if (own.has('restart')) {
    if (age !== undefined) throw createConflict('--restart', '--resume');
    return { action: 'restart' };
  }
  if (age === undefined) return { action: 'refuse' };
  if (age === '') return { action: 'resume', maxAge: undefined };
  const [, count, unit] = agePattern.exec(age) ?? [];
  if (count === undefined || unit === undefined) {
    throw createOptionFailure(
      'bad-age',
      `--resume '${age}' is not an age such as 30m, 12h or 2d`,
      'resume',
    );
  }
  return { action: 'resume', maxAge: Number(count) * secondsOfUnit[unit as 's' | 'm' | 'h' | 'd'] };
}

/**
 * Returns the fields of the lists that --wiki-fields names.
 *
 * @throws Failure `bad-wiki-fields`
 */
function readWikiFields(own: OwnValues, action: Settings['action']): readonly WikiFieldName[] {
  const names = splitFields(own);
  const fields = names.flatMap((name) => wikiFieldNames.find((field) => field === name) ?? []);
  if (action === 'run') checkFields(names, wikiFieldNames);
  return fields;
}

/**
 * Returns the columns that --print-target or --list-wikis prints; undefined without --wiki-fields.
 *
 * @throws Failure `bad-wiki-fields`
 */
function readShownFields(
  own: OwnValues,
  action: Settings['action'],
): readonly ShownField[] | undefined {
  if (action === 'run' || !own.has('wiki-fields')) return undefined;
  const place = action === 'print-target' ? (['host', 'port'] as const) : [];
  const known: readonly ShownField[] = ['dbname', ...wikiFieldNames, ...place];
  const names = splitFields(own);
  checkFields(names, known);
  return names.flatMap((name) => known.find((field) => field === name) ?? []);
}

function splitFields(own: OwnValues): string[] {
  return (own.value('wiki-fields') ?? '').split(',').map((name) => name.trim());
}

function checkFields(names: readonly string[], known: readonly string[]): void {
  if (names.length === 1 && names[0] === '') return;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const text = `unknown field '${unknown}' in --wiki-fields; use ${known.join(', ')}`;
    throw createOptionFailure('bad-wiki-fields', text, 'wiki-fields');
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw createOptionFailure(
    'bad-wiki-fields',
    `--wiki-fields names '${repeated}' twice`,
    'wiki-fields',
  );
}

/** Throws Failure `no-wikis` if --wikis or --except is empty. */
export function checkWikis(wikis: string, except: string | undefined): void {
  for (const [option, text] of [
    ['wikis', wikis],
    ['except', except],
  ] as const) {
    if (text === undefined) continue;
    if (text.trim() === '') {
      throw createOptionFailure(
        'no-wikis',
        `--${option} needs the names of wikis or lists, such as s2,enwiki`,
        option,
      );
    }
  }
}

/** Refuses all other options and arguments that name a database, and those of one wiki only. */
function checkOneTarget(own: OwnValues, commandLine: ParsedArgv): void {
  if (own.has('client')) throw createConflict('--client', '--wikis');
  const [positional] = commandLine.positionals;
  if (positional !== undefined && own.has('resume') && agePattern.test(positional)) {
    const text = `write the age in the same word as --resume: --resume=${positional}`;
    throw createOptionFailure('bad-age', text);
  }
  if (positional !== undefined) throw createExtraWikiError(commandLine, own.value('wikis') ?? '');
  for (const use of commandLine.uses) {
    if (use.kind !== 'client' || use.off) continue;
    const instead = use.option.insteadWithWikis;
    if (instead !== undefined) throw createConflict(`--${use.option.name}`, '--wikis', instead);
  }
}

function checkCombinations(fanout: FanoutSettings, output: OutputSettings): void {
  const { file, format } = output;
  if (fanout.dryRun && fanout.plan !== undefined) throw createConflict('--plan', '--dry-run');
  const { action } = fanout.earlierRun;
  if (action !== 'refuse' && file === undefined) {
    throw createOptionFailure(
      'no-output',
      `--${action} needs --output with a file or directory`,
      action,
    );
  }
  if (fanout.unordered && file !== undefined) {
    throw createConflict('--unordered', '--output', 'files keep the order of the wikis');
  }
  if (/[\ud800-\udfff]/u.test(fanout.wikiColumn ?? '')) {
    throw createOptionFailure(
      'odd-name',
      '--wiki-column: the name is not valid UTF-8',
      'wiki-column',
    );
  }
  const isHiveLayout =
    formatPropertiesOf(format.name).columnMatch === 'types' &&
    file !== undefined &&
    isFilePerWiki(file) &&
    !isPattern(file);
  if (isHiveLayout && fanout.wikiColumnGiven && fanout.wikiColumn) {
    const instead = 'the names of its directories already give the column wiki_db';
    throw createConflict('--wiki-column', 'a directory of Parquet files', instead);
  }
}

function createConflict(option: string, other: string, instead?: string): Failure {
  const text = `${option} cannot be used with ${other}`;
  const message = instead === undefined ? text : `${text}: ${instead}`;
  const options = [option, other].flatMap((word) => /^--(\S+)$/.exec(word)?.[1] ?? []);
  return createOptionFailure('fanout-clash', message, ...options);
}
