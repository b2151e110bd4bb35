import type { OutputPlace } from '../plan/output-place.js';
import type { RunRequest } from '../plan/run-request.js';
import { openRunFormat } from '../rows/run-format.js';
import { WikiColumnFormat } from '../rows/wiki-column.js';
import type { MakeFileFormat } from './wiki-file.js';

/** Makes the format of a wiki's file, with the column of its name where that was asked for. */
export async function openFormats(
  request: RunRequest,
  place: OutputPlace,
): Promise<MakeFileFormat> {
  const { settings, fanout, plan, characterSet } = request;
  const sql = plan.statements.at(-1)?.sql;
  const output = { ...settings.output, format: place.format };
  const make = await openRunFormat(output, characterSet, sql);
  const column = fanout.wikiColumnGiven && !place.hive ? fanout.wikiColumn : undefined;
  if (column === undefined) return make;
  const longest = Math.max(0, ...plan.wikis.map(({ wiki }) => Buffer.byteLength(wiki)));
  return (out, wiki) => {
    const format = new WikiColumnFormat(make(out), column, longest);
    format.wiki = wiki;
    return format;
  };
}
