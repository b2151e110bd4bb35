import yargs, { type Argv, type Options } from 'yargs';
import { formatPropertiesOf, outputFormats } from '../output/formats.js';
import { clientOptions } from './client-options.js';
import { accessGroups, defaultCredentialsDirectory } from './credentials.js';
import { type ClientOption, normalizeName, type OwnOption, topics } from './option.js';
import { ownOptions } from './own-options.js';

const helpWidth = 96;

/*
 * Makes the text of --help from the tables of options.
 */

const examples = [
  ['$0 itwiki -e "show tables" > tables.tsv', 'one statement, tab-separated'],
  ['echo "select count(*) from page" | $0 itwiki', 'statements from standard input'],
  ['$0 staging < dump.sql', 'a script'],
  ['$0 itwiki --use-x1 -e "show tables"', "the wiki's tables on x1"],
  [
    '$0 itwiki -e "select …" --output edits.csv.gz',
    'a file, which replaces the old one when complete',
  ],
  ["$0 --wikis 'wikipedia - closed' -e 'select …' > all.tsv", 'one query on many wikis'],
  ['$0 itwiki --print-target', 'the server of the wiki, as host:port'],
  ['$0 itwiki --client mariadb', 'the shell of the mariadb client'],
] as const;

/** The list of result formats, one line each. */
const formatLines = outputFormats
  .map((name) => `  ${name.padEnd(11)}${formatPropertiesOf(name).help}`)
  .join('\n');

const epilogue = `Result formats:
${formatLines}

Where to connect: the section of the database is read from the dblists of mediawiki-config \
(--mw-config-path, else ANALYTICS_MYSQL_MW_CONFIG_PATH, else /srv/mediawiki-config). Its host and \
port are looked up in DNS (_sN-analytics._tcp in --domain; --nameserver, else \
ANALYTICS_MYSQL_NAMESERVER, else /etc/resolv.conf). With --host or --socket nothing is looked up. \
Option files and the environment do not change the server.

Many wikis: in a --wikis expression, + adds wikis, - removes them, and & keeps those in both. The \
operators need a space on each side and apply from left to right. A comma adds too, and is applied \
first.

Credentials: read from the option files of the mysql client (/etc/my.cnf, /etc/mysql/my.cnf, \
~/.my.cnf; --defaults-file, --defaults-extra-file and --no-defaults may be anywhere on the command \
line). If none of them gives a user, the first file that you may read in \
${defaultCredentialsDirectory} (or ANALYTICS_MYSQL_CREDENTIALS_DIR) is used: \
${accessGroups.map(({ file }) => file).join(', ')}.

Long options may be abbreviated, _ equals -, and --skip-NAME turns an option off. The first -- is \
ignored; the second one ends the options.`;

/**
 * Returns the text of --help. Options are listed by topic, first those that the client does not
 * have. Options of the client that have no effect are left out.
 */
export function formatHelp(): string {
  let parser: Argv = yargs([])
    .scriptName('analytics-mysql')
    .locale('en')
    .wrap(helpWidth)
    .help(false)
    .version(false)
    .usage('Usage: $0 [DATABASE] [OPTIONS]\n\nQueries the MediaWiki replica of a wiki by its name.')
    .epilogue(epilogue);
  const options = [...ownOptions, ...clientOptions.filter(({ inert }) => !inert)];
  for (const [topic, heading] of Object.entries(topics)) {
    const topicOptions = options.filter((option) => option.topic === topic);
    parser = parser.options(
      Object.fromEntries(topicOptions.map((option) => toYargsOption(option, heading))),
    );
  }
  for (const [command, description] of examples) parser = parser.example(command, description);
  let text = '';
  parser.showHelp((help) => {
    text = help;
  });
  return `${text}\n`;
}

/**
 * Makes a yargs option. Yargs only prints it, so its name may include the argument's placeholder.
 */
function toYargsOption(option: ClientOption | OwnOption, heading: string): [string, Options] {
  const { name, kind, argument, help, initial } = option;
  const letter = 'letter' in option ? option.letter : undefined;
  const entry: Options = { group: `${heading}:`, describe: help };
  if (letter !== undefined) entry.alias = letter;
  if (initial !== undefined && initial !== 'off') entry.defaultDescription = initial;
  const value =
    argument === undefined ? '' : kind === 'optional' ? `[=${argument}]` : ` ${argument}`;
  return [normalizeName(name) + value, entry];
}
