/*
 * The texts of the manual page that are not in the tables of options and formats: tables of terms and
 * what they mean.
 */

/** Terms with their descriptions, in order. */
export type Terms = readonly (readonly [term: string, description: string])[];

export const exitStatuses: Terms = [
  ['0', 'Success.'],
  ['1', 'An error of the server, the network, the target or the output.'],
  ['2 to 13', 'A wrong option. These are the numbers of the mariadb client.'],
  ['4', 'With --wikis: some wikis failed, or none has a result.'],
  ['70', 'An error in this program.'],
  ['128 + n', 'Signal n ended the run, as the shell reports it.'],
];

export const environment: Terms = [
  ['ANALYTICS_MYSQL_CREDENTIALS_DIR', 'Directory of the credentials files.'],
  ['ANALYTICS_MYSQL_MW_CONFIG_PATH', 'Checkout of mediawiki-config.'],
  ['ANALYTICS_MYSQL_NAMESERVER', 'DNS servers to query, instead of those of /etc/resolv.conf.'],
  ['ANALYTICS_MYSQL_DEBUG', 'If not empty, an internal error prints its stack trace.'],
  ['MARIADB_HOME, MYSQL_HOME', 'Directory of an option file my.cnf.'],
  ['MARIADB_GROUP_SUFFIX, MYSQL_GROUP_SUFFIX', 'Default of --defaults-group-suffix.'],
  ['MYSQL_PWD', 'Password, unless an option gives one.'],
  [
    'MYSQL_TCP_PORT, MYSQL_UNIX_PORT',
    'Default port beside --host, and default socket beside --protocol=socket.',
  ],
  ['MYSQL_PS1', 'Default of --prompt.'],
  ['MARIADB_HISTFILE, MYSQL_HISTFILE', "File of the shell's history."],
  ['MYSQL_HISTIGNORE', 'Patterns of statements that the history leaves out.'],
  ['PAGER', 'Program that shows results in the shell.'],
  ['VISUAL, EDITOR', 'Editor of the command edit.'],
  ['EDITRC, INPUTRC', 'Files that choose the keys of vi, instead of ~/.editrc and ~/.inputrc.'],
  ['NO_COLOR', 'If not empty, the shell uses no colors.'],
  ['TERM', 'Type of the terminal; with dumb, lines are edited without highlighting.'],
  ['LC_ALL, LC_CTYPE, LANG', 'Locale, whose character map is that of the connection.'],
  ['SSL_CERT_FILE, SSL_CERT_DIR', 'Trusted certificate authorities, as in OpenSSL.'],
  ['HOME, XDG_CONFIG_HOME', 'Directories of the files below.'],
];

export const files: Terms = [
  ['/etc/my.cnf, /etc/mysql/my.cnf, ~/.my.cnf', 'Option files of the client.'],
  [
    '/etc/analytics-mysql.cnf, ~/.config/analytics-mysql/config.cnf',
    'Option files of this program.',
  ],
  ['/srv/mediawiki-config/dblists/', 'Lists of wikis.'],
  ['~/.mysql_history', "History of the shell, shared with the client's."],
  ['~/.config/analytics-mysql/queries/', 'Saved queries of the shell.'],
  ['~/.inputrc, /etc/inputrc, ~/.editrc', 'Choose the keys of vi or Emacs.'],
  ['FILE.meta.json', 'Origin of the data in FILE, written with --provenance.'],
  ['.FILE.run', 'Progress of a run with --wikis and --output FILE, until it has finished.'],
];
