import { Failure } from '../../failure.js';
import { requireUniqueNames } from '../../output/column-kinds.js';
import type { Column } from '../../protocol/column.js';
import { printable } from '../../text/printable.js';
import { WikiFailure } from '../outcome.js';
import type { TypeComparison } from './type-comparison.js';

/** The columns that a run adds before those of the result. */
export interface AddedColumns {
  /** The name of the column for the wiki's name; undefined if there is none. */
  wikiColumn: string | undefined;
  /** The names of the columns of --wiki-fields. */
  wikiFields: readonly string[];
}

/**
 * Throws WikiFailure if the result has a column with the name of an added one, or if the format does
 * not allow the names of its columns.
 */
export function checkColumnNames(
  columns: readonly Column[],
  { wikiColumn, wikiFields }: AddedColumns,
  comparison: TypeComparison,
): void {
  const isParquet = comparison === 'types' || comparison === 'binary-as-text';
  const toKey = (name: string) => (isParquet ? name.toLowerCase() : name);
  const names = new Map(
    columns.map(({ name }) => Buffer.from(name).toString()).map((name) => [toKey(name), name]),
  );
  const ofWiki = wikiColumn === undefined ? undefined : names.get(toKey(wikiColumn));
  if (ofWiki !== undefined) {
    const hint = "use --wiki-column to give the column of the wiki's name another name";
    throw createScriptFailure(`the result already has a column '${printable(ofWiki)}': ${hint}`);
  }
  const ofField = wikiFields.map((field) => names.get(field)).find((name) => name !== undefined);
  if (ofField !== undefined) {
    const text = `the result already has a column '${printable(ofField)}', which --wiki-fields adds`;
    throw createScriptFailure(`${text}: rename it with AS`);
  }
  if (!isParquet && comparison !== 'kinds') return;
  try {
    requireUniqueNames(columns, isParquet ? 'parquet' : 'json');
  } catch (error) {
    throw error instanceof Failure ? createScriptFailure(error.message) : error;
  }
}

function createScriptFailure(message: string): WikiFailure {
  return new WikiFailure(message, { isOfScript: true });
}
