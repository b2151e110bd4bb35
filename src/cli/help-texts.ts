import { formatPropertiesOf, outputFormats } from '../output/formats.js';
import { accessGroups, defaultCredentialsDirectory } from './credentials.js';

/*
 * The texts of --help and the manual page besides the options.
 */

/** A paragraph of the help with a heading. */
export interface HelpText {
  heading: string;
  text: string;
}

/** What the program is for, in one sentence. */
export const summary = 'Queries the MediaWiki replica of a wiki by its name.';

/** An example that can be copied. */
export interface HelpExample {
  command: string;
  purpose: string;
  /** The example is in the short text of --help. */
  common?: true;
}

/** Examples, as they are typed in a shell. */
export const examples: readonly HelpExample[] = [
  { command: 'analytics-mysql itwiki', purpose: 'the shell', common: true },
  {
    command: "analytics-mysql itwiki -e 'show tables' > tables.tsv",
    purpose: 'one query',
    common: true,
  },
  {
    command: "analytics-mysql itwiki -e 'select * from page' --output page.csv.gz",
    purpose: 'a file',
    common: true,
  },
  {
    command: "analytics-mysql --wikis s2 -e 'select count(*) from page'",
    purpose: 'many wikis',
    common: true,
  },
  { command: 'analytics-mysql itwiki --print-target', purpose: 'host:port', common: true },
  {
    command: "analytics-mysql itwiki --use-x1 -e 'show tables'",
    purpose: 'section x1',
    common: true,
  },
  { command: "echo 'select 1' | analytics-mysql itwiki", purpose: 'statements from a pipe' },
  { command: 'analytics-mysql staging < dump.sql', purpose: 'a script' },
  {
    command: "analytics-mysql --wikis 's2 - closed' -e 'show tables' --output tables/",
    purpose: 'a file for each wiki',
  },
  { command: 'analytics-mysql --wikis all --dry-run < query.sql', purpose: 'a plan of a run' },
  { command: 'analytics-mysql itwiki --client mariadb', purpose: 'the client of MariaDB' },
];

/** The names of the result formats with their descriptions, one line each. */
export const formatLines = outputFormats
  .map((name) => `  ${name.padEnd(11)}${formatPropertiesOf(name).help}`)
  .join('\n');

export const whereToConnect: HelpText = {
  heading: 'Where to connect',
  text:
    'The section of the database is read from the dblists of mediawiki-config ' +
    '(--mw-config-path, else ANALYTICS_MYSQL_MW_CONFIG_PATH, else /srv/mediawiki-config). Its ' +
    'host and port are looked up in DNS (_sN-analytics._tcp in --domain; --nameserver, else ' +
    'ANALYTICS_MYSQL_NAMESERVER, else /etc/resolv.conf). With --host or --socket nothing is ' +
    'looked up. The options host, port and socket in option files do not change the server, nor ' +
    'does the environment.',
};

export const manyWikis: HelpText = {
  heading: 'Many wikis',
  text:
    'In a --wikis expression, + adds wikis, - removes them, and & keeps those in both. The ' +
    'operators need a space on each side and apply from left to right. A comma adds too, and is ' +
    'applied first.',
};

export const credentials: HelpText = {
  heading: 'Credentials',
  text:
    'They are read from the option files of the mysql client (/etc/my.cnf, /etc/mysql/my.cnf, ' +
    '~/.my.cnf; --defaults-file, --defaults-extra-file and --no-defaults may be anywhere on the ' +
    'command line). If none of them gives a user, the first file that you may read in ' +
    `${defaultCredentialsDirectory} (or ANALYTICS_MYSQL_CREDENTIALS_DIR) is used: ` +
    `${accessGroups.map(({ file }) => file).join(', ')}.`,
};

export const optionFiles: HelpText = {
  heading: 'Option files',
  text:
    'Options of this program may stand in the group [analytics-mysql] of option files: those above, ' +
    '/etc/analytics-mysql.cnf, and analytics-mysql/config.cnf in $XDG_CONFIG_HOME or ~/.config. ' +
    'There it is a default, which runs that it does not fit do not use.',
};

export const grammar: HelpText = {
  heading: 'The command line',
  text:
    'Long options may be abbreviated, _ equals -, and --skip-NAME turns an option off. The first ' +
    '-- is ignored; the second one ends the options.',
};
