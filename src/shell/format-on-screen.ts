import type { ClientFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import type { Format } from '../output/format.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import { formatForTerminal } from '../output/terminal-format.js';
import { characterSet as characterSetOf } from '../script/character-set.js';
import type { Statement } from '../script/item.js';
import { chooseFormat, showsEmptySets } from '../session/choose-format.js';
import type { Terminal } from '../terminal/terminal.js';
import { cellWidth, widthRulesOf } from '../text/width.js';

/** Whether results are drawn for people, who see all that is in them, rather than for programs. */
export function isHumanReadable(format: ClientFormat): format is HumanReadableFormat {
  return format.name === 'table' || format.name === 'vertical';
}

type HumanReadableFormat = Extract<ClientFormat, { name: 'table' | 'vertical' }>;

/** Cells that a text takes on this terminal. */
export function widthOf(text: string): number {
  return cellWidth(text, widthRulesOf(process.env.TERM));
}

/**
 * The form in which a conversation shows a result: tables and vertical lists for people, where
 * nothing in the data can command the terminal; HTML, XML and tab-separated values as in a script.
 */
export function formatOnScreen(
  format: ClientFormat,
  settings: OutputSettings,
  statement: Statement,
  characterSet: string,
  out: OutputBuffer,
  terminal: Terminal,
): Format {
  if (!isHumanReadable(format)) return chooseFormat(format, settings, statement, characterSet, out);
  const { hidesBytes, length } = characterSetOf(characterSet);
  return formatForTerminal(out, {
    vertical: format.name === 'vertical',
    autoVertical: format.name === 'table' && format.autoVertical,
    columnNames: settings.columnNames,
    terminalWidth: terminal.columns,
    colours: terminal.colours,
    characterSet,
    characterLength: hidesBytes ? length : undefined,
    binaryAsHex: settings.binaryAsHex,
    cellWidth: widthOf,
    quick: settings.quick,
    maxDeclaredWidth: settings.quickMaxColumnWidth,
    showEmpty: showsEmptySets(settings),
    columnTypeInfo: settings.columnTypeInfo,
  });
}
