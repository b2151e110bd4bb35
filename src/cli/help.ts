import yargs, { type Argv, type Options } from 'yargs';
import { factsOf, outputFormats } from '../output/formats.js';
import { clientOptions } from './client-options.js';
import { accessGroups, defaultCredentialsDirectory } from './credentials.js';
import { type ClientOption, normalName, type OwnOption, topics } from './option.js';
import { ownOptions } from './own-options.js';

const width = 96;

const examples = [
  ['$0 itwiki -e "show tables" > tables.tsv', 'one statement, tab-separated'],
  ['echo "select count(*) from page" | $0 itwiki', 'statements from standard input'],
  ['$0 staging < dump.sql', 'a script'],
  ['$0 itwiki --use-x1 -e "show tables"', "the wiki's tables on x1"],
  ['$0 itwiki -e "select …" --output edits.csv.gz', 'a file, made whole or not at all'],
  ["$0 --wikis 'wikipedia - closed' -e 'select …' > all.tsv", 'the same of many wikis'],
  ['$0 itwiki --print-target', 'where the wiki is, as host:port'],
  ['$0 itwiki --client mariadb', 'a conversation, by the mariadb client'],
] as const;

/** A line for each format of results. */
const formatLines = outputFormats
  .map((name) => `  ${name.padEnd(11)}${factsOf(name).help}`)
  .join('\n');

const epilogue = `Formats of results:
${formatLines}

Where to connect: the database's section is read in the dblists of mediawiki-config \
(--mw-config-path, else ANALYTICS_MYSQL_MW_CONFIG_PATH, else /srv/mediawiki-config); its host and \
port are asked of DNS (_sN-analytics._tcp in --domain; --nameserver, else \
ANALYTICS_MYSQL_NAMESERVER, else /etc/resolv.conf). With --host or --socket nothing is looked up. \
Option files and the environment do not move the target.

Many wikis: in --wikis + adds, - takes away, & keeps what is in both, from left to right, each \
between blanks; a comma adds, and binds tighter.

Credentials: the mysql client's option files (/etc/my.cnf, /etc/mysql/my.cnf, ~/.my.cnf; \
--defaults-file, --defaults-extra-file and --no-defaults may stand anywhere). If none gives a user, \
the first file that you may read in ${defaultCredentialsDirectory} (or ANALYTICS_MYSQL_CREDENTIALS_DIR): \
${accessGroups.map(({ file }) => file).join(', ')}.

Long options may be shortened, _ is -, and --skip-NAME turns off. A first -- is skipped, a second \
one ends the options.`;

/**
 * Returns the text of --help, made from the tables of options: by topic, our own first. Options of
 * the client that have no effect are left out.
 */
export function helpText(): string {
  let parser: Argv = yargs([])
    .scriptName('analytics-mysql')
    .locale('en')
    .wrap(width)
    .help(false)
    .version(false)
    .usage(
      'Usage: $0 [DATABASE] [OPTIONS]\n\nQueries the MediaWiki replicas by the name of a wiki.',
    )
    .epilogue(epilogue);
  const options = [...ownOptions, ...clientOptions.filter(({ inert }) => !inert)];
  for (const [topic, heading] of Object.entries(topics)) {
    const ofTopic = options.filter((option) => option.topic === topic);
    parser = parser.options(Object.fromEntries(ofTopic.map((option) => entry(option, heading))));
  }
  for (const [command, what] of examples) parser = parser.example(command, what);
  let text = '';
  parser.showHelp((help) => {
    text = help;
  });
  return `${text}\n`;
}

/** An option of yargs, which only prints it: so the name may hold that of the argument. */
function entry(option: ClientOption | OwnOption, heading: string): [string, Options] {
  const { name, kind, argument, help, initial } = option;
  const letter = 'letter' in option ? option.letter : undefined;
  const entry: Options = { group: `${heading}:`, describe: help };
  if (letter !== undefined) entry.alias = letter;
  if (initial !== undefined && initial !== 'off') entry.defaultDescription = initial;
  const value =
    argument === undefined ? '' : kind === 'optional' ? `[=${argument}]` : ` ${argument}`;
  return [normalName(name) + value, entry];
}
