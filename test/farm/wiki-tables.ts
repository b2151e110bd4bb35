/*
 * The tables of the sample's databases, in the form that they have on Wikimedia's replicas: text is
 * varbinary or blob.
 */

/** MediaWiki's table `page`. */
export const pageTable = `
CREATE TABLE page (
  page_id INT UNSIGNED AUTO_INCREMENT NOT NULL,
  page_namespace INT NOT NULL,
  page_title VARBINARY(255) NOT NULL,
  page_is_redirect TINYINT UNSIGNED DEFAULT 0 NOT NULL,
  page_is_new TINYINT UNSIGNED DEFAULT 0 NOT NULL,
  page_random DOUBLE UNSIGNED NOT NULL,
  page_touched BINARY(14) NOT NULL,
  page_links_updated BINARY(14) DEFAULT NULL,
  page_latest INT UNSIGNED NOT NULL,
  page_len INT UNSIGNED NOT NULL,
  page_content_model VARBINARY(32) DEFAULT NULL,
  page_lang VARBINARY(35) DEFAULT NULL,
  UNIQUE INDEX page_name_title (page_namespace, page_title),
  PRIMARY KEY (page_id)
);
`;

/** The tables of a wiki, `page` among them. */
export const wikiTables = `${pageTable}CREATE TABLE revision (
  rev_id BIGINT UNSIGNED AUTO_INCREMENT NOT NULL,
  rev_page INT UNSIGNED NOT NULL,
  rev_comment_id BIGINT UNSIGNED DEFAULT 0 NOT NULL,
  rev_actor BIGINT UNSIGNED DEFAULT 0 NOT NULL,
  rev_timestamp BINARY(14) NOT NULL,
  rev_minor_edit TINYINT UNSIGNED DEFAULT 0 NOT NULL,
  rev_deleted TINYINT UNSIGNED DEFAULT 0 NOT NULL,
  rev_len INT UNSIGNED DEFAULT NULL,
  rev_parent_id BIGINT UNSIGNED DEFAULT NULL,
  rev_sha1 VARBINARY(32) DEFAULT '' NOT NULL,
  PRIMARY KEY (rev_id)
);
CREATE TABLE actor (
  actor_id BIGINT UNSIGNED AUTO_INCREMENT NOT NULL,
  actor_user INT UNSIGNED DEFAULT NULL,
  actor_name VARBINARY(255) NOT NULL,
  UNIQUE INDEX actor_name (actor_name),
  PRIMARY KEY (actor_id)
);
CREATE TABLE comment (
  comment_id BIGINT UNSIGNED AUTO_INCREMENT NOT NULL,
  comment_hash INT NOT NULL,
  comment_text BLOB NOT NULL,
  comment_data BLOB DEFAULT NULL,
  PRIMARY KEY (comment_id)
);
CREATE TABLE text (
  old_id INT UNSIGNED AUTO_INCREMENT NOT NULL,
  old_text MEDIUMBLOB NOT NULL,
  old_flags TINYBLOB NOT NULL,
  PRIMARY KEY (old_id)
);
CREATE TABLE user (
  user_id INT UNSIGNED AUTO_INCREMENT NOT NULL,
  user_name VARBINARY(255) DEFAULT '' NOT NULL,
  user_email TINYBLOB NOT NULL,
  user_touched BINARY(14) NOT NULL,
  user_token BINARY(32) DEFAULT '' NOT NULL,
  user_registration BINARY(14) DEFAULT NULL,
  user_editcount INT UNSIGNED DEFAULT NULL,
  user_is_temp TINYINT(1) DEFAULT 0 NOT NULL,
  PRIMARY KEY (user_id)
);
CREATE TABLE logging (
  log_id INT UNSIGNED AUTO_INCREMENT NOT NULL,
  log_type VARBINARY(32) DEFAULT '' NOT NULL,
  log_action VARBINARY(32) DEFAULT '' NOT NULL,
  log_timestamp BINARY(14) DEFAULT '19700101000000' NOT NULL,
  log_actor BIGINT UNSIGNED NOT NULL,
  log_namespace INT DEFAULT 0 NOT NULL,
  log_title VARBINARY(255) DEFAULT '' NOT NULL,
  log_page INT UNSIGNED DEFAULT NULL,
  log_comment_id BIGINT UNSIGNED NOT NULL,
  log_params BLOB NOT NULL,
  log_deleted TINYINT UNSIGNED DEFAULT 0 NOT NULL,
  PRIMARY KEY (log_id)
);
CREATE TABLE page_props (
  pp_page INT UNSIGNED NOT NULL,
  pp_propname VARBINARY(60) NOT NULL,
  pp_value BLOB NOT NULL,
  pp_sortkey FLOAT DEFAULT NULL,
  PRIMARY KEY (pp_page, pp_propname)
);
CREATE TABLE site_stats (
  ss_row_id INT UNSIGNED NOT NULL,
  ss_total_edits BIGINT UNSIGNED DEFAULT NULL,
  ss_good_articles BIGINT UNSIGNED DEFAULT NULL,
  PRIMARY KEY (ss_row_id)
);
`;

