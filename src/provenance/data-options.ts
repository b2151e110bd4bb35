import { exactBytes } from '../cli/exact-arguments.js';
import { formOfFile } from '../cli/file-name.js';
import type { Settings } from '../cli/settings.js';
import type { DataOptions } from './document.js';
import { statementText } from './statement-text.js';

/** The options by which the data could be another. `characterSet`: that of the connections. */
export function dataOptions(settings: Settings, characterSet: string): DataOptions {
  const { connect, fanout, output } = settings;
  const { safeUpdates } = connect;
  return {
    format: output.format.name,
    compression: formOfFile(output.file ?? '').compression ?? null,
    timestamps: output.isoTimestamps ? 'iso' : 'mediawiki',
    columnNames: output.columnNames && output.silent < 2,
    raw: output.raw,
    binaryAsHex: output.binaryAsHex,
    ...(output.binaryAsText && { binaryAsText: true }),
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
