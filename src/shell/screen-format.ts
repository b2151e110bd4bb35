import type { ClientFormat } from '../cli/result-format.js';
import type { OutputSettings } from '../cli/settings.js';
import type { Format } from '../output/format.js';
import type { OutputBuffer } from '../output/output-buffer.js';
import { countFreeLines } from '../output/paged-output.js';
import type { ScreenShape } from '../output/screen-shape.js';
import { formatForTerminal } from '../output/terminal-format.js';
import type { Statement } from '../script/item.js';
import { chooseFormat, showsEmptySets } from '../session/choose-format.js';
import { describeCharacterSet } from '../session/describe-character-set.js';
import type { Terminal } from '../terminal/terminal.js';
import { cellWidth, widthRulesOf } from '../text/width.js';

/** Whether a format is meant to be read on the screen: a table or a vertical list. */
export function isHumanReadable(format: ClientFormat): format is HumanReadableFormat {
  return format.name === 'table' || format.name === 'vertical';
}

type HumanReadableFormat = Extract<ClientFormat, { name: 'table' | 'vertical' }>;

/** Returns the width of a text on this terminal, in cells. */
export function measureCells(text: string): number {
  return cellWidth(text, widthRulesOf(process.env.TERM));
}

/**
 * Returns the format for results on the screen. Tables and vertical lists are sanitized, so that
 * the data cannot control the terminal; HTML, XML and tab-separated values, and everything with
 * --raw, are the same as in batch mode.
 */
export function createScreenFormat(
  format: ClientFormat,
  settings: OutputSettings,
  statement: Statement,
  characterSet: string,
  out: OutputBuffer,
  terminal: Terminal,
  onShape: (shape: ScreenShape) => void,
): Format {
  if (!isHumanReadable(format) || settings.raw) {
    return chooseFormat(format, settings, statement, characterSet, out);
  }
  return formatForTerminal(out, {
    ...describeCharacterSet(characterSet),
    vertical: format.name === 'vertical',
    autoVertical: format.name === 'table' && format.autoVertical,
    columnNames: settings.columnNames,
    terminalWidth: terminal.columns,
    terminalLines: countFreeLines(terminal.rows),
    onShape,
    colors: terminal.colors,
    binaryAsHex: settings.binaryAsHex,
    cellWidth: measureCells,
    quick: settings.quick,
    maxDeclaredWidth: settings.quickMaxColumnWidth,
    showEmpty: showsEmptySets(settings),
    columnTypeInfo: settings.columnTypeInfo,
  });
}
