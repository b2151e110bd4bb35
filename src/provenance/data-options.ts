import { exactBytes } from '../cli/exact-arguments.js';
import { formOfFile } from '../cli/output-format.js';
import type { OutputSettings, Settings } from '../cli/settings.js';
import type { DataOptions } from './document.js';
import { statementText } from './statement-text.js';

/** The options by which the data could be another. `characterSet`: that of the connections. */
export function dataOptions(settings: Settings, characterSet: string): DataOptions {
  const { connect, fanout, output } = settings;
  const { safeUpdates } = connect;
  return {
    format: formatName(output),
    compression: formOfFile(output.file ?? '').compression ?? null,
    timestamps: output.isoTimestamps ? 'iso' : 'mediawiki',
    columnNames: output.columnNames && output.silent < 2,
    raw: output.raw,
    binaryAsHex: output.binaryAsHex,
    characterSet,
    initCommands: connect.initCommands.map((command) => statementText(exactBytes(command))),
    selectLimit: safeUpdates.on ? safeUpdates.selectLimit : null,
    ...(fanout !== undefined && {
      wikiColumn: fanout.wikiColumn ?? null,
      unionColumns: fanout.unionColumns,
      unordered: fanout.unordered,
    }),
  };
}

/** As --format would name what the client's options ask for. */
function formatName(output: OutputSettings): string {
  if (output.format !== undefined) return output.format;
  if (output.html) return 'html';
  if (output.xml) return 'xml';
  if (output.vertical) return 'vertical';
  return output.table || output.silent === 0 || output.verbose >= 3 ? 'table' : 'tsv';
}
