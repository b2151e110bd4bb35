import type { FanoutSettings } from '../../cli/settings.js';
import type { Column } from '../../protocol/column.js';
import type { OutputLayout } from '../plan/output-layout.js';
import type { Plan, PlannedWiki } from '../plan/plan.js';
import { createColumn, encodeCells, type MadeCell } from './made-rows.js';

/** The columns that describe the wiki of a row, and their cells. */
export interface WikiCells {
  columns: Column[];
  /** Returns the cells of a wiki in the encoding of the text protocol. */
  encode(wiki: string): Uint8Array;
}

/**
 * Returns the name of the column for the wiki's name; undefined if there is none. A file of one wiki,
 * which has a layout, has the column only if the user asked for it.
 */
export function chooseWikiColumn(
  { wikiColumn, wikiColumnGiven }: Pick<FanoutSettings, 'wikiColumn' | 'wikiColumnGiven'>,
  layout: Pick<OutputLayout, 'isHiveLayout'> | undefined,
): string | undefined {
  if (layout === undefined) return wikiColumn;
  return wikiColumnGiven && !layout.isHiveLayout ? wikiColumn : undefined;
}

/**
 * Returns the columns that describe the wiki of a row: its name, if `wikiColumn` names that column,
 * and then the fields of --wiki-fields.
 */
export function createWikiCells(
  plan: Pick<Plan, 'wikis'>,
  { wikiFields }: Pick<FanoutSettings, 'wikiFields'>,
  wikiColumn: string | undefined,
): WikiCells {
  const columns: { name: string; readValue(wiki: PlannedWiki): MadeCell }[] = [
    ...(wikiColumn === undefined
      ? []
      : [{ name: wikiColumn, readValue: ({ wiki }: PlannedWiki) => wiki }]),
    ...wikiFields.map((name) => ({
      name,
      readValue: ({ fields }: PlannedWiki) => fields?.[name] ?? null,
    })),
  ];
  const planned = new Map(plan.wikis.map((wiki) => [wiki.wiki, wiki]));
  return {
    columns: columns.map(({ name, readValue }) => createColumn(name, plan.wikis.map(readValue))),
    encode(name) {
      const wiki = planned.get(name);
      if (wiki === undefined) throw new RangeError(`wiki ${name} is not planned`);
      return encodeCells(columns.map(({ readValue }) => readValue(wiki)));
    },
  };
}
