import { databasesWithFixedSection } from '../../wikis/section.js';
import { wikiFieldNames } from '../../wikis/wiki-fields.js';
import { defaultCredentialsDirectory } from '../credentials.js';
import type { ValueSource } from '../option.js';
import { defaultMwConfigPath } from '../target-defaults.js';
import { type CompletedOption, completedOptions } from './completed-options.js';

/** The commands that complete a value from each source, in the function _analytics_mysql. */
const sourceCommands = {
  files: 'compopt -o default',
  directories: 'compopt -o dirnames',
  programs: 'mapfile -t COMPREPLY < <(compgen -c -- "$current")',
  sections: '_analytics_mysql_sections; _analytics_mysql_offer',
  credentials: '_analytics_mysql_credentials',
  databases: '_analytics_mysql_databases; _analytics_mysql_offer',
  wikis: '_analytics_mysql_expression',
  'wiki fields': `candidates=(${wikiFieldNames.join(' ')}); _analytics_mysql_list`,
} as const satisfies Record<Exclude<ValueSource, readonly string[]>, string>;

/**
 * Returns the completion script for bash. It uses only bash itself, and reads the dblists; nothing else
 * has to be loaded or started.
 */
export function formatBashCompletion(): string {
  const cases = completedOptions
    .filter(({ value }) => value !== 'none')
    .map(
      (option) =>
        `    ${patternsOf(option).join(' | ')}) ${option.values === undefined ? ':' : commandFor(option.values)} ;;`,
    );
  const separate = completedOptions.filter(
    ({ value }) => value === 'required' || value === 'topic',
  );
  return `# bash completion for analytics-mysql(1)

# Sets $lists to the directory of the lists: --mw-config-path on the line, else the environment's, else
# the default. Only quotes and ~/ are expanded, since completion must not run what is typed.
_analytics_mysql_find_lists() {
  local index=1 word path=
  while ((index < \${#COMP_WORDS[@]})); do
    word=\${COMP_WORDS[index++]}
    case $word in
      --mw-config-path)
        # By default bash takes the = in --name=value as a word of its own.
        [[ \${COMP_WORDS[index]-} != = ]] || ((index++))
        path=\${COMP_WORDS[index++]-}
        ;;
      --mw-config-path=*) path=\${word#*=} ;;
    esac
  done
  path=\${path//\\'/}
  path=\${path//\\"/}
  path=\${path//\\\\/}
  [[ $path != '~' && $path != '~/'* ]] || path=$HOME\${path:1}
  lists=\${path:-\${ANALYTICS_MYSQL_MW_CONFIG_PATH:-${defaultMwConfigPath}}}/dblists
}

# Adds the wikis of all.dblist to the candidates.
_analytics_mysql_wikis() {
  local line
  [[ -r $lists/all.dblist ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    line=\${line%%#*}
    line=\${line//[[:space:]]/}
    [[ -z $line ]] || candidates+=("$line")
  done <"$lists/all.dblist"
}

_analytics_mysql_databases() {
  candidates=(${databasesWithFixedSection.join(' ')})
  _analytics_mysql_wikis
}

_analytics_mysql_sections() {
  local file
  candidates=(x1 staging)
  for file in "$lists"/s[0-9]*.dblist; do
    [[ -e $file ]] || continue
    file=\${file##*/}
    candidates+=("\${file%.dblist}")
  done
}

# Offers the candidates that begin with the current word. $prefix is put before each.
_analytics_mysql_offer() {
  local candidate
  for candidate in "\${candidates[@]}"; do
    [[ $candidate != "$current"* ]] || COMPREPLY+=("$prefix$candidate")
  done
}

# Completes the last part of a list with commas.
_analytics_mysql_list() {
  local last=\${current##*,}
  prefix+=\${current%"$last"}
  current=$last
  compopt -o nospace
  _analytics_mysql_offer
}

# Completes an expression of --wikis: lists and wikis after a comma or an operator, else operators.
_analytics_mysql_expression() {
  local file last
  # A quote that is still open is part of the word, but not of its completion.
  [[ $current != [\\'\\"]* ]] || current=\${current:1}
  last=\${current##*[, ]}
  prefix+=\${current%"$last"}
  current=$last
  compopt -o nospace
  if [[ -z $last && $prefix == *[^-+\\&,[:space:]]\\  ]]; then
    candidates=('+ ' '- ' '& ')
  else
    candidates=()
    for file in "$lists"/*.dblist "$lists"/*.dbexpr; do
      [[ -e $file ]] || continue
      file=\${file##*/}
      candidates+=("\${file%.*}")
    done
    _analytics_mysql_wikis
  fi
  _analytics_mysql_offer
}

_analytics_mysql_credentials() {
  local file
  if [[ $current == */* ]]; then
    compopt -o default
    return
  fi
  for file in "\${ANALYTICS_MYSQL_CREDENTIALS_DIR:-${defaultCredentialsDirectory}}"/*-client.cnf; do
    [[ -r $file ]] || continue
    file=\${file##*/}
    candidates+=("\${file%.cnf}")
  done
  _analytics_mysql_offer
}

_analytics_mysql() {
  local current=\${COMP_WORDS[COMP_CWORD]} option= prefix= word candidates=()
  local lists
  COMPREPLY=()
  _analytics_mysql_find_lists

  # By default bash takes the = in --name=value as a word of its own.
  if [[ $current == = ]]; then
    option=\${COMP_WORDS[COMP_CWORD - 1]}
    current=
  elif ((COMP_CWORD > 2)) && [[ \${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
    option=\${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $current == --*=* ]]; then
    option=\${current%%=*}
    prefix=$option=
    current=\${current#*=}
  else
    case \${COMP_WORDS[COMP_CWORD - 1]} in
      ${separate.flatMap(patternsOf).join(' | ')})
        option=\${COMP_WORDS[COMP_CWORD - 1]}
        ;;
    esac
  fi

  case $option in
    '') ;;
${cases.join('\n')}
  esac
  [[ -z $option ]] || return 0

  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '${completedOptions.map(({ name }) => `--${name}`).join(' ')}' -- "$current")
    return 0
  fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    [[ $word != --wikis ]] || return 0
  done
  _analytics_mysql_databases
  _analytics_mysql_offer
}

complete -F _analytics_mysql analytics-mysql
`;
}

function patternsOf({ name, letter }: CompletedOption): string[] {
  // -p takes its value in the same word, and -? is a pattern.
  return letter === undefined ? [`--${name}`] : [`--${name}`, `'-${letter}'`];
}

function commandFor(values: ValueSource): string {
  if (typeof values === 'string') return sourceCommands[values];
  return `candidates=(${values.join(' ')}); _analytics_mysql_offer`;
}
