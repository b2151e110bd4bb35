/*
 * Which tables are not in the database of their wiki: the data from which messages about unknown
 * tables say where the table is.
 */

/** Where a table is. `x1`: in the wiki's database on x1; otherwise the name of a database. */
export type TableLocation = { database: string } | 'x1';

/** Tables in databases of their own, by a pattern that matches the whole name. */
const sharedTables: readonly { pattern: RegExp; database: string }[] = [
  // Echo counts unread notifications across wikis here; its other tables are on x1.
  { pattern: /^echo_unread_wikis$/, database: 'wikishared' },
  { pattern: /^cx_/, database: 'wikishared' },
  { pattern: /^reading_list(?:_entry|_project|_sortkey)?$/, database: 'wikishared' },
  { pattern: /^urlshortcodes$/, database: 'wikishared' },
  { pattern: /^(?:campaign_events|ce_\w+)$/, database: 'wikishared' },
  { pattern: /^bounce_records$/, database: 'wikishared' },
  { pattern: /^loginnotify_seen_net$/, database: 'wikishared' },
  { pattern: /^cognate_(?:pages|sites|titles)$/, database: 'cognate_wiktionary' },
  { pattern: /^flow_/, database: 'flowdb' },
  {
    pattern:
      /^(?:global(?:user|names|blocks|_block_whitelist|_user_groups|_user_autocreate_serial|_group_permissions|_group_restrictions|_preferences|_edit_count)|local(?:user|names)|wikiset|users_to_rename|renameuser_(?:queue|status))$/,
    database: 'centralauth',
  },
  { pattern: /^globalimagelinks$/, database: 'commonswiki' },
  { pattern: /^(?:wbt_|wb_(?:changes|id_counters|property_info))/, database: 'wikidatawiki' },
];

/** Tables of extensions that are on x1, in a database with the name of the wiki. */
const x1Tables = /^(?:echo_|growthexperiments_)/;

/**
 * Returns where a table is, if it is not in the wiki's own database on the wiki's section; undefined
 * for all other tables.
 */
export function findTableLocation(table: string): TableLocation | undefined {
  const name = table.toLowerCase();
  const shared = sharedTables.find(({ pattern }) => pattern.test(name));
  if (shared !== undefined) return { database: shared.database };
  return x1Tables.test(name) ? 'x1' : undefined;
}
