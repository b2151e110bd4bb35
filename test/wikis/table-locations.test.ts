import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSection } from '../../src/wikis/section.js';
import { findTableLocation } from '../../src/wikis/table-locations.js';

const mwConfigPath = join(import.meta.dirname, '../..');

describe('findTableLocation', () => {
  test.each([
    ['echo_event', 'x1'],
    ['ECHO_Notification', 'x1'],
    ['growthexperiments_mentee_data', 'x1'],
    ['echo_unread_wikis', { database: 'wikishared' }],
    ['cx_translations', { database: 'wikishared' }],
    ['urlshortcodes', { database: 'wikishared' }],
    ['reading_list_entry', { database: 'wikishared' }],
    ['ce_participants', { database: 'wikishared' }],
    ['cognate_titles', { database: 'cognate_wiktionary' }],
    ['flow_workflow', { database: 'flowdb' }],
    ['globaluser', { database: 'centralauth' }],
    ['localuser', { database: 'centralauth' }],
    ['globalblocks', { database: 'centralauth' }],
    ['globalimagelinks', { database: 'commonswiki' }],
    ['wbt_item_terms', { database: 'wikidatawiki' }],
  ])('of %s', (table, location) => {
    expect(findTableLocation(table)).toEqual(location);
    // The section of each database is known.
    if (typeof location === 'object') {
      const { section } = findSection(location.database, { mwConfigPath, useX1: false });
      expect(section).toMatch(/^(s\d|x1)$/);
    }
  });

  test.each([
    ...['page', 'revision', 'user', 'user_groups', 'globaluser_old', 'imagelinks', 'change_tag'],
    ...['categorylinks', 'local_user', 'cu_changes', 'reading_lists', 'my_echo_event', 'cxx', ''],
  ])('is undefined for %j, which is in the wiki itself or unknown', (table) => {
    expect(findTableLocation(table)).toBeUndefined();
  });
});
