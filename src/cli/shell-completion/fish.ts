import { databasesWithFixedSection } from '../../wikis/section.js';
import { wikiFieldNames } from '../../wikis/wiki-fields.js';
import { defaultCredentialsDirectory } from '../credentials.js';
import type { ValueSource } from '../option.js';
import { defaultMwConfigPath } from '../target-defaults.js';
import { type CompletedOption, completedOptions } from './completed-options.js';

/** The arguments of `complete` that complete a value from each source. */
const sourceArguments = {
  files: '-r -F',
  directories: "-x -a '(__fish_complete_directories)'",
  programs: "-x -a '(__fish_complete_command)'",
  sections: "-x -a '(__analytics_mysql_sections)'",
  credentials: "-r -F -a '(__analytics_mysql_credentials)'",
  databases: "-x -a '(__analytics_mysql_databases)'",
  wikis: "-x -a '(__analytics_mysql_expression)'",
  'wiki fields': `-x -a '(__fish_append , ${wikiFieldNames.join(' ')})'`,
} as const satisfies Record<Exclude<ValueSource, readonly string[]>, string>;

/** Returns the completion script for fish. */
export function formatFishCompletion(): string {
  return `# fish completion for analytics-mysql(1)

# Prints the directory of the lists: --mw-config-path on the line, else the environment's, else the
# default. Only quotes and ~/ are expanded, since completion must not run what is typed.
function __analytics_mysql_directory
    set -l path
    set -l previous
    for word in (commandline -opc)
        if test "$previous" = --mw-config-path
            set path $word
        else if string match -q -- '--mw-config-path=*' $word
            set path (string replace -- --mw-config-path= '' $word)
        end
        set previous $word
    end
    set path (string replace -ra '[\\'"\\\\\\\\]' '' -- $path | string replace -r '^~(?=/|$)' $HOME)
    test -n "$path"; or set path $ANALYTICS_MYSQL_MW_CONFIG_PATH
    test -n "$path"; or set path ${defaultMwConfigPath}
    echo $path/dblists
end

# Prints the wikis of all.dblist.
function __analytics_mysql_wikis
    set -l file (__analytics_mysql_directory)/all.dblist
    test -r $file; or return
    string replace -r '#.*' '' <$file | string trim | string match -r '.+'
end

function __analytics_mysql_databases
    printf '%s\\n' ${databasesWithFixedSection.join(' ')}
    __analytics_mysql_wikis
end

# Prints the names of files without directory and extension.
function __analytics_mysql_names
    string replace -r '^.*/' '' -- $argv | string replace -r '\\.[^.]*$' ''
end

function __analytics_mysql_sections
    set -l files (__analytics_mysql_directory)/s*.dblist
    __analytics_mysql_names $files | string match -r '^s[0-9]+$'
    printf '%s\\n' x1 staging
end

function __analytics_mysql_credentials
    set -l directory $ANALYTICS_MYSQL_CREDENTIALS_DIR
    test -n "$directory"; or set directory ${defaultCredentialsDirectory}
    set -l files $directory/*-client.cnf
    __analytics_mysql_names $files
end

# Completes an expression of --wikis: lists and wikis after a comma or an operator, else operators.
function __analytics_mysql_expression
    set -l token (commandline -ct | string replace -r '^--[a-z]+=' '' | string replace -r '^[\\'"]' '')
    set -l prefix (string replace -r '[^, ]*$' '' -- "$token")
    if string match -qr '[^-+&, ] +$' -- "$prefix"
        printf '%s\\n' "$prefix"{+,-,&}
        return
    end
    set -l directory (__analytics_mysql_directory)
    set -l files $directory/*.dblist $directory/*.dbexpr
    set -l names (__analytics_mysql_names $files; __analytics_mysql_wikis)
    printf '%s\\n' "$prefix"$names
end

# A database can follow anything but --wikis and --help.
function __analytics_mysql_takes_database
    set -l words (commandline -opc)
    test "$words[-1]" != --help; and not string match -qr '^--wikis(=|$)' -- $words
end

complete -c analytics-mysql -f
complete -c analytics-mysql -n __analytics_mysql_takes_database -a '(__analytics_mysql_databases)'
${completedOptions.map(formatOption).join('\n')}
`;
}

function formatOption({ name, letter, summary, value, values }: CompletedOption): string {
  const words = ['complete -c analytics-mysql'];
  // fish cannot express the letter of a value that is the next word or absent.
  if (letter !== undefined) words.push(`-s ${quote(letter)}`);
  words.push(`-l ${name}`);
  if (value === 'required') words.push(argumentsFor(values));
  if (value === 'topic') {
    const topics = typeof values === 'object' ? values.join(' ') : '';
    words.push(
      `-d ${quote(summary)}\ncomplete -c analytics-mysql -f -n ` +
        `'string match -q -- --${name} (commandline -opc)[-1]' -a '${topics}'`,
    );
  } else {
    words.push(`-d ${quote(summary)}`);
  }
  return words.join(' ');
}

function argumentsFor(values: ValueSource | undefined): string {
  if (values === undefined) return '-x';
  return typeof values === 'string' ? sourceArguments[values] : `-x -a '${values.join(' ')}'`;
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
