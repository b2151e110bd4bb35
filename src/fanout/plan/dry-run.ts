import { formOfFileName, isFilePerWiki, isPattern } from '../../cli/file-name.js';
import type { FanoutSettings, OutputSettings } from '../../cli/settings.js';
import { factsOf } from '../../output/formats.js';
import { safeText } from '../../output/safe-text.js';
import { addressText } from '../../target/address.js';
import { printable } from '../../text/printable.js';
import type { DrawTable } from '../../text/small-table.js';
import { layoutOf } from './output-layout.js';
import type { Plan, PlannedStatement, PlannedWiki, SectionPlan } from './plan.js';

/** How many names stand behind a section. */
const NAMES_SHOWN = 3;

/**
 * What --dry-run prints, for people: where which wikis are, the statements, and how they would be
 * run. `draw`: it is printed on a terminal.
 */
export function dryRunText(
  plan: Plan,
  fanout: FanoutSettings,
  output: OutputSettings,
  draw?: DrawTable,
): string {
  const wikis = counted(plan.wikis.length, 'wiki');
  const sections = counted(plan.sections.length, placedByUser(plan) ? 'server' : 'section');
  const blocks = [
    [`${wikis} in ${sections}; nothing is run.`],
    tableOf(plan.sections, draw),
    ...plan.statements.map(statementLines),
    columns(manner(plan, fanout, output)),
  ];
  return blocks.map((lines) => lines.map((line) => `${line}\n`).join('')).join('\n');
}

function placedByUser({ sections }: Plan): boolean {
  return sections[0]?.target.section === undefined;
}

function tableOf(sections: readonly SectionPlan[], draw: DrawTable | undefined): string[] {
  const rows = sections.map((section) => [
    section.name,
    serverOf(section),
    String(section.wikis.length),
    firstNames(section.wikis),
  ]);
  const drawn = draw?.(
    ['section', 'server', 'wikis', 'the first of them'],
    rows.map((row) => row.map(printable)),
  );
  return drawn ?? columns([['section', 'server', 'wikis', ''], ...rows], 2);
}

function serverOf({ target }: SectionPlan): string {
  return printable(addressText(target.address));
}

function firstNames(wikis: readonly PlannedWiki[]): string {
  const more = wikis.length > NAMES_SHOWN ? ' …' : '';
  const names = wikis.slice(0, NAMES_SHOWN).map(({ wiki }) => wiki);
  return `${names.join(', ')}${more}`;
}

function statementLines({ sql, line }: PlannedStatement, index: number): string[] {
  const options = { characterSet: 'utf8mb4', colours: false };
  const text = Buffer.from(safeText(sql, options, 'newlines and tabs')).toString();
  return [`statement ${index + 1}, line ${line}:`, ...text.trim().split('\n')];
}

function manner(plan: Plan, fanout: FanoutSettings, output: OutputSettings): string[][] {
  const { perSection, readOnly, maxStatementTime, throttle, retries } = fanout;
  const all = plan.sections.reduce((sum, { wikis }) => sum + Math.min(perSection, wikis.length), 0);
  return [
    ['connections', all === 1 ? '1' : `${all}, ${perSection} to a section`],
    ['session', readOnly ? 'read-only' : 'may write'],
    ['time limit', maxStatementTime > 0 ? `${maxStatementTime} s a statement` : 'none'],
    ...(throttle > 0 ? [['rest', `${throttle} s behind each wiki`]] : []),
    ['retries', retries === 0 ? 'none' : `${retries}, after a passing fault`],
    ['failure', fanout.failFast ? 'the first one ends the run' : 'the other wikis go on'],
    ['output', outputInWords(fanout, output)],
    ['rows', rowsInWords(fanout, output)],
  ];
}

function outputInWords({ resume, unordered }: FanoutSettings, output: OutputSettings): string {
  const { file } = output;
  const form = formInWords(output);
  if (file === undefined) {
    return `standard output, ${form}, ${unordered ? 'as wikis are done' : 'in the order of wikis'}`;
  }
  const ending = resume ? ', going on with the run before' : '';
  return `${printable(file)}${isFilePerWiki(file) ? ', a file a wiki' : ''}, ${form}${ending}`;
}

function formInWords(output: OutputSettings): string {
  const { file } = output;
  // A directory's name says nothing of how the files in it are compressed.
  const many = file !== undefined && isFilePerWiki(file);
  const named = file !== undefined && (isPattern(file) || !many);
  const compression = named ? formOfFileName(file).compression : undefined;
  return `${(many ? layoutOf(file, output).format : output.format).name}${compression === undefined ? '' : `, ${compression}`}`;
}

function rowsInWords(fanout: FanoutSettings, { file, format }: OutputSettings): string {
  const { wikiColumn, wikiColumnGiven, unionColumns } = fanout;
  const many = file !== undefined && isFilePerWiki(file);
  const hive = many && factsOf(format.name).alike === 'types' && !isPattern(file);
  const column = many && !wikiColumnGiven ? undefined : wikiColumn;
  const first = hive ? 'the wiki is in the path: wiki_db=…/' : 'without the name of the wiki';
  const names = column === undefined ? first : `first column '${printable(column)}'`;
  return `${names}${unionColumns ? '; NULL where a wiki lacks a column' : ''}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Each column as wide as its longest cell; numbers stand at the right. */
function columns(rows: readonly string[][], numbers = -1): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) =>
        at === numbers ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