/** A table of FlaggedRevs, which only some wikis have. */
export const flaggedPages = {
  wikis: ['dewiki', 'enwiki', 'plwiki', 'ruwiki', 'ukwiki'],
  sql: `
CREATE TABLE flaggedpages (
  fp_page_id INT UNSIGNED NOT NULL,
  fp_reviewed TINYINT(1) DEFAULT 0 NOT NULL,
  fp_pending_since BINARY(14) DEFAULT NULL,
  fp_stable INT UNSIGNED NOT NULL,
  PRIMARY KEY (fp_page_id)
);
INSERT INTO flaggedpages VALUES (1, 1, NULL, 10), (2, 0, '20260101000400', 20);
`,
};

/** The tables of MediaWiki extensions that every wiki has on x1. */
export const extensionTables = `
CREATE TABLE echo_event (
  event_id INT UNSIGNED AUTO_INCREMENT NOT NULL,
  event_type VARBINARY(64) NOT NULL,
  event_agent_id INT UNSIGNED DEFAULT NULL,
  event_extra BLOB DEFAULT NULL,
  event_page_id INT UNSIGNED DEFAULT NULL,
  PRIMARY KEY (event_id)
);
INSERT INTO echo_event (event_type, event_agent_id) VALUES ('welcome', 1), ('thank-you-edit', NULL);
`;

/** The databases that belong to no single wiki, with their sections and contents. */
export const sharedDatabases = [
  {
    section: 's7',
    name: 'centralauth',
    sql: `
CREATE TABLE globaluser (
  gu_id INT UNSIGNED AUTO_INCREMENT NOT NULL,
  gu_name VARBINARY(255) DEFAULT NULL,
  gu_home_db VARBINARY(255) DEFAULT NULL,
  gu_registration BINARY(14) DEFAULT NULL,
  PRIMARY KEY (gu_id)
);
INSERT INTO globaluser VALUES (1, 'Ada', 'enwiki', '20080101000000'), (2, 'Zoë', NULL, NULL);
`,
  },
  {
    section: 'x1',
    name: 'wikishared',
    sql: `
CREATE TABLE urlshortcodes (
  usc_id INT UNSIGNED AUTO_INCREMENT NOT NULL,
  usc_url_hash BINARY(32) NOT NULL,
  usc_url BLOB NOT NULL,
  usc_deleted TINYINT UNSIGNED DEFAULT 0 NOT NULL,
  PRIMARY KEY (usc_id)
);
INSERT INTO urlshortcodes VALUES (3, md5('a'), 'https://it.wikipedia.org/wiki/Roma', 0);
`,
  },
  {
    section: 'x1',
    name: 'cognate_wiktionary',
    sql: `
CREATE TABLE cognate_titles (
  cgti_raw VARBINARY(255) NOT NULL,
  cgti_raw_key BIGINT NOT NULL,
  cgti_normalized_key BIGINT NOT NULL,
  PRIMARY KEY (cgti_raw_key)
);
INSERT INTO cognate_titles VALUES ('acqua', -9223372036854775808, 9223372036854775807);
`,
  },
  {
    section: 'x1',
    name: 'flowdb',
    sql: `
CREATE TABLE flow_workflow (
  workflow_id BINARY(11) NOT NULL,
  workflow_wiki VARBINARY(64) NOT NULL,
  workflow_title_text VARBINARY(255) NOT NULL,
  PRIMARY KEY (workflow_id)
);
`,
  },
  { section: 'staging', name: 'staging', sql: '' },
] as const;
