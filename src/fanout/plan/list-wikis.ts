import { isatty } from 'node:tty';
import { createFormat } from '../../cli/result-format.js';
import type { FanoutSettings, OutputSettings, Settings } from '../../cli/settings.js';
import { Dblists } from '../../wikis/dblists.js';
import { wikiFieldNames } from '../../wikis/wiki-fields.js';
import { formatRows } from './format-rows.js';
import { planWikis } from './make-plan.js';

/** What the lists of mediawiki-config tell, without asking a server or DNS. */

/**
 * Resolves to what --list-wikis prints: the chosen wikis with the fields of --wiki-fields, by default
 * all. Rejects with Failure as planWikis does.
 */
export async function describeWikis(
  settings: Settings,
  fanout: FanoutSettings,
): Promise<Uint8Array> {
  const fields = fanout.shownFields ?? ['dbname', ...wikiFieldNames];
  const rows = planWikis(settings.target, {
    ...fanout,
    wikiFields: wikiFieldNames.filter((name) => fields.includes(name)),
  }).map((wiki) =>
    fields.map((field) => {
      if (field === 'dbname') return wiki.wiki;
      return field === 'host' || field === 'port' ? null : (wiki.fields?.[field] ?? null);
    }),
  );
  return formatRows(fields, rows, chooseListFormat(settings.output));
}

/**
 * Resolves to what --list-lists prints: the lists of mediawiki-config, each with the number of its
 * wikis. Rejects with Failure as Dblists does.
 */
export async function describeLists({ target, output }: Settings): Promise<Uint8Array> {
  const lists = new Dblists(target.mwConfigPath);
  const names = lists.listNames().sort();
  const rows = names.map((name) => [name, lists.find(name)?.size ?? 0]);
  return formatRows(['list', 'wikis'], rows, chooseListFormat(output));
}

/** Returns settings that print a table on a terminal unless the user chose another format. */
function chooseListFormat(output: OutputSettings): OutputSettings {
  const isDefault = output.format.name === 'tsv' && !output.format.fixed;
  return isDefault && isatty(1) ? { ...output, format: createFormat('table') } : output;
}
