import type { DataEffect } from './option.js';
import { scriptFormat } from './result-format.js';

/*
 * What the data depends on, where several options set the same thing. See DataEffect.
 */

/** The format of the results, by --format, by the name of the file, or by the client's options. */
export const formatEffect: DataEffect = {
  changes: 'form',
  key: 'format',
  value: ({ settings }) => scriptFormat(settings.output.format).name,
};

/** Whether results begin with the names of their columns. */
export const columnNamesEffect: DataEffect = {
  changes: 'form',
  key: 'columnNames',
  value: ({ settings }) => settings.output.columnNames && settings.output.silent < 2,
};

/** Rows of a SELECT without LIMIT under --safe-updates; null: not limited. */
export const selectLimitEffect: DataEffect = {
  changes: 'rows',
  key: 'selectLimit',
  value: ({ settings: { connect } }) =>
    connect.safeUpdates.on ? connect.safeUpdates.selectLimit : null,
};

/** Combinations of rows that a join may examine under --safe-updates; null: not limited. */
export const maxJoinSizeEffect: DataEffect = {
  changes: 'rows',
  key: 'maxJoinSize',
  value: ({ settings: { connect } }) =>
    connect.safeUpdates.on ? connect.safeUpdates.maxJoinSize : null,
};
