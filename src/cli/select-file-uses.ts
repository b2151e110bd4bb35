import { formatPropertiesOf, type OutputFormat, outputFormats } from '../output/formats.js';
import { isFilePerWiki, parseFileName } from './file-name.js';
import type { OptionUse, OwnUse } from './option-use.js';
import type { OwnOptionName } from './own-options.js';
import { OwnValues } from './own-values.js';
import type { Settings } from './settings.js';

/*
 * Selects the own options of option files that apply to a run. On the command line an option that cannot
 * be used is an error; in a file it is a default, which only the runs use that it fits.
 */

/** What the command line and the client's options decide about a run. */
export interface RunFacts {
  action: Settings['action'];
  /** The values of the own options on the command line. */
  line: OwnValues;
  /** The command line names a database. */
  namesDatabase: boolean;
  /** A server was given by --host or --socket. */
  hasAddress: boolean;
  /** The command line has an option of the client that chooses a format, such as -t. */
  choosesFormat: boolean;
  /** Statements come from -e or standard input. */
  batch: boolean;
}

/** Options on the command line that replace those of a file besides the option of the same name. */
const replacedBy: Partial<Record<OwnOptionName, readonly OwnOptionName[]>> = {
  section: ['use-x1'],
  'use-x1': ['section', 'redacted'],
  redacted: ['use-x1'],
  format: ['output'],
  wikis: ['section', 'client', 'use-x1'],
  client: ['wikis'],
  resume: ['restart'],
  restart: ['resume'],
  plan: ['dry-run'],
  'dry-run': ['plan'],
};

/** Returns the uses without those own options of files that do not apply to the run. */
export function selectFileUses(uses: readonly OptionUse[], facts: RunFacts): OptionUse[] {
  const { action, line } = facts;
  let kept = uses.filter((use) => {
    if (use.kind !== 'own') return false;
    const name = use.option.name as OwnOptionName;
    return !line.has(name) && !replacedBy[name]?.some((other) => line.has(other));
  }) as OwnUse[];
  const drop = (isDropped: boolean, ...names: OwnOptionName[]) => {
    if (isDropped) kept = kept.filter(({ option }) => !names.some((name) => name === option.name));
  };
  const values = () => new OwnValues(kept);
  const has = (name: OwnOptionName) => line.has(name) || values().has(name);

  const choosesWikis = action === 'run' || action === 'print-target' || action === 'list-wikis';
  drop(!choosesWikis || facts.namesDatabase || (action === 'run' && !facts.batch), 'wikis');
  drop(action !== 'run' || has('wikis'), 'client');
  const ownClient = !has('client');
  kept = kept.filter(({ option: { needs } }) => {
    if (needs === 'wikis') return choosesWikis && has('wikis');
    if (needs === 'wikis-run') return action === 'run' && has('wikis');
    return needs === undefined || (action === 'run' && facts.batch && ownClient);
  });
  // For lists of wikis the option names all columns, for a run those to add.
  drop(action !== 'run', 'wiki-fields');
  drop(action !== 'run' || !ownClient, 'format', 'max-statement-time');
  drop(facts.choosesFormat, 'format');
  drop(facts.hasAddress, 'redacted', 'section', 'use-x1');
  drop(!has('redacted'), 'redacted-host');
  const find = (name: OwnOptionName) => line.value(name) ?? values().value(name);
  const isPerWiki = isFilePerWiki(find('output') ?? '');
  drop(isPerWiki && !has('wikis'), 'output');
  const output = find('output');
  drop(output === undefined || output === '-', 'provenance', 'resume', 'restart');
  drop(output !== undefined && output !== '-', 'unordered');
  const format = find('format') ?? parseFileName(output ?? '').format;
  drop(!isTyped(format), 'binary-as-text');
  return [...uses.filter(({ kind }) => kind !== 'own'), ...kept];
}

function isTyped(format: string | undefined): boolean {
  const known = outputFormats.find((name) => name === format) as OutputFormat | undefined;
  return known !== undefined && formatPropertiesOf(known).columnMatch === 'types';
}
