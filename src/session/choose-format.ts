import type { OutputFormat } from '../cli/output-format.js';
import type { OutputSettings } from '../cli/settings.js';
import { AutoVertical } from '../output/auto-vertical.js';
import { HexFormat } from '../output/binary-hex.js';
import { ColumnTypesFormat } from '../output/column-types.js';
import type { Format } from '../output/format.js';
import { HtmlFormat } from '../output/html.js';
import { IsoTimestampsFormat } from '../output/iso-timestamps.js';
import { builtKernel } from '../output/kernel.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import { StoredFormat } from '../output/stored.js';
import { TableFormat } from '../output/table.js';
import { terminalWidth } from '../output/terminal-width.js';
import { TsvFormat } from '../output/tsv.js';
import { VerticalFormat } from '../output/vertical.js';
import { XmlFormat } from '../output/xml.js';
import { characterSet as characterSetOf } from '../script/character-set.js';
import type { Statement } from '../script/item.js';
import { displayWidthIn } from '../text/client-width.js';

/** What the choice of a format looks at: how the statement ended, and its text for XML. */
export type Asked = Pick<Statement, 'sql' | 'untrimmed' | 'vertical'>;

/**
 * The form in which the results of `statement` are written where it is one of the client's: what
 * --format says, else as the client would have it: HTML, else XML, vertical, a table (--table, -vvv,
 * or nothing that asks for less), TSV. `showEmpty`: a result set without rows is written like any
 * other.
 */
export function chooseFormat(
  settings: OutputSettings,
  statement: Asked,
  characterSet: string,
  out: OutputBuffer,
  showEmpty = showsEmptySets(settings),
): Format {
  const { format, isoTimestamps } = settings;
  const chosen =
    format === undefined
      ? clientFormat(settings, statement, characterSet, out, showEmpty)
      : clientFormat(
          asNamed(settings, format),
          { ...statement, vertical: false },
          characterSet,
          out,
          showEmpty,
        );
  return isoTimestamps ? new IsoTimestampsFormat(chosen) : chosen;
}

/** What the client's options would have to be for one of its formats, whatever they are. */
function asNamed(settings: OutputSettings, format: OutputFormat): OutputSettings {
  return {
    ...settings,
    html: format === 'html',
    xml: format === 'xml',
    vertical: format === 'vertical',
    table: format === 'table',
    // From -vvv on the client draws tables.
    verbose: Math.min(settings.verbose, 2),
    silent: Math.max(settings.silent, 1),
    autoVertical: false,
  };
}

function clientFormat(
  settings: OutputSettings,
  statement: Asked,
  characterSet: string,
  out: OutputBuffer,
  showEmpty: boolean,
): Format {
  const { columnNames, quick, raw, silent, verbose, binaryAsHex } = settings;
  const hex = (format: Format, nullAsHex: boolean) =>
    binaryAsHex ? new HexFormat(format, nullAsHex) : format;
  if (settings.html || settings.xml) {
    // With -v the statement was printed, and lost the blanks at its end by that.
    const text = verbose >= 1 ? statement.sql : statement.untrimmed;
    const xml = new XmlFormat(out, { statement: text, quick });
    if (!settings.html) return hex(xml, false);
    // Seen: of both HTML wins, but XML writes the result sets without rows.
    const whenEmpty = settings.xml ? xml : undefined;
    return hex(new HtmlFormat(out, { columnNames, showEmpty, whenEmpty }), true);
  }
  const vertical = hex(new VerticalFormat(out, { columnNames }), false);
  if (statement.vertical || settings.vertical) return vertical;
  const table = settings.table || silent === 0 || verbose >= 3;
  // -ss drops the header of TSV, and of TSV alone.
  const tsvNames = columnNames && silent < 2;
  const { hidesBytes, length } = characterSetOf(characterSet);
  const characterLength = hidesBytes ? length : undefined;
  const plain = hex(
    table
      ? tableFormat(settings, characterSet, out)
      : new TsvFormat(out, { columnNames: tsvNames, raw, showEmpty }, builtKernel, characterLength),
    true,
  );
  const typed = table && settings.columnTypeInfo ? new ColumnTypesFormat(out, plain) : plain;
  const chosen = settings.autoVertical
    ? new AutoVertical(typed, vertical, { columnNames, terminalWidth: terminalWidth() })
    : typed;
  const stored = !quick && (table || settings.autoVertical);
  return stored ? new StoredFormat(chosen, showEmpty) : chosen;
}

/** Whether a result set without rows is one like any other, and no `Empty set`. */
export function showsEmptySets({ quick, columnTypeInfo }: OutputSettings): boolean {
  return quick || columnTypeInfo;
}

function tableFormat(settings: OutputSettings, characterSet: string, out: OutputBuffer): Format {
  return new TableFormat(out, {
    columnNames: settings.columnNames,
    displayWidth: displayWidthIn(characterSet),
    binaryAsHex: settings.binaryAsHex,
    maxDeclaredWidth: settings.quickMaxColumnWidth,
  });
}
