import type { DataEffect } from './option.js';
import { toScriptFormat } from './result-format.js';

/*
 * The effects on the data that several options share. See DataEffect.
 */

/** The format of the results: from --format, the file name, or the client's options. */
export const formatEffect: DataEffect = {
  changes: 'form',
  key: 'format',
  value: ({ settings }) => toScriptFormat(settings.output.format).name,
};

/** Whether a header with the column names precedes the rows. */
export const columnNamesEffect: DataEffect = {
  changes: 'form',
  key: 'columnNames',
  value: ({ settings }) => settings.output.columnNames && settings.output.silent < 2,
};

/** The limit of rows of a SELECT without LIMIT under --safe-updates; null: no limit. */
export const selectLimitEffect: DataEffect = {
  changes: 'rows',
  key: 'selectLimit',
  value: ({ settings: { connect } }) =>
    connect.safeUpdates.on ? connect.safeUpdates.selectLimit : null,
};

/** The row combinations that a join may examine under --safe-updates; null: no limit. */
export const maxJoinSizeEffect: DataEffect = {
  changes: 'rows',
  key: 'maxJoinSize',
  value: ({ settings: { connect } }) =>
    connect.safeUpdates.on ? connect.safeUpdates.maxJoinSize : null,
};
