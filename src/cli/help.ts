import yargs, { type Argv, type Options } from 'yargs';
import { factsOf, outputFormats } from '../output/formats.js';
import { accessGroups, defaultCredentialsFolder } from './credentials.js';
import {
  type ClientOption,
  clientOptions,
  normalName,
  type OptionKind,
  type WrapperOption,
  wrapperOptions,
} from './options.js';

const ownGroup = 'Options of analytics-mysql:';
const clientGroup = 'Options of the mysql client:';
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
the first file that you may read in ${defaultCredentialsFolder} (or ANALYTICS_MYSQL_CREDENTIALS_DIR): \
${accessGroups.map(({ file }) => file).join(', ')}.

Long options may be shortened, _ is -, and --skip-NAME turns off. A first -- is skipped, a second \
one ends the options.`;

/**
 * The text of --help, made from the tables of options: the wrapper's own, then those of the client
 * that have an effect. The inert ones are not in it.
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
    .options(Object.fromEntries(wrapperOptions.map(ownEntry)))
    .options(Object.fromEntries(clientOptions.filter(works).map(clientEntry)))
    .epilogue(epilogue);
  for (const [command, what] of examples) parser = parser.example(command, what);
  let text = '';
  parser.showHelp((help) => {
    text = help;
  });
  return `${text}\n`;
}

function works(option: ClientOption): boolean {
  return option.state === 'supported';
}

function ownEntry(option: WrapperOption): [string, Options] {
  const type = option.kind === 'flag' ? 'boolean' : option.kind === 'list' ? 'array' : 'string';
  const value = option.placeholder === undefined ? '' : `${option.placeholder}: `;
  return [option.name, { group: ownGroup, describe: value + option.help, type }];
}

function clientEntry(option: ClientOption): [string, Options] {
  const entry: Options = { group: clientGroup, describe: option.help };
  const type = typeOf(option.kind);
  if (type) entry.type = type;
  if (option.letter !== undefined) entry.alias = option.letter;
  if (option.initial !== undefined && option.initial !== 'off') {
    entry.defaultDescription = option.initial;
  }
  return [normalName(option.name), entry];
}

function typeOf(kind: OptionKind): 'string' | 'number' | 'boolean' | undefined {
  if (kind === 'string' || kind === 'number') return kind;
  return kind === 'boolean' || kind === 'switch' ? 'boolean' : undefined;
}
