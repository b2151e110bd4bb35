import { databasesWithFixedSection } from '../../wikis/section.js';
import { wikiFieldNames } from '../../wikis/wiki-fields.js';
import { defaultCredentialsDirectory } from '../credentials.js';
import type { ValueSource } from '../option.js';
import { defaultMwConfigPath } from '../target-defaults.js';
import { type CompletedOption, completedOptions } from './completed-options.js';

/** The actions of _arguments that complete a value from each source. */
const sourceActions = {
  files: '_files',
  directories: '_files -/',
  programs: '_command_names -e',
  sections: '_analytics-mysql-sections',
  credentials: '_analytics-mysql-credentials',
  databases: '_analytics-mysql-databases',
  wikis: '_analytics-mysql-expression',
  'wiki fields': `_values -s , field ${wikiFieldNames.join(' ')}`,
} as const satisfies Record<Exclude<ValueSource, readonly string[]>, string>;

/** Returns the completion script for zsh: a file for a directory of fpath, which can also be sourced. */
export function formatZshCompletion(): string {
  const specs = completedOptions.flatMap(specsOf).map((spec) => `    ${quote(spec)}`);
  return `#compdef analytics-mysql
# zsh completion for analytics-mysql(1)

# Sets REPLY to the directory of the lists: --mw-config-path on the line, else the environment's, else
# the default. Only quotes and ~/ are expanded, since completion must not run what is typed.
_analytics-mysql-directory() {
  local index typed=
  for ((index = 2; index <= $#words; index++)); do
    case $words[index] in
      --mw-config-path) typed=\${(Q)words[index+1]} ;;
      --mw-config-path=*) typed=\${(Q)words[index]#*=} ;;
      *) continue ;;
    esac
    # A quoted ~ remains, but no directory begins with one.
    [[ $typed != '~' && $typed != '~/'* ]] || typed=$HOME\${typed:1}
  done
  REPLY=\${typed:-\${ANALYTICS_MYSQL_MW_CONFIG_PATH:-${defaultMwConfigPath}}}/dblists
}

# Sets reply to the wikis of all.dblist.
_analytics-mysql-wikis() {
  local REPLY
  _analytics-mysql-directory
  reply=()
  [[ -r $REPLY/all.dblist ]] || return
  reply=(\${\${\${\${(f)"$(<$REPLY/all.dblist)"}%%\\#*}//[[:space:]]/}:#})
}

_analytics-mysql-databases() {
  local -a reply
  _analytics-mysql-wikis
  compadd -- ${databasesWithFixedSection.join(' ')} $reply
}

_analytics-mysql-sections() {
  local REPLY
  _analytics-mysql-directory
  compadd -- $REPLY/s[0-9]*.dblist(N:t:r) x1 staging
}

_analytics-mysql-credentials() {
  if [[ $PREFIX == */* ]]; then
    _files
  else
    compadd -- \${ANALYTICS_MYSQL_CREDENTIALS_DIR:-${defaultCredentialsDirectory}}/*-client.cnf(N:t:r)
  fi
}

# Completes an expression of --wikis: lists and wikis after a comma or an operator, else operators.
_analytics-mysql-expression() {
  local REPLY
  local -a reply
  compset -P '*[, ]'
  if [[ -z $PREFIX && $IPREFIX == *[^-+\\&,\\ ]' ' ]]; then
    compadd -S ' ' -- + - '&'
    return
  fi
  _analytics-mysql-directory
  local -aU lists=($REPLY/*.(dblist|dbexpr)(N:t:r))
  _analytics-mysql-wikis
  compadd -S '' -- $lists $reply
}

_analytics-mysql() {
  _arguments -s \\
${specs.join(' \\\n')} \\
    '1:database:_analytics-mysql-databases'
}

if [[ $funcstack[1] == _analytics-mysql ]]; then
  _analytics-mysql "$@"
else
  compdef _analytics-mysql analytics-mysql
fi
`;
}

/** Returns the specifications of an option for _arguments: of its name, and of its letter. */
function specsOf(option: CompletedOption): string[] {
  const { name, letter, summary, value, argument, repeats } = option;
  const description = summary.replaceAll(/[[\]\\]/g, '\\$&');
  const message = argument.replaceAll(':', '\\:');
  const action = `:${message}:${actionFor(option.values)}`;
  const others = letter === undefined ? `(--${name})` : `(--${name} -${letter})`;
  const front = repeats ? '*' : others;
  const [afterName, afterLetter, end] = {
    none: ['', '', ''],
    required: ['=', '+', action],
    joined: ['=-', '-', `:${action}`],
    topic: ['', '', `:${action}`],
  }[value] as [string, string, string];
  const specs = [`${front}--${name}${afterName}[${description}]${end}`];
  if (letter !== undefined) specs.push(`${front}-${letter}${afterLetter}[${description}]${end}`);
  return specs;
}

function actionFor(values: ValueSource | undefined): string {
  if (values === undefined) return ' ';
  return typeof values === 'string' ? sourceActions[values] : `(${values.join(' ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
