import { isFilePerWiki, isPattern, parseFileName } from '../../cli/file-name.js';
import type { FanoutSettings, OutputSettings } from '../../cli/settings.js';
import { formatPropertiesOf } from '../../output/formats.js';
import { formatAddress } from '../../target/address.js';
import { printable } from '../../text/printable.js';
import type { TableDrawer } from '../../text/small-table.js';
import { sanitizeText } from '../../text/text-sanitizer.js';
import { layoutOf } from './output-layout.js';
import type { Plan, PlannedStatement, PlannedWiki, SectionPlan } from './plan.js';

/** The number of wikis named for each section. */
const maxNames = 3;

/**
 * Returns what --dry-run prints: the sections with their servers and wikis, the statements, and how
 * they would run. `drawTable` is set if the output is a terminal.
 */
export function formatDryRun(
  plan: Plan,
  fanout: FanoutSettings,
  output: OutputSettings,
  drawTable?: TableDrawer,
): string {
  const wikis = countNoun(plan.wikis.length, 'wiki');
  const sections = countNoun(plan.sections.length, isTargetGiven(plan) ? 'server' : 'section');
  const blocks = [
    [`${wikis} in ${sections}; nothing is run.`],
    formatSections(plan.sections, drawTable),
    ...plan.statements.map(formatStatement),
    alignColumns(describeSettings(plan, fanout, output)),
  ];
  return blocks.map((lines) => lines.map((line) => `${line}\n`).join('')).join('\n');
}

function isTargetGiven({ sections }: Plan): boolean {
  return sections[0]?.target.section === undefined;
}

function formatSections(
  sections: readonly SectionPlan[],
  drawTable: TableDrawer | undefined,
): string[] {
  const rows = sections.map((section) => [
    section.name,
    formatServer(section),
    String(section.wikis.length),
    formatFirstNames(section.wikis),
  ]);
  const table = drawTable?.(
    ['section', 'server', 'wikis', 'first wikis'],
    rows.map((row) => row.map(printable)),
  );
  return table ?? alignColumns([['section', 'server', 'wikis', ''], ...rows], 2);
}

function formatServer({ target }: SectionPlan): string {
  return printable(formatAddress(target.address));
}

function formatFirstNames(wikis: readonly PlannedWiki[]): string {
  const more = wikis.length > maxNames ? ' …' : '';
  const names = wikis.slice(0, maxNames).map(({ wiki }) => wiki);
  return `${names.join(', ')}${more}`;
}

function formatStatement({ sql, line }: PlannedStatement, index: number): string[] {
  const options = { characterSet: 'utf8mb4', colors: false };
  const text = Buffer.from(sanitizeText(sql, options, 'newlines and tabs')).toString();
  return [`statement ${index + 1}, line ${line}:`, ...text.trim().split('\n')];
}

function describeSettings(plan: Plan, fanout: FanoutSettings, output: OutputSettings): string[][] {
  const { perSection, readOnly, maxStatementTime, wikiTimeout, throttle, retries } = fanout;
  const connections = plan.sections.reduce(
    (sum, { wikis }) => sum + Math.min(perSection, wikis.length),
    0,
  );
  return [
    ['connections', connections === 1 ? '1' : `${connections}, ${perSection} per section`],
    ['session', readOnly ? 'read-only' : 'read-write'],
    ['time limit', maxStatementTime > 0 ? `${maxStatementTime} s per statement` : 'none'],
    ...(wikiTimeout > 0 ? [['wiki limit', `${wikiTimeout} s`]] : []),
    ...(throttle > 0 ? [['throttle', `${throttle} s after each wiki`]] : []),
    ['retries', retries === 0 ? 'none' : `${retries}, after transient errors`],
    ['failure', fanout.failFast ? 'the first failure stops the run' : 'the other wikis continue'],
    ['output', describeOutput(fanout, output)],
    ['rows', describeRows(fanout, output)],
  ];
}

function describeOutput({ earlierRun, unordered }: FanoutSettings, output: OutputSettings): string {
  const { file } = output;
  const format = describeFormat(output);
  if (file === undefined) {
    return `standard output, ${format}, ${unordered ? 'in the order in which wikis finish' : 'sorted by wiki'}`;
  }
  const ending = {
    refuse: '',
    resume: ', continues an unfinished run',
    restart: ', replaces an earlier run',
  }[earlierRun.action];
  return `${printable(file)}${isFilePerWiki(file) ? ', one file per wiki' : ''}, ${format}${ending}`;
}

function describeFormat(output: OutputSettings): string {
  const { file } = output;
  // The compression of files in a directory does not depend on the directory's name.
  const isPerWiki = file !== undefined && isFilePerWiki(file);
  const named = file !== undefined && (isPattern(file) || !isPerWiki);
  const compression = named ? parseFileName(file).compression : undefined;
  return `${(isPerWiki ? layoutOf(file, output).format : output.format).name}${compression === undefined ? '' : `, ${compression}`}`;
}

function describeRows(fanout: FanoutSettings, { file, format }: OutputSettings): string {
  const { wikiColumn, wikiColumnGiven, wikiFields, unionColumns } = fanout;
  const isPerWiki = file !== undefined && isFilePerWiki(file);
  const isHiveLayout =
    isPerWiki && formatPropertiesOf(format.name).columnMatch === 'types' && !isPattern(file);
  const column = isPerWiki && !wikiColumnGiven ? undefined : wikiColumn;
  const withoutColumn = isHiveLayout
    ? 'the path names the wiki: wiki_db=…/'
    : 'no column for the wiki';
  const wikiName = column === undefined ? withoutColumn : `first column '${printable(column)}'`;
  const fields = wikiFields.map((name) => `, '${name}'`).join('');
  return `${wikiName}${fields}${unionColumns ? '; NULL for columns that a wiki does not have' : ''}`;
}

function countNoun(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * Pads each column to its longest cell. `numberColumn` is the index of the right-aligned column.
 */
function alignColumns(rows: readonly string[][], numberColumn = -1): string[] {
  const widths = (rows[0] ?? []).map((_, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, index) =>
        index === numberColumn
          ? cell.padStart(widths[index] ?? 0)
          : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
